#pragma once

#include <cogate/raw_json.hpp>

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cogate {

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

struct text_part {
    std::string text;
    std::optional<cache_mark> cache{};
    raw_json citations{}; ///< the provider's citation list for this text, as it came
    extra_fields extra{};
    friend bool operator==(text_part const&, text_part const&) = default;
};

struct image_part {
    media_source source;
    std::string detail{}; ///< "auto", "low", "high"; empty = absent
    std::optional<cache_mark> cache{};
    extra_fields extra{};
    friend bool operator==(image_part const&, image_part const&) = default;
};

struct audio_part {
    media_source source;
    std::string format{}; ///< "wav", "mp3", ...
    std::optional<cache_mark> cache{};
    extra_fields extra{};
    friend bool operator==(audio_part const&, audio_part const&) = default;
};

struct file_part {
    media_source source;
    std::string filename{};
    std::optional<cache_mark> cache{};
    extra_fields extra{};
    friend bool operator==(file_part const&, file_part const&) = default;
};

/// A model's statement that it will not answer.
struct refusal_part {
    std::string text;
    extra_fields extra{};
    friend bool operator==(refusal_part const&, refusal_part const&) = default;
};

/// Thinking text. `signature` and `redacted` are opaque and must go back to the provider byte for byte.
struct reasoning_part {
    std::string text;
    std::string signature{}; ///< Anthropic signature, Gemini thoughtSignature
    std::string redacted{};  ///< Anthropic redacted_thinking data, OpenAI encrypted reasoning
    std::string id{};        ///< item id where the provider has one
    /// Where the chat dialect had it: "reasoning_content", "reasoning", "thinking_blocks", or "thinking" for a part
    /// of a content array. Empty: from elsewhere, so openai_chat does not send it to a provider.
    std::string field{};
    extra_fields extra{};
    friend bool operator==(reasoning_part const&, reasoning_part const&) = default;
};

/// A part of a kind cogate does not know, kept whole.
struct unknown_part {
    std::string type;
    raw_json value;
    friend bool operator==(unknown_part const&, unknown_part const&) = default;
};

using content_part =
    std::variant<text_part, image_part, audio_part, file_part, refusal_part, reasoning_part, unknown_part>;

/// A model's wish to call a tool. `arguments` is JSON text as the model wrote it and may be invalid JSON.
struct tool_call {
    std::string id;
    std::string name;
    std::string arguments;
    std::string type = "function"; ///< "function" or "custom" (then `arguments` is the free-form input)
    std::string signature{};       ///< Gemini thoughtSignature attached to the call
    std::optional<cache_mark> cache{};
    extra_fields extra{};
    friend bool operator==(tool_call const&, tool_call const&) = default;
};

/// One turn. Which fields make sense depends on the role, as in OpenAI's chat API.
///
/// A tool message without `tool_call_id` but with a name is the deprecated role "function".
/// Unknown members of an inner wire object (`function`, `image_url`, ...) stand in `extra` under that object's name,
/// as an object of the leftovers; they go out inside it again.
///
/// `content` has one text part for plain text; `content_is_text` remembers that the wire had a bare string, so
/// that the same shape goes out again.
struct message {
    cogate::role role = cogate::role::user;
    std::vector<content_part> content;
    bool content_is_text = true;
    std::string name{};
    std::vector<tool_call> tool_calls{}; ///< assistant
    std::string tool_call_id{};          ///< tool: which call this answers
    bool tool_error = false;             ///< tool: the tool failed (Anthropic `is_error`)
    std::optional<cache_mark> cache{};
    raw_json annotations{}; ///< assistant: url citations and the like, as they came
    raw_json audio{};       ///< assistant: audio object or reference, as it came
    extra_fields extra{};

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

inline message text_message(role who, std::string text)
{
    message m;
    m.role = who;
    m.content.emplace_back(text_part{.text = std::move(text)});
    return m;
}

inline message system(std::string text)
{
    return text_message(role::system, std::move(text));
}
inline message user(std::string text)
{
    return text_message(role::user, std::move(text));
}
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
