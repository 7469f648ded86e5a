#include "providers/anthropic_messages/blocks.hpp"
#include "providers/anthropic_messages/codec.hpp"
#include "providers/common/fields.hpp"

#include <array>

namespace cogate::providers::anthropic_messages {

namespace {

using names = std::string_view;

constexpr std::array<names, 16> known = {"model",         "messages",       "max_tokens",   "system",
                                         "tools",         "tool_choice",    "temperature",  "top_p",
                                         "top_k",         "stop_sequences", "stream",       "thinking",
                                         "output_config", "output_format",  "service_tier", "metadata"};

bool given(json::value value) noexcept
{
    return value.exists() && !value.is_null();
}

message read_tool_result(reader& in, json::value block, place const& at)
{
    static constexpr std::array<names, 5> known_members = {"type", "tool_use_id", "content", "is_error",
                                                           "cache_control"};
    message m;
    m.role = role::tool;
    in.text(block, "tool_use_id", at, m.tool_call_id);
    if (m.tool_call_id.empty()) {
        in.missing(place{&at, "tool_use_id"});
    }
    if (given(block["content"])) {
        read_content(in, block["content"], place{&at, "content"}, m);
    }
    std::optional<bool> failed;
    in.flag(block, "is_error", at, failed);
    m.tool_error = failed.value_or(false);
    read_rest(block, known_members, m.cache, m.extra);
    return m;
}

/// Tool results become messages of their own, in their order among the other blocks.
void read_user_blocks(reader& in, json::value content, place const& at, std::vector<message>& out)
{
    message rest;
    rest.content_is_text = false;
    const std::size_t before = out.size();
    const auto flush = [&] {
        if (!rest.content.empty() || !rest.tool_calls.empty()) {
            out.push_back(std::move(rest));
            rest = message{};
            rest.content_is_text = false;
        }
    };
    place element{&at, {}, 0};
    for (json::value block : content) {
        if (block["type"].equals("tool_result")) {
            flush();
            out.push_back(read_tool_result(in, block, element));
        } else {
            read_block(in, block, element, rest);
        }
        if (!rest.tool_calls.empty()) {
            in.wrong_value(element, "is a tool call, which only an assistant makes");
        }
        if (!in.good()) {
            return;
        }
        ++element.index;
    }
    flush();
    if (out.size() == before) {
        out.push_back(std::move(rest));
    }
}

void read_message(reader& in, json::value value, place const& at, std::vector<message>& out)
{
    static constexpr std::array<names, 2> known_members = {"role", "content"};
    if (!value.is_object()) {
        in.wrong_type(at, "an object", value);
        return;
    }
    const json::value who = value["role"];
    const place role_at{&at, "role"};
    const place content_at{&at, "content"};
    if (!who.is_string()) {
        who.exists() ? in.wrong_type(role_at, "a string", who) : in.missing(role_at);
        return;
    }
    message m;
    if (who.equals("assistant")) {
        m.role = role::assistant;
    } else if (who.equals("system")) {
        m.role = role::system;
    } else if (!who.equals("user")) {
        in.wrong_value(role_at, "must be one of user, assistant, system");
        return;
    }
    if (m.role == role::user && value["content"].is_array()) {
        read_user_blocks(in, value["content"], content_at, out);
    } else {
        read_content(in, value["content"], content_at, m);
        out.push_back(std::move(m));
    }
    if (in.good()) {
        keep_unknown(value, known_members, out.back().extra);
    }
}

void read_messages(reader& in, json::value root, std::vector<message>& out)
{
    const json::value list = root["messages"];
    const place at{nullptr, "messages"};
    if (!list.is_array()) {
        given(list) ? in.wrong_type(at, "an array", list) : in.missing(at);
        return;
    }
    if (list.size() == 0) {
        in.wrong_value(at, "must not be empty");
    }
    place element{&at, {}, 0};
    for (json::value item : list) {
        read_message(in, item, element, out);
        if (!in.good()) {
            return;
        }
        ++element.index;
    }
}

tool read_tool(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 6> known_members = {"type",         "name",   "description",
                                                           "input_schema", "strict", "cache_control"};
    tool out;
    if (!value.is_object()) {
        in.wrong_type(at, "an object", value);
        return out;
    }
    std::string type;
    in.text(value, "type", at, type);
    in.text(value, "name", at, out.name);
    if (type == "function") {
        in.wrong_value(place{&at, "type"}, "must be custom, or the name of one of the provider's own tools");
    }
    if (!type.empty() && type != "custom") {
        out.type = std::move(type);
        out.definition.text = value.raw();
        out.dialect = "anthropic_messages";
        return out;
    }
    if (out.name.empty()) {
        in.missing(place{&at, "name"});
    }
    in.text(value, "description", at, out.description);
    in.object(value, "input_schema", at, out.parameters);
    in.flag(value, "strict", at, out.strict);
    read_rest(value, known_members, out.cache, out.extra);
    return out;
}

void read_tools(reader& in, json::value list, std::vector<tool>& out)
{
    const place at{nullptr, "tools"};
    if (!list.is_array()) {
        if (given(list)) {
            in.wrong_type(at, "an array", list);
        }
        return;
    }
    place element{&at, {}, 0};
    for (json::value item : list) {
        out.push_back(read_tool(in, item, element));
        ++element.index;
    }
}

void read_tool_choice(reader& in, json::value value, chat_request& out)
{
    const place at{nullptr, "tool_choice"};
    if (!given(value)) {
        return;
    }
    const json::value type = value["type"];
    if (!value.is_object() || !type.is_string()) {
        value.is_object() ? in.wrong_type(place{&at, "type"}, "a string", type)
                          : in.wrong_type(at, "an object", value);
        return;
    }
    std::optional<bool> one_only;
    in.flag(value, "disable_parallel_tool_use", at, one_only);
    const std::size_t plain = value.contains("disable_parallel_tool_use") ? 2 : 1;
    tool_choice choice;
    if (type.equals("tool") && value["name"].is_string() && value.size() == plain + 1) {
        choice.how = tool_choice::mode::function;
        choice.name = value["name"].string();
    } else if (type.equals("auto") && value.size() == plain) {
        choice.how = tool_choice::mode::automatic;
    } else if (type.equals("any") && value.size() == plain) {
        choice.how = tool_choice::mode::required;
    } else if (type.equals("none") && value.size() == plain) {
        choice.how = tool_choice::mode::none;
    } else {
        choice.how = tool_choice::mode::other;
        choice.value.text = value.raw();
        one_only.reset();
    }
    out.tool_choice = std::move(choice);
    if (one_only) {
        out.parallel_tool_calls = !*one_only;
    }
}

void read_thinking(reader& in, json::value value, chat_request& out)
{
    static constexpr std::array<names, 2> known_members = {"type", "budget_tokens"};
    const place at{nullptr, "thinking"};
    if (!given(value)) {
        return;
    }
    if (!value.is_object()) {
        in.wrong_type(at, "an object", value);
        return;
    }
    const json::value type = value["type"];
    if (!type.equals("enabled") && !type.equals("adaptive") && !type.equals("disabled")) {
        out.extra.set("thinking", raw_json{std::string(value.raw())});
        return;
    }
    in.integer(value, "budget_tokens", at, out.reasoning.budget_tokens);
    out.reasoning.enabled = !type.equals("disabled");
    keep_leftovers(value, "thinking", known_members, out.extra);
}

/// False: of another shape, kept among the leftovers.
bool read_format(json::value format, chat_request& out)
{
    if (!format["type"].equals("json_schema") || !format["schema"].is_object() || format.size() != 2) {
        return false;
    }
    response_format made;
    made.type = response_format::kind::json_schema;
    made.name = "output"; // OpenAI's dialects need one
    made.schema.text = format["schema"].raw();
    made.strict = true;
    out.response_format = std::move(made);
    return true;
}

void read_output(reader& in, json::value root, chat_request& out)
{
    static constexpr std::array<names, 2> known_members = {"effort", "format"};
    const json::value config = root["output_config"];
    const place at{nullptr, "output_config"};
    if (config.is_object()) {
        in.text(config, "effort", at, out.reasoning.effort);
        const bool understood = !given(config["format"]) || read_format(config["format"], out);
        const std::span<names const> members = known_members;
        keep_leftovers(config, "output_config", understood ? members : members.first(1), out.extra);
    } else if (given(config)) {
        in.wrong_type(at, "an object", config);
    }
    const json::value older = root["output_format"];
    if (given(older) && !out.response_format && read_format(older, out)) {
        return;
    }
    if (given(older)) {
        out.extra.set("output_format", raw_json{std::string(older.raw())});
    }
}

void read_stop(reader& in, json::value list, chat_request& out)
{
    const place at{nullptr, "stop_sequences"};
    if (!list.is_array()) {
        if (given(list)) {
            in.wrong_type(at, "an array of strings", list);
        }
        return;
    }
    place element{&at, {}, 0};
    for (json::value item : list) {
        if (!item.is_string()) {
            in.wrong_type(element, "a string", item);
        }
        out.stop.push_back(item.string());
        ++element.index;
    }
}

void read_metadata(reader& in, json::value value, chat_request& out)
{
    static constexpr std::array<names, 1> known_members = {"user_id"};
    const place at{nullptr, "metadata"};
    if (value.is_object()) {
        in.text(value, "user_id", at, out.user);
        keep_leftovers(value, "metadata", known_members, out.extra);
    } else if (given(value)) {
        in.wrong_type(at, "an object", value);
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
    in.text(root, "model", top, out.model);
    if (out.model.empty()) {
        in.missing(place{nullptr, "model"});
    }
    if (given(root["system"])) {
        message system;
        system.role = role::system;
        read_content(in, root["system"], place{nullptr, "system"}, system);
        if (!system.content.empty()) {
            out.messages.push_back(std::move(system));
        }
    }
    read_messages(in, root, out.messages);
    in.integer(root, "max_tokens", top, out.max_completion_tokens);
    if (!out.max_completion_tokens) {
        in.missing(place{nullptr, "max_tokens"});
    }
    read_tools(in, root["tools"], out.tools);
    read_tool_choice(in, root["tool_choice"], out);
    in.number(root, "temperature", top, out.temperature);
    in.number(root, "top_p", top, out.top_p);
    in.integer(root, "top_k", top, out.top_k);
    read_stop(in, root["stop_sequences"], out);
    read_metadata(in, root["metadata"], out);
    in.text(root, "service_tier", top, out.service_tier);
    if (out.service_tier == "standard_only") {
        out.service_tier = "default";
    }
    read_thinking(in, root["thinking"], out);
    read_output(in, root, out);
    std::optional<bool> streamed;
    in.flag(root, "stream", top, streamed);
    if (!in.good()) {
        return in.error();
    }
    out.include_usage = true; // this dialect always tells it
    keep_unknown(root, known, out.extra);
    return parsed_chat{std::move(out), streamed.value_or(false)};
}

} // namespace cogate::providers::anthropic_messages
