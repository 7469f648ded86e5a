#pragma once

#include <cogate/raw_json.hpp>

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cogate {

/// Who speaks. `developer` is OpenAI's newer word for `system`.
enum class role { system, developer, user, assistant, tool };

/// A mark that the prompt up to here may be cached (Anthropic `cache_control`, Bedrock `cachePoint`, OpenAI
/// `prompt_cache_breakpoint`). Dropped for providers without such a mark.
struct cache_mark {
    std::string ttl; ///< "5m", "1h"; empty = the provider's default
    friend bool operator==(cache_mark const&, cache_mark const&) = default;
};

/// Where bytes of an image, audio clip or file are: exactly one of the three is set.
struct media_source {
    std::string url;        ///< http(s) URL; passed on, never fetched by cogate
    std::string data;       ///< base64, standard alphabet, without a `data:` prefix
    std::string file_id;    ///< the provider's id of an uploaded file
    std::string media_type; ///< MIME type of `data`, e.g. "image/png"; may be empty with the other two
    friend bool operator==(media_source const&, media_source const&) = default;
};

/// Text.
struct text_part {
    std::string text;                  ///< UTF-8
    std::optional<cache_mark> cache{}; ///< the prompt up to here may be cached
    raw_json citations{};              ///< the provider's citation list for this text, as it came
    extra_fields extra{};              ///< members that cogate has no name for
    friend bool operator==(text_part const&, text_part const&) = default;
};

/// A picture for the model to look at, or one that it made.
struct image_part {
    media_source source;               ///< where its bytes are
    std::string detail{};              ///< "auto", "low", "high"; empty = absent
    std::optional<cache_mark> cache{}; ///< the prompt up to here may be cached
    extra_fields extra{};              ///< members that cogate has no name for
    friend bool operator==(image_part const&, image_part const&) = default;
};

/// A sound for the model to listen to.
struct audio_part {
    media_source source;               ///< where its bytes are
    std::string format{};              ///< "wav", "mp3", ...
    std::optional<cache_mark> cache{}; ///< the prompt up to here may be cached
    extra_fields extra{};              ///< members that cogate has no name for
    friend bool operator==(audio_part const&, audio_part const&) = default;
};

/// A document for the model to read.
struct file_part {
    media_source source;               ///< where its bytes are
    std::string filename{};            ///< as the model may see it; empty = absent
    std::optional<cache_mark> cache{}; ///< the prompt up to here may be cached
    extra_fields extra{};              ///< members that cogate has no name for
    friend bool operator==(file_part const&, file_part const&) = default;
};

/// A model's statement that it will not answer.
struct refusal_part {
    std::string text;     ///< why not, as the model says it
    extra_fields extra{}; ///< members that cogate has no name for
    friend bool operator==(refusal_part const&, refusal_part const&) = default;
};

/// Thinking text. `signature` and `redacted` are opaque and must go back to the provider byte for byte.
struct reasoning_part {
    std::string text;        ///< may be a summary, or empty where it is kept secret
    std::string signature{}; ///< Anthropic signature, Gemini thoughtSignature
    std::string redacted{};  ///< Anthropic redacted_thinking data, OpenAI encrypted reasoning
    std::string id{};        ///< item id where the provider has one
    /// Where the chat dialect had it: "reasoning_content", "reasoning", "thinking_blocks", or "thinking" for a part
    /// of a content array. Empty: from elsewhere, so openai_chat does not send it to a provider.
    std::string field{};
    extra_fields extra{}; ///< members that cogate has no name for
    friend bool operator==(reasoning_part const&, reasoning_part const&) = default;
};

/// A part of a kind cogate does not know, kept whole.
struct unknown_part {
    std::string type; ///< the wire's "type"
    raw_json value;   ///< the whole part
    friend bool operator==(unknown_part const&, unknown_part const&) = default;
};
/// What a message is made of.

using content_part =
    std::variant<text_part, image_part, audio_part, file_part, refusal_part, reasoning_part, unknown_part>;

/// A model's wish to call a tool. `arguments` is JSON text as the model wrote it and may be invalid JSON.
struct tool_call {
    std::string id;                    ///< what the answer to it (`tool_result`) names
    std::string name;                  ///< of the tool
    std::string arguments;             ///< check it before use
    std::string type = "function";     ///< "function" or "custom" (then `arguments` is the free-form input)
    std::string signature{};           ///< Gemini thoughtSignature attached to the call
    std::optional<cache_mark> cache{}; ///< the prompt up to here may be cached
    extra_fields extra{};              ///< members that cogate has no name for
    friend bool operator==(tool_call const&, tool_call const&) = default;
};

/// One turn. Which fields make sense depends on the role, as in OpenAI's chat API. Texts are UTF-8.
///
/// Plain value, as all types of this header: borrows nothing, thread-safe as one.
///
/// A tool message without `tool_call_id` but with a name is the deprecated role "function".
/// Unknown members of an inner wire object (`function`, `image_url`, ...) stand in `extra` under that object's name,
/// as an object of the leftovers; they go out inside it again.
///
/// `content` has one text part for plain text; `content_is_text` remembers that the wire had a bare string, so
/// that the same shape goes out again.
struct message {
    cogate::role role = cogate::role::user; ///< who speaks
    std::vector<content_part> content;      ///< in the order of reading
    bool content_is_text = true;            ///< on the wire, content is or was a bare string
    std::string name{};                     ///< of the speaker, or of a tool; empty = absent
    std::vector<tool_call> tool_calls{};    ///< assistant
    std::string tool_call_id{};             ///< tool: which call this answers
    bool tool_error = false;                ///< tool: the tool failed (Anthropic `is_error`)
    std::optional<cache_mark> cache{};      ///< the prompt up to here may be cached
    raw_json annotations{};                 ///< assistant: url citations and the like, as they came
    raw_json audio{};                       ///< assistant: audio object or reference, as it came
    extra_fields extra{};                   ///< members that cogate has no name for

    /// All text parts joined.
    std::string text() const
    {
        std::string out;
        for (content_part const& part : content) {
            if (auto const* t = std::get_if<text_part>(&part)) {
                out += t->text;
            }
        }
        return out;
    }

    /// All reasoning parts joined.
    std::string reasoning() const
    {
        std::string out;
        for (content_part const& part : content) {
            if (auto const* r = std::get_if<reasoning_part>(&part)) {
                out += r->text;
            }
        }
        return out;
    }

    friend bool operator==(message const&, message const&) = default;
};

/// A message of one text part.
inline message text_message(role who, std::string text)
{
    message m;
    m.role = who;
    m.content.emplace_back(text_part{.text = std::move(text)});
    return m;
}

/// Instructions for the model.
inline message system(std::string text)
{
    return text_message(role::system, std::move(text));
}
/// What the user says.
inline message user(std::string text)
{
    return text_message(role::user, std::move(text));
}
/// What the model said before.
inline message assistant(std::string text)
{
    return text_message(role::assistant, std::move(text));
}

/// The answer of a tool to the call `tool_call_id`.
inline message tool_result(std::string tool_call_id, std::string text)
{
    message m = text_message(role::tool, std::move(text));
    m.tool_call_id = std::move(tool_call_id);
    return m;
}

} // namespace cogate
