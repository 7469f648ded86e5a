#include "providers/bedrock_converse/tools.hpp"

#include "providers/bedrock_converse/codec.hpp"

#include <algorithm>
#include <set>

namespace cogate::providers::bedrock_converse {

namespace {

constexpr std::string_view any_object = R"({"type":"object","properties":{}})";

void begin_spec(json::writer& out, std::string_view name, std::string_view description)
{
    out.begin_object().key("toolSpec").begin_object().member("name", name);
    if (!description.empty()) {
        out.member("description", description);
    }
}

/// Another dialect's kind of tool has no place here; Converse's own ({"systemTool":{...}}) goes as it is.
bool is_own_tool(tool const& t)
{
    json::document doc;
    json::parse_error error;
    return doc.parse(t.definition.text, error) &&
           (doc.root().contains("systemTool") || doc.root().contains("toolSpec"));
}

void write_tool(block_writer& w, tool const& t, place const& at)
{
    json::writer& out = w.out();
    if (t.type != "function") {
        if (is_own_tool(t)) {
            out.raw(t.definition.text);
        } else {
            w.refuse(at, "Bedrock has no tools of type '" + t.type.substr(0, 64) + "'");
        }
        return;
    }
    begin_spec(out, t.name, t.description);
    out.key("inputSchema").begin_object();
    if (t.parameters.empty()) {
        out.raw_member("json", any_object);
    } else {
        w.to.member("json", t.parameters);
    }
    out.end_object();
    if (t.strict == true && w.model.strict_tools) {
        out.member("strict", true);
    }
    out.end_object().end_object();
    write_cache_point(w, t.cache);
}

void write_answer_tool(block_writer& w, response_format const& format)
{
    json::writer& out = w.out();
    begin_spec(out, answer_tool,
               format.description.empty() ? "Give the final answer as the input of this tool."
                                          : format.description);
    out.key("inputSchema").begin_object();
    if (format.schema.empty()) {
        out.raw_member("json", R"({"type":"object","additionalProperties":true})");
    } else {
        w.to.member("json", format.schema);
    }
    out.end_object().end_object().end_object();
}

/// Names of the tools that were called before: Converse refuses such a history without toolConfig.
std::set<std::string> called_before(chat_request const& request)
{
    std::set<std::string> out;
    for (message const& m : request.messages) {
        for (tool_call const& call : m.tool_calls) {
            out.insert(call.name);
        }
    }
    return out;
}

void write_choice(block_writer& w, chat_request const& request, answer_form form, bool thinking)
{
    json::writer& out = w.out();
    if (form == answer_form::tool && !thinking) {
        out.key("toolChoice").begin_object().key(request.tools.empty() ? "tool" : "any").begin_object();
        if (request.tools.empty()) {
            out.member("name", answer_tool);
        }
        out.end_object().end_object();
        return;
    }
    if (!request.tool_choice || request.tools.empty()) {
        return;
    }
    tool_choice const& choice = *request.tool_choice;
    switch (choice.how) {
    case tool_choice::mode::none: break; // there is no such word: the tools are left out where that can be
    case tool_choice::mode::automatic:
        out.key("toolChoice").begin_object().key("auto").begin_object().end_object().end_object();
        break;
    case tool_choice::mode::required:
        out.key("toolChoice").begin_object().key("any").begin_object().end_object().end_object();
        break;
    case tool_choice::mode::function:
        out.key("toolChoice").begin_object().key("tool").begin_object().member("name", choice.name);
        out.end_object().end_object();
        break;
    case tool_choice::mode::other:
        w.refuse(place{nullptr, "tool_choice"}, "Bedrock takes auto, none, required or one function");
        break;
    }
}

} // namespace

answer_form form_of(chat_request const& request, model_facts const& model) noexcept
{
    if (!request.response_format || request.response_format->type == response_format::kind::text ||
        request.response_format->type == response_format::kind::other) {
        return answer_form::as_is;
    }
    // Any object at all is no schema that outputConfig takes.
    const bool schema = request.response_format->type == response_format::kind::json_schema;
    return schema && model.output_config ? answer_form::output_config : answer_form::tool;
}

void write_tools(block_writer& w, chat_request const& request, answer_form form, bool thinking)
{
    const bool unwanted = request.tool_choice && request.tool_choice->how == tool_choice::mode::none;
    const std::set<std::string> history =
        request.tools.empty() || unwanted ? called_before(request) : std::set<std::string>{};
    const bool offered = !request.tools.empty() && (!unwanted || !history.empty());
    const bool search = !request.web_search_options.empty();
    if (!offered && history.empty() && form != answer_form::tool && !search) {
        return;
    }
    json::writer& out = w.out();
    out.key("toolConfig").begin_object().key("tools").begin_array();
    const place list{nullptr, "tools"};
    place at{&list, {}, 0};
    for (std::size_t i = 0; offered && i != request.tools.size(); ++i) {
        write_tool(w, request.tools[i], at);
        ++at.index;
    }
    for (std::string const& name : history) {
        const bool known = offered && std::any_of(request.tools.begin(), request.tools.end(),
                                                  [&](tool const& t) { return t.name == name; });
        if (!known) {
            begin_spec(out, name, {});
            out.key("inputSchema").begin_object().raw_member("json", any_object).end_object();
            out.end_object().end_object();
        }
    }
    if (search) {
        out.begin_object()
            .key("systemTool")
            .begin_object()
            .member("name", "nova_grounding")
            .end_object()
            .end_object();
    }
    if (form == answer_form::tool) {
        write_answer_tool(w, *request.response_format);
    }
    out.end_array();
    write_choice(w, request, form, thinking);
    out.end_object();
}

void write_output_config(block_writer& w, response_format const& format)
{
    json::writer& out = w.out();
    out.key("outputConfig").begin_object().key("textFormat").begin_object().member("type", "json_schema");
    out.key("structure").begin_object().key("jsonSchema").begin_object();
    // The schema is a string here.
    out.member("schema",
               format.schema.empty() ? std::string_view(any_object) : std::string_view(format.schema.text));
    if (!format.name.empty()) {
        out.member("name", format.name);
    }
    if (!format.description.empty()) {
        out.member("description", format.description);
    }
    out.end_object().end_object().end_object().end_object();
}

} // namespace cogate::providers::bedrock_converse
