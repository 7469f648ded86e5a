#include "providers/common/fields.hpp"
#include "providers/openai_chat/request_members.hpp"
#include "providers/openai_responses/codec.hpp"
#include "providers/openai_responses/items.hpp"
#include "providers/openai_responses/tools.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::openai_responses {

namespace {

using names = std::string_view;

constexpr std::array<names, 23> known = {"model",
                                         "input",
                                         "instructions",
                                         "tools",
                                         "tool_choice",
                                         "parallel_tool_calls",
                                         "temperature",
                                         "top_p",
                                         "max_output_tokens",
                                         "top_logprobs",
                                         "text",
                                         "reasoning",
                                         "user",
                                         "safety_identifier",
                                         "prompt_cache_key",
                                         "service_tier",
                                         "store",
                                         "metadata",
                                         "include",
                                         "stream",
                                         "stream_options",
                                         "truncation",
                                         "background"};

void read_input(reader& in, json::value root, chat_request& out)
{
    const place at{nullptr, "input"};
    const json::value input = root["input"];
    if (input.is_string()) {
        out.messages.push_back(user(input.string()));
    } else if (input.is_array()) {
        read_items(in, input, at, out.messages);
    } else if (input.exists() && !input.is_null()) {
        in.wrong_type(at, "a string or an array of items", input);
    } else if (!root["prompt"].is_object() && !root["previous_response_id"].is_string() &&
               !root["conversation"].exists()) {
        in.missing(at);
    }
}

void read_tools(reader& in, json::value root, chat_request& out)
{
    const place at{nullptr, "tools"};
    const json::value list = root["tools"];
    if (list.is_array()) {
        place element{&at, {}, 0};
        for (json::value item : list) {
            out.tools.push_back(read_tool(in, item, element));
            ++element.index;
        }
    } else if (list.exists() && !list.is_null()) {
        in.wrong_type(at, "an array", list);
    }
    out.tool_choice = read_tool_choice(in, root["tool_choice"], place{nullptr, "tool_choice"});
    in.flag(root, "parallel_tool_calls", place{}, out.parallel_tool_calls);
}

/// An object member with some fields of ours; the rest goes to `extra` under its name, nulls left out.
json::value open_object(reader& in, json::value root, names name, std::span<names const> fields,
                        extra_fields& extra)
{
    const json::value object = root[name];
    if (object.exists() && !object.is_null() && !object.is_object()) {
        in.wrong_type(place{nullptr, name}, "an object", object);
    }
    std::string rest;
    json::writer out(rest);
    out.begin_object();
    for (json::member m : object.members()) {
        if (!m.val.is_null() && std::find(fields.begin(), fields.end(), m.key) == fields.end()) {
            out.raw_member(m.key, m.val.raw());
        }
    }
    out.end_object();
    if (rest != "{}") {
        extra.set(std::string(name), raw_json{std::move(rest)});
    }
    return object;
}

void read_text(reader& in, json::value root, chat_request& out)
{
    static constexpr std::array<names, 2> fields = {"format", "verbosity"};
    const place at{nullptr, "text"};
    const json::value text = open_object(in, root, "text", fields, out.extra);
    out.response_format = read_format(in, text["format"], place{&at, "format"});
    in.text(text, "verbosity", at, out.verbosity);
}

void read_reasoning(reader& in, json::value root, chat_request& out)
{
    static constexpr std::array<names, 2> fields = {"effort", "summary"};
    const place at{nullptr, "reasoning"};
    const json::value reasoning = open_object(in, root, "reasoning", fields, out.extra);
    in.text(reasoning, "effort", at, out.reasoning.effort);
    in.text(reasoning, "summary", at, out.reasoning.summary);
}

void read_include(reader& in, json::value root, chat_request& out)
{
    const place at{nullptr, "include"};
    const json::value list = root["include"];
    if (!list.exists() || list.is_null()) {
        return;
    }
    if (!list.is_array()) {
        in.wrong_type(at, "an array of strings", list);
        return;
    }
    place element{&at, {}, 0};
    for (json::value item : list) {
        if (!item.is_string()) {
            in.wrong_type(element, "a string", item);
        } else if (item.equals("message.output_text.logprobs")) {
            out.logprobs = true;
        }
        ++element.index;
    }
    out.extra.set("include", raw_json{std::string(list.raw())});
}

/// What is at its default says nothing; the rest is this dialect's own.
void read_unknown(reader& in, json::value root, chat_request& out)
{
    std::optional<bool> background;
    in.flag(root, "background", place{}, background);
    if (background.value_or(false)) {
        in.wrong_value(place{nullptr, "background"}, "must be false: responses are given within the call");
    }
    std::string truncation;
    in.text(root, "truncation", place{}, truncation);
    if (!truncation.empty() && truncation != "disabled") {
        out.extra.set("truncation", raw_json{std::string(root["truncation"].raw())});
    }
    for (json::member m : root.members()) {
        const bool ours = std::find(known.begin(), known.end(), m.key) != known.end();
        if (!ours && !m.val.is_null()) {
            out.extra.set(std::string(m.key), raw_json{std::string(m.val.raw())});
        }
    }
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
    out.extra_dialect = dialect_name;
    // The Response object always tells its usage.
    out.include_usage = true;
    openai_chat::read_model(in, root, out.model);
    std::string instructions;
    in.text(root, "instructions", top, instructions);
    if (!instructions.empty()) {
        out.messages.push_back(system(std::move(instructions)));
    }
    read_input(in, root, out);
    read_tools(in, root, out);
    in.number(root, "temperature", top, out.temperature);
    in.number(root, "top_p", top, out.top_p);
    in.integer(root, "max_output_tokens", top, out.max_completion_tokens);
    in.integer(root, "top_logprobs", top, out.top_logprobs);
    read_text(in, root, out);
    read_reasoning(in, root, out);
    in.text(root, "user", top, out.user);
    in.text(root, "safety_identifier", top, out.safety_identifier);
    in.text(root, "prompt_cache_key", top, out.prompt_cache_key);
    in.text(root, "service_tier", top, out.service_tier);
    in.flag(root, "store", top, out.store);
    in.object(root, "metadata", top, out.metadata);
    read_include(in, root, out);
    std::optional<bool> streamed;
    in.flag(root, "stream", top, streamed);
    in.object(root, "stream_options", top, out.stream_options_extra);
    read_unknown(in, root, out);
    if (!in.good()) {
        return in.error();
    }
    return parsed_chat{std::move(out), streamed.value_or(false)};
}

} // namespace cogate::providers::openai_responses
