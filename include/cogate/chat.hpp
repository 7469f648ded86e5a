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

/// A tool offered to the model. `parameters` is a JSON schema as text.
struct tool {
    std::string name;
    std::string description{};
    raw_json parameters{};
    std::optional<bool> strict{};
    std::string type = "function"; ///< other types (custom, provider tools) are whole in `definition`
    raw_json definition{};         ///< the whole tool object when `type` is not "function"
    std::string dialect{};         ///< the dialect of `definition` where it is not OpenAI's chat
    std::optional<cache_mark> cache{};
    extra_fields extra{};
    friend bool operator==(tool const&, tool const&) = default;
};

/// Which tool the model must, may or must not call.
struct tool_choice {
    enum class mode { automatic, none, required, function, other };
    mode how = mode::automatic;
    std::string name{}; ///< with mode::function
    raw_json value{};   ///< with mode::other: the whole wire value
    friend bool operator==(tool_choice const&, tool_choice const&) = default;
};

struct response_format {
    enum class kind { text, json_object, json_schema, other };
    kind type = kind::text;
    std::string name{};        ///< json_schema
    std::string description{}; ///< json_schema
    raw_json schema{};         ///< json_schema
    std::optional<bool> strict{};
    raw_json value{}; ///< kind::other: the whole wire value
    friend bool operator==(response_format const&, response_format const&) = default;
};

/// How much a reasoning model may think. Either the effort word or a token budget, as the caller said it.
struct reasoning_options {
    std::string effort{}; ///< none minimal low medium high xhigh max; empty = absent
    std::optional<std::int64_t>
        budget_tokens{};           ///< Anthropic `thinking.budget_tokens`, Gemini thinkingBudget
    std::string summary{};         ///< Responses API: auto concise detailed
    std::optional<bool> enabled{}; ///< explicit on or off where the caller said so
    bool empty() const noexcept { return effort.empty() && !budget_tokens && summary.empty() && !enabled; }
    friend bool operator==(reasoning_options const&, reasoning_options const&) = default;
};

/// A number kept as the caller wrote it, so that 0.7 stays 0.7. Empty text means "absent".
class number_text {
public:
    number_text() = default;
    number_text(double value); // NOLINT: a plain number is meant
    static number_text from_json(std::string text)
    {
        number_text n;
        n.text_ = std::move(text);
        return n;
    }
    bool empty() const noexcept { return text_.empty(); }
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
    std::string model; ///< "provider/model" or a model group
    std::vector<message> messages;

    std::vector<tool> tools{};
    std::optional<cogate::tool_choice> tool_choice{};
    std::optional<bool> parallel_tool_calls{};

    number_text temperature{};
    number_text top_p{};
    std::optional<std::int64_t> top_k{};
    std::optional<std::int64_t> max_tokens{};            ///< OpenAI's older name
    std::optional<std::int64_t> max_completion_tokens{}; ///< OpenAI's current name, includes reasoning
    std::optional<std::int64_t> n{};
    std::vector<std::string> stop{};
    std::optional<std::int64_t> seed{};
    number_text presence_penalty{};
    number_text frequency_penalty{};
    raw_json logit_bias{};
    std::optional<bool> logprobs{};
    std::optional<std::int64_t> top_logprobs{};

    std::optional<cogate::response_format> response_format{};
    reasoning_options reasoning{};
    std::string verbosity{};

    std::vector<std::string> modalities{};
    raw_json audio{};
    raw_json prediction{};
    raw_json web_search_options{};

    std::string user{};
    std::string safety_identifier{};
    std::string prompt_cache_key{};
    std::string service_tier{};
    std::optional<bool> store{};
    raw_json metadata{};

    bool include_usage = false;      ///< stream: the caller wants the usage chunk
    raw_json stream_options_extra{}; ///< other members of stream_options, as an object
    bool stop_is_text = false;       ///< wire shape of `stop`: bare string instead of array

    /// Fields that cogate does not know, sent as they are. `extra_dialect` names the dialect that they were said in;
    /// other dialects treat them as parameters that they lack. Empty: meant for whoever gets the request.
    extra_fields extra{};
    std::string extra_dialect{};

    friend bool operator==(chat_request const&, chat_request const&) = default;
};

enum class finish_reason { none, stop, length, tool_calls, content_filter, function_call, other };

struct chat_choice {
    std::int64_t index = 0;
    cogate::message message{.role = role::assistant, .content = {}};
    cogate::finish_reason finish_reason = cogate::finish_reason::none;
    std::string finish_reason_text{};   ///< the wire word when `finish_reason` is `other`
    std::string native_finish_reason{}; ///< the provider's word where its dialect has others than OpenAI's
    std::string stop_sequence{};        ///< which stop text ended it, where the provider says so
    raw_json logprobs{};
    extra_fields extra{};
    friend bool operator==(chat_choice const&, chat_choice const&) = default;
};

/// A whole answer.
struct chat_response {
    std::string id;
    std::int64_t created = 0; ///< seconds since the epoch, UTC
    std::string model;        ///< as the provider names it
    std::vector<chat_choice> choices;
    cogate::usage usage{};
    std::string service_tier{};
    std::string system_fingerprint{};
    extra_fields extra{};
    std::optional<money> cost{}; ///< US dollars, exact; empty when the price or the usage is not known

    /// Text of the first choice; empty when there is none.
    std::string text() const { return choices.empty() ? std::string{} : choices.front().message.text(); }

    friend bool operator==(chat_response const&, chat_response const&) = default;
};

/// A fragment of a tool call: `index` says which call; id and name come once, arguments in pieces.
struct tool_call_delta {
    std::int64_t index = 0;
    std::string id{};
    std::string name{};
    std::string arguments{};
    std::string type{};
    std::string signature{};
    extra_fields extra{};
    friend bool operator==(tool_call_delta const&, tool_call_delta const&) = default;
};

/// What one chunk adds to one choice.
struct chat_delta {
    std::int64_t index = 0;
    bool has_role = false;
    std::string content{};
    bool has_content = false; ///< the wire had a content string, perhaps empty
    std::string refusal{};
    std::string reasoning{};
    std::string reasoning_signature{}; ///< ends a reasoning part: text after it begins a new one
    std::string reasoning_redacted{};  ///< a reasoning part of its own
    std::string reasoning_id{};        ///< id of the reasoning item where the provider has one
    bool begins_part =
        false; ///< its text or reasoning begins a new part though the last one was of the same kind
    std::vector<content_part> parts{}; ///< parts that come whole: images, a provider's own blocks
    std::vector<tool_call_delta> tool_calls{};
    raw_json annotations{};
    raw_json audio{};
    raw_json logprobs{};
    cogate::finish_reason finish_reason = cogate::finish_reason::none;
    std::string finish_reason_text{};
    std::string native_finish_reason{};
    std::string stop_sequence{};
    extra_fields message_extra{}; ///< unknown members of the delta object
    extra_fields extra{};         ///< unknown members of the choice around it
    friend bool operator==(chat_delta const&, chat_delta const&) = default;
};

/// One event of a streamed answer.
struct chat_chunk {
    std::string id;
    std::int64_t created = 0;
    std::string model;
    std::vector<chat_delta> choices; ///< may be empty (usage chunk)
    std::optional<cogate::usage> usage{};
    std::string service_tier{};
    std::string system_fingerprint{};
    extra_fields extra{};

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
    void add(chat_chunk const& chunk);
    chat_response const& response() const& noexcept { return response_; }
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
