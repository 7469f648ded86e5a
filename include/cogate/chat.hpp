#pragma once

#include <cogate/message.hpp>
#include <cogate/money.hpp>
#include <cogate/raw_json.hpp>
#include <cogate/usage.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cogate {

/// A tool offered to the model. `parameters` is a JSON schema as text. Plain value.
struct tool {
    std::string name;                  ///< what the model calls it by
    std::string description{};         ///< for the model; empty = absent
    raw_json parameters{};             ///< JSON schema of the arguments' object; empty = none
    std::optional<bool> strict{};      ///< arguments must keep to the schema
    std::string type = "function";     ///< other types (custom, provider tools) are whole in `definition`
    raw_json definition{};             ///< the whole tool object when `type` is not "function"
    std::string dialect{};             ///< the dialect of `definition` where it is not OpenAI's chat
    std::optional<cache_mark> cache{}; ///< the prompt up to here may be cached
    extra_fields extra{};              ///< unknown members of the tool, sent as they are
    friend bool operator==(tool const&, tool const&) = default;
};

/// Which tool the model must, may or must not call. Plain value.
struct tool_choice {
    /// What the model may do; `other` is a wire value that is none of these.
    enum class mode { automatic, none, required, function, other };
    mode how = mode::automatic; ///< which of them
    std::string name{};         ///< with mode::function
    raw_json value{};           ///< with mode::other: the whole wire value
    friend bool operator==(tool_choice const&, tool_choice const&) = default;
};

/// What the text of the answer must be.
struct response_format {
    /// Any text, any JSON object, JSON by a schema, or a wire value that is none of these.
    enum class kind { text, json_object, json_schema, other };
    kind type = kind::text;       ///< which of them
    std::string name{};           ///< json_schema
    std::string description{};    ///< json_schema
    raw_json schema{};            ///< json_schema
    std::optional<bool> strict{}; ///< json_schema: every member must keep to it
    raw_json value{};             ///< kind::other: the whole wire value
    friend bool operator==(response_format const&, response_format const&) = default;
};

/// How much a reasoning model may think. Either the effort word or a token budget, as the caller said it.
struct reasoning_options {
    std::string effort{}; ///< none minimal low medium high xhigh max; empty = absent
    /// Anthropic `thinking.budget_tokens`, Gemini thinkingBudget.
    std::optional<std::int64_t> budget_tokens{};
    std::string summary{};         ///< Responses API: auto concise detailed
    std::optional<bool> enabled{}; ///< explicit on or off where the caller said so
    /// Whether the caller said nothing.
    bool empty() const noexcept { return effort.empty() && !budget_tokens && summary.empty() && !enabled; }
    friend bool operator==(reasoning_options const&, reasoning_options const&) = default;
};

/// A number kept as the caller wrote it, so that 0.7 stays 0.7. Empty text means "absent".
class number_text {
public:
    number_text() = default;
    /// The shortest text that reads back as `value`. Not finite: text that is no JSON, so that encoding names
    /// the field.
    number_text(double value); // NOLINT: a plain number is meant
    /// A JSON number as it stands in a document. Unchecked here: no number is `invalid_request` when it is
    /// encoded.
    static number_text from_json(std::string text)
    {
        number_text n;
        n.text_ = std::move(text);
        return n;
    }
    /// Whether it is absent.
    bool empty() const noexcept { return text_.empty(); }
    /// The number as it goes out; empty when absent.
    std::string const& text() const noexcept { return text_; }
    /// The value as a double; 0 when absent.
    double value() const noexcept;
    friend bool operator==(number_text const&, number_text const&) = default;

private:
    std::string text_;
};

/// A chat request in canonical form: OpenAI's chat completion request plus what other dialects need.
///
/// Plain value; thread-safe as one. Absent optional fields are not sent. `extra` holds fields that cogate does
/// not know; they are sent as they are.
struct chat_request {
    std::string model;             ///< "provider/model" or a model group
    std::vector<message> messages; ///< the conversation, oldest first

    std::vector<tool> tools{};                        ///< what the model may call
    std::optional<cogate::tool_choice> tool_choice{}; ///< absent: the provider's default, "auto" with tools
    std::optional<bool> parallel_tool_calls{};        ///< several tool calls in one answer

    number_text temperature{};                ///< 0..2; some providers end at 1
    number_text top_p{};                      ///< 0..1: share of the likeliest tokens that are drawn from
    std::optional<std::int64_t> top_k{};      ///< number of the likeliest tokens that are drawn from
    std::optional<std::int64_t> max_tokens{}; ///< OpenAI's older name
    std::optional<std::int64_t> max_completion_tokens{}; ///< OpenAI's current name, includes reasoning
    std::optional<std::int64_t> n{};                     ///< how many answers (choices) to make
    std::vector<std::string> stop{};                     ///< texts that end an answer and are not part of it
    std::optional<std::int64_t> seed{};                  ///< the same seed should give the same answer
    number_text presence_penalty{};                      ///< -2..2: above 0 against tokens that occurred
    number_text frequency_penalty{};                     ///< -2..2: the same by how often they occurred
    raw_json logit_bias{};                               ///< object: token id to -100..100
    std::optional<bool> logprobs{};                      ///< log probabilities of the tokens of the answer
    std::optional<std::int64_t> top_logprobs{};          ///< 0..20: with how many alternatives each

    std::optional<cogate::response_format> response_format{}; ///< absent: text
    reasoning_options reasoning{};                            ///< how much the model may think
    std::string verbosity{}; ///< "low", "medium", "high"; empty = absent, as all texts below

    std::vector<std::string> modalities{}; ///< "text", "audio", "image": what is to be made
    raw_json audio{};                      ///< object: voice and format of an audio answer
    raw_json prediction{};                 ///< object: what most of the answer will be
    raw_json web_search_options{};         ///< object; {} turns the provider's own search on

    std::string user{};              ///< the caller's end user, for the provider's watch on abuse
    std::string safety_identifier{}; ///< the same, OpenAI's newer name
    std::string prompt_cache_key{};  ///< requests of one key should meet one prompt cache
    std::string service_tier{};      ///< "auto", "default", "flex", "priority"
    std::optional<bool> store{};     ///< whether the provider keeps the answer
    raw_json metadata{};             ///< object of texts that the provider keeps beside it

    bool include_usage = false;      ///< stream: the caller wants the usage chunk
    raw_json stream_options_extra{}; ///< other members of stream_options, as an object
    bool stop_is_text = false;       ///< wire shape of `stop`: bare string instead of array

    /// Fields that cogate does not know, sent as they are. `extra_dialect` names the dialect that they were said in;
    /// other dialects treat them as parameters that they lack. Empty: meant for whoever gets the request.
    extra_fields extra{};
    std::string extra_dialect{}; ///< name of a dialect, see `extra`

    friend bool operator==(chat_request const&, chat_request const&) = default;
};

/// Why an answer ended, in OpenAI's words. `none`: it has not, or nobody said.
enum class finish_reason { none, stop, length, tool_calls, content_filter, function_call, other };

/// One of the answers to a request.
struct chat_choice {
    std::int64_t index = 0;                                            ///< its number, from 0
    cogate::message message{.role = role::assistant, .content = {}};   ///< the answer itself: role assistant
    cogate::finish_reason finish_reason = cogate::finish_reason::none; ///< why it ended
    std::string finish_reason_text{};   ///< the wire word when `finish_reason` is `other`
    std::string native_finish_reason{}; ///< the provider's word where its dialect has others than OpenAI's
    std::string stop_sequence{};        ///< which stop text ended it, where the provider says so
    raw_json logprobs{};                ///< object as it came; empty unless asked for
    extra_fields extra{};               ///< members that cogate has no name for
    friend bool operator==(chat_choice const&, chat_choice const&) = default;
};

/// A whole answer. Plain value: borrows nothing, thread-safe as one.
struct chat_response {
    std::string id;                   ///< the provider's id of the answer
    std::int64_t created = 0;         ///< seconds since the epoch, UTC
    std::string model;                ///< as the provider names it
    std::vector<chat_choice> choices; ///< as many as `n`; may be empty
    cogate::usage usage{};            ///< tokens of the whole call
    std::string service_tier{};       ///< how it was served; empty: not said
    std::string system_fingerprint{}; ///< the provider's configuration; empty: not said
    extra_fields extra{};             ///< members that cogate has no name for
    std::optional<money> cost{};      ///< US dollars, exact; empty when the price or the usage is not known

    /// Text of the first choice; empty when there is none.
    std::string text() const { return choices.empty() ? std::string{} : choices.front().message.text(); }

    friend bool operator==(chat_response const&, chat_response const&) = default;
};

/// A fragment of a tool call: `index` says which call; id and name come once, arguments in pieces.
struct tool_call_delta {
    std::int64_t index = 0;  ///< which of the answer's calls
    std::string id{};        ///< set in the first fragment only
    std::string name{};      ///< set in the first fragment only
    std::string arguments{}; ///< the next piece of the JSON text
    std::string type{};      ///< "function", "custom"; set in the first fragment only
    std::string signature{}; ///< opaque, goes back to the provider with the call
    extra_fields extra{};    ///< members that cogate has no name for
    friend bool operator==(tool_call_delta const&, tool_call_delta const&) = default;
};

/// What one chunk adds to one choice.
struct chat_delta {
    std::int64_t index = 0;            ///< which choice
    bool has_role = false;             ///< the wire said "role": the first of the choice
    std::string content{};             ///< text to append
    bool has_content = false;          ///< the wire had a content string, perhaps empty
    std::string refusal{};             ///< refusal to append
    std::string reasoning{};           ///< thinking text to append
    std::string reasoning_signature{}; ///< ends a reasoning part: text after it begins a new one
    std::string reasoning_redacted{};  ///< a reasoning part of its own
    std::string reasoning_id{};        ///< id of the reasoning item where the provider has one
    /// Its text or reasoning begins a new part though the last one was of the same kind.
    bool begins_part = false;
    std::vector<content_part> parts{};         ///< parts that come whole: images, a provider's own blocks
    std::vector<tool_call_delta> tool_calls{}; ///< fragments of tool calls
    raw_json annotations{};                    ///< array to append to the message's
    raw_json audio{};                          ///< object: pieces of audio data and transcript to append
    raw_json logprobs{};                       ///< object: items to append
    /// Set in the last delta of the choice.
    cogate::finish_reason finish_reason = cogate::finish_reason::none;
    std::string finish_reason_text{};   ///< as in chat_choice
    std::string native_finish_reason{}; ///< as in chat_choice
    std::string stop_sequence{};        ///< as in chat_choice
    extra_fields message_extra{};       ///< unknown members of the delta object
    extra_fields extra{};               ///< unknown members of the choice around it
    friend bool operator==(chat_delta const&, chat_delta const&) = default;
};

/// One event of a streamed answer. Plain value: borrows nothing, thread-safe as one.
struct chat_chunk {
    std::string id;                       ///< the answer's id, the same in all chunks
    std::int64_t created = 0;             ///< seconds since the epoch, UTC
    std::string model;                    ///< as the provider names it
    std::vector<chat_delta> choices;      ///< may be empty (usage chunk)
    std::optional<cogate::usage> usage{}; ///< tokens of the whole call, as far as they are known
    std::string service_tier{};           ///< as in chat_response
    std::string system_fingerprint{};     ///< as in chat_response
    extra_fields extra{};                 ///< members that cogate has no name for

    /// Text that this chunk adds to the first choice.
    std::string_view text() const noexcept
    {
        for (chat_delta const& d : choices) {
            if (d.index == 0) {
                return d.content;
            }
        }
        return {};
    }

    friend bool operator==(chat_chunk const&, chat_chunk const&) = default;
};

/// Rebuilds the whole answer from its chunks, one at a time.
///
/// Total function: any sequence of chunks gives some response. Not thread-safe.
class chat_fold {
public:
    /// Takes the next chunk.
    void add(chat_chunk const& chunk);
    /// The answer as far as it has come; valid until the next `add`.
    chat_response const& response() const& noexcept { return response_; }
    /// The answer itself; the fold must not be used afterwards.
    chat_response response() && noexcept { return std::move(response_); }

private:
    struct progress {
        std::vector<std::int64_t> call_indices; ///< wire index of each tool call, in the order of the message
        std::string refusal_logprobs;           ///< items so far, without brackets
        std::string audio_data;
        std::string audio_transcript;
        std::string function_arguments; ///< of the deprecated function_call
    };

    std::size_t slot(std::int64_t index);
    void add(chat_delta const& delta);
    static void add_text(message& to, chat_delta const& delta);
    static void add_calls(message& to, progress& at, chat_delta const& delta);
    static void add_logprobs(chat_choice& to, progress& at, raw_json const& piece);
    static void add_audio(message& to, progress& at, raw_json const& piece);
    static void add_extra(message& to, progress& at, extra_fields const& piece);

    chat_response response_;
    std::vector<progress> progress_; ///< beside response_.choices
};

/// Rebuilds the whole answer from all its chunks.
chat_response fold(std::vector<chat_chunk> const& chunks);

} // namespace cogate
