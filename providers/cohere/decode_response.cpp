#include "providers/cohere/codec.hpp"

#include "providers/common/bodies.hpp"

#include <array>

namespace cogate::providers::cohere {

namespace {

constexpr std::array<std::string_view, 5> known = {"id", "message", "finish_reason", "usage", "logprobs"};
constexpr std::array<std::string_view, 4> known_message = {"role", "content", "tool_plan", "tool_calls"};

void read_content(json::value content, message& m)
{
    if (content.is_string()) {
        m.content.emplace_back(text_part{.text = content.string()});
        return;
    }
    for (json::value part : content) {
        if (part["type"].equals("text")) {
            m.content.emplace_back(text_part{.text = part["text"].string()});
        } else if (part["type"].equals("thinking")) {
            m.content.emplace_back(reasoning_part{.text = part["thinking"].string(), .field = "thinking"});
        } else if (part.is_object()) {
            m.content.emplace_back(
                unknown_part{.type = part["type"].string(), .value = raw_json{std::string(part.raw())}});
        }
    }
}

tool_call read_call(json::value value)
{
    const json::value function = value["function"];
    const json::value arguments = function["arguments"];
    tool_call out;
    out.id = value["id"].string();
    out.name = function["name"].string();
    out.arguments = arguments.is_object() ? std::string(arguments.raw()) : arguments.string();
    if (out.arguments.empty()) {
        out.arguments = "{}";
    }
    return out;
}

message read_message(json::value value)
{
    message m{.role = role::assistant, .content = {}};
    if (std::string plan = value["tool_plan"].string(); !plan.empty()) {
        m.content.emplace_back(reasoning_part{.text = std::move(plan), .field = "tool_plan"});
    }
    read_content(value["content"], m);
    for (json::value call : value["tool_calls"]) {
        m.tool_calls.push_back(read_call(call));
    }
    keep_unknown(value, known_message, m.extra);
    return m;
}

void write_token(json::writer& out, std::string_view text, json::value logprob)
{
    out.begin_object().member("token", text).key("logprob");
    logprob.is_number() ? out.raw(logprob.raw()) : out.value(0);
    out.member("bytes", nullptr).key("top_logprobs").begin_array().end_array().end_object();
}

/// An item has one text and the logprobs of its tokens: the first of them gets the text.
void write_item(json::writer& out, json::value item)
{
    const std::string text = item["text"].string();
    bool first = true;
    for (json::value logprob : item["logprobs"]) {
        write_token(out, first ? std::string_view(text) : std::string_view(), logprob);
        first = false;
    }
}

} // namespace

finish_reason read_finish_reason(std::string_view word, std::string& text) noexcept
{
    if (word == "COMPLETE" || word == "STOP_SEQUENCE") {
        return finish_reason::stop;
    }
    if (word == "MAX_TOKENS" || word == "ERROR_LIMIT") {
        return finish_reason::length;
    }
    if (word == "TOOL_CALL") {
        return finish_reason::tool_calls;
    }
    if (word == "ERROR_TOXIC") {
        return finish_reason::content_filter;
    }
    if (word.empty()) {
        return finish_reason::none;
    }
    text = word;
    return finish_reason::other;
}

raw_json read_logprobs(json::value list)
{
    raw_json out;
    // A whole answer has a list of items, an event of a stream has one item.
    if (!list.is_array() && !list.is_object()) {
        return out;
    }
    json::writer to(out.text);
    to.begin_object().key("content").begin_array();
    if (list.is_object()) {
        write_item(to, list);
    }
    for (json::value item : list) {
        write_item(to, item);
    }
    to.end_array().member("refusal", nullptr).end_object();
    return out;
}

result<chat_response> decode_chat(std::string_view body, std::string_view model)
{
    json::document doc;
    const result<json::value> opened = open_json(doc, body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    if (std::optional<failure> why = broken_off(root)) {
        return *std::move(why);
    }
    if (!root["message"].is_object()) {
        return nonsense("it has no message");
    }
    chat_response out;
    out.id = root["id"].string();
    out.model = model;
    out.usage = read_usage(root["usage"]);
    keep_unknown(root, known, out.extra);
    chat_choice choice;
    choice.message = read_message(root["message"]);
    choice.native_finish_reason = root["finish_reason"].string();
    choice.finish_reason = read_finish_reason(choice.native_finish_reason, choice.finish_reason_text);
    choice.logprobs = read_logprobs(root["logprobs"]);
    out.choices.push_back(std::move(choice));
    return out;
}

} // namespace cogate::providers::cohere
