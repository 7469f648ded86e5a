#include "providers/common/fields.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_chat/foreign_fields.hpp"
#include "providers/openai_chat/messages.hpp"
#include "providers/openai_chat/request_members.hpp"

#include "lib/core/json/string.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::openai_chat {

namespace {

using names = std::string_view;

constexpr std::array<names, 36> known = {"model",
                                         "messages",
                                         "tools",
                                         "tool_choice",
                                         "parallel_tool_calls",
                                         "temperature",
                                         "top_p",
                                         "top_k",
                                         "max_tokens",
                                         "max_completion_tokens",
                                         "n",
                                         "stop",
                                         "seed",
                                         "logit_bias",
                                         "presence_penalty",
                                         "logprobs",
                                         "top_logprobs",
                                         "verbosity",
                                         "modalities",
                                         "frequency_penalty",
                                         "response_format",
                                         "reasoning_effort",
                                         "audio",
                                         "prediction",
                                         "web_search_options",
                                         "user",
                                         "prompt_cache_key",
                                         "service_tier",
                                         "store",
                                         "safety_identifier",
                                         "metadata",
                                         "stream",
                                         "stream_options",
                                         "drop_params",
                                         "additional_drop_params",
                                         "allowed_openai_params"};

tool read_tool(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 3> known_outer = {"type", "function", "cache_control"};
    static constexpr std::array<names, 4> known_inner = {"description", "name", "parameters", "strict"};
    tool out;
    if (!value.is_object()) {
        in.wrong_type(at, "an object", value);
        return out;
    }
    in.text(value, "type", at, out.type); // Mistral's clients leave it out
    const json::value function = value["function"];
    if (out.type != "function") {
        out.definition.text = value.raw();
        out.name = value[out.type]["name"].string();
        return out;
    }
    const place inner_at{&at, "function"};
    if (!function.is_object()) {
        function.exists() ? in.wrong_type(inner_at, "an object", function) : in.missing(inner_at);
        return out;
    }
    in.text(function, "name", inner_at, out.name);
    if (out.name.empty()) {
        in.missing(place{&inner_at, "name"});
    }
    in.text(function, "description", inner_at, out.description);
    in.object(function, "parameters", inner_at, out.parameters);
    in.flag(function, "strict", inner_at, out.strict);
    out.cache = read_cache_mark(value["cache_control"]);
    keep_unknown(value, known_outer, out.extra);
    if (!out.cache && value.contains("cache_control")) {
        out.extra.set("cache_control", raw_json{std::string(value["cache_control"].raw())});
    }
    // An empty description is kept as a leftover: "" and absent are told apart on the wire only.
    const std::span<names const> inner = known_inner;
    keep_leftovers(function, "function", out.description.empty() ? inner.subspan(1) : inner, out.extra);
    return out;
}

void read_tool_choice(reader& in, json::value value, place const& at, std::optional<tool_choice>& out)
{
    if (!value.exists() || value.is_null()) {
        return;
    }
    tool_choice choice;
    const json::value function = value["function"];
    if (value.equals("auto")) {
        choice.how = tool_choice::mode::automatic;
    } else if (value.equals("none")) {
        choice.how = tool_choice::mode::none;
    } else if (value.equals("required")) {
        choice.how = tool_choice::mode::required;
    } else if (value["type"].equals("function") && value.size() == 2 && function.size() == 1 &&
               function["name"].is_string()) {
        choice.how = tool_choice::mode::function;
        choice.name = function["name"].string();
    } else if (value.is_string() || value.is_object()) {
        choice.how = tool_choice::mode::other;
        choice.value.text = value.raw();
    } else {
        in.wrong_type(at, "a string or an object", value);
        return;
    }
    out = std::move(choice);
}

void read_response_format(reader& in, json::value value, place const& at, std::optional<response_format>& out)
{
    static constexpr std::array<names, 4> known_schema = {"name", "description", "schema", "strict"};
    if (!value.exists() || value.is_null()) {
        return;
    }
    const json::value type = value["type"];
    if (!value.is_object() || !type.is_string()) {
        value.is_object() ? in.wrong_type(place{&at, "type"}, "a string", type)
                          : in.wrong_type(at, "an object", value);
        return;
    }
    response_format format;
    const json::value inner = value["json_schema"];
    extra_fields rest;
    keep_unknown(inner, known_schema, rest);
    const place inner_at{&at, "json_schema"};
    if (type.equals("text") && value.size() == 1) {
        format.type = response_format::kind::text;
    } else if (type.equals("json_object") && value.size() == 1) {
        format.type = response_format::kind::json_object;
    } else if (type.equals("json_schema") && !inner.is_object()) {
        inner.exists() ? in.wrong_type(inner_at, "an object", inner) : in.missing(inner_at);
    } else if (type.equals("json_schema") && value.size() == 2 && rest.empty()) {
        format.type = response_format::kind::json_schema;
        in.text(inner, "name", inner_at, format.name);
        in.text(inner, "description", inner_at, format.description);
        in.object(inner, "schema", inner_at, format.schema);
        in.flag(inner, "strict", inner_at, format.strict);
    } else {
        format.type = response_format::kind::other;
        format.value.text = value.raw();
    }
    out = std::move(format);
}

template <class Out, class Read>
void read_list(reader& in, json::value root, std::string_view key, Out& out, Read read)
{
    const json::value list = root[key];
    const place at{nullptr, key};
    if (list.is_array()) {
        place element{&at, {}, 0};
        for (json::value item : list) {
            out.push_back(read(in, item, element));
            if (!in.good()) {
                return;
            }
            ++element.index;
        }
    } else if (list.exists() && !list.is_null()) {
        in.wrong_type(at, "an array", list);
    }
}

void read_sampling(reader& in, json::value root, chat_request& out)
{
    const place top;
    in.number(root, "temperature", top, out.temperature);
    in.number(root, "top_p", top, out.top_p);
    in.integer(root, "top_k", top, out.top_k);
    in.integer(root, "max_tokens", top, out.max_tokens);
    in.integer(root, "max_completion_tokens", top, out.max_completion_tokens);
    in.integer(root, "n", top, out.n);
    read_stop(in, root, out);
    in.integer(root, "seed", top, out.seed);
    in.number(root, "presence_penalty", top, out.presence_penalty);
    in.number(root, "frequency_penalty", top, out.frequency_penalty);
    in.object(root, "logit_bias", top, out.logit_bias);
    in.flag(root, "logprobs", top, out.logprobs);
    in.integer(root, "top_logprobs", top, out.top_logprobs);
}

void read_options(reader& in, json::value root, chat_request& out)
{
    const place top;
    in.text(root, "reasoning_effort", top, out.reasoning.effort);
    in.text(root, "verbosity", top, out.verbosity);
    const json::value modalities = root["modalities"];
    if (modalities.exists() && !modalities.is_null()) {
        read_texts(in, modalities, place{nullptr, "modalities"}, "an array of strings", out.modalities);
    }
    in.object(root, "audio", top, out.audio);
    in.object(root, "prediction", top, out.prediction);
    in.object(root, "web_search_options", top, out.web_search_options);
    in.text(root, "user", top, out.user);
    in.text(root, "safety_identifier", top, out.safety_identifier);
    in.text(root, "prompt_cache_key", top, out.prompt_cache_key);
    in.text(root, "service_tier", top, out.service_tier);
    in.flag(root, "store", top, out.store);
    in.object(root, "metadata", top, out.metadata);
}

/// LiteLLM's and several services' `thinking`, as far as it is plain; anything else stays an unknown field.
bool read_thinking_wish(json::value wish, reasoning_options& out)
{
    const json::value type = wish["type"];
    const json::value budget = wish["budget_tokens"];
    const std::optional<std::int64_t> tokens = budget.as_int64();
    const bool on = type.equals("enabled") || type.equals("adaptive");
    if (!(on || type.equals("disabled")) || wish.size() != (budget.exists() ? 2U : 1U) ||
        budget.exists() != tokens.has_value()) {
        return false;
    }
    out.enabled = on;
    out.budget_tokens = tokens;
    return true;
}

/// What is meant for the gateway and not for any provider.
void read_rules(reader& in, json::value root, parameter_rules& out)
{
    std::optional<bool> drop;
    in.flag(root, "drop_params", place{}, drop);
    out.drop_params = drop.value_or(false);
    const auto list = [&](names key, std::vector<std::string>& to) {
        if (const json::value value = root[key]; value.exists() && !value.is_null()) {
            read_texts(in, value, place{nullptr, key}, "an array of strings", to);
        }
    };
    list("additional_drop_params", out.additional_drop_params);
    list("allowed_openai_params", out.allowed_openai_params);
}

} // namespace

result<parsed_chat> parse_chat(std::string_view body)
{
    json::document doc;
    const result<json::value> opened = open_request(doc, body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    reader in(true);
    const place top;
    chat_request out;
    read_model(in, root, out.model);
    const place messages_at{nullptr, "messages"};
    if (!root["messages"].exists() || root["messages"].is_null()) {
        in.missing(messages_at);
    }
    read_list(in, root, "messages", out.messages, read_message);
    if (root["messages"].is_array() && root["messages"].size() == 0) {
        in.wrong_value(messages_at, "must not be empty");
    }
    read_list(in, root, "tools", out.tools, read_tool);
    read_tool_choice(in, root["tool_choice"], place{nullptr, "tool_choice"}, out.tool_choice);
    in.flag(root, "parallel_tool_calls", top, out.parallel_tool_calls);
    read_sampling(in, root, out);
    read_response_format(in, root["response_format"], place{nullptr, "response_format"}, out.response_format);
    read_options(in, root, out);
    std::optional<bool> streamed;
    in.flag(root, "stream", top, streamed);
    read_stream_options(in, root, out);
    parameter_rules rules;
    read_rules(in, root, rules);
    if (!in.good()) {
        return in.error();
    }
    keep_unknown(root, known, out.extra);
    if (json::value const wish = root["thinking"]; wish.exists() && read_thinking_wish(wish, out.reasoning)) {
        static constexpr std::array<names, 1> plain = {"thinking"};
        out.extra = without(out.extra, plain);
    }
    // A client of this dialect may say what would be foreign in an answer of another one.
    if (!out.extra.empty() || has_foreign_fields(out)) {
        out.extra_dialect = "openai_chat";
    }
    return parsed_chat{std::move(out), streamed.value_or(false), std::move(rules)};
}

} // namespace cogate::providers::openai_chat
