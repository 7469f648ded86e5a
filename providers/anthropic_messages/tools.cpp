#include "providers/anthropic_messages/tools.hpp"

#include "providers/anthropic_messages/codec.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::anthropic_messages {

namespace {

failure no_counterpart(std::string where)
{
    return failure(error_kind::invalid_request, "'" + where + "' has no counterpart among Anthropic's tools")
        .with_code("unsupported_content")
        .with_param(std::move(where));
}

/// The API's own tools carry their version in the type ("web_search_20250305").
bool is_native(std::string_view type) noexcept
{
    const auto mark = type.rfind("_20");
    const bool dated = mark != std::string_view::npos && type.size() == mark + 9 &&
                       std::all_of(type.begin() + static_cast<std::ptrdiff_t>(mark) + 1, type.end(),
                                   [](char c) { return c >= '0' && c <= '9'; });
    return dated || type == "mcp_toolset";
}

/// The schema with the `type` that the API insists on.
void write_input_schema(raw_writer& to, raw_json const& parameters)
{
    json::writer& out = to.out();
    json::document doc;
    json::parse_error error;
    if (parameters.empty() || !doc.parse(parameters.text, error) || !doc.root().is_object() ||
        doc["type"].exists()) {
        parameters.empty()
            ? static_cast<void>(out.raw_member("input_schema", R"({"type":"object","properties":{}})"))
            : to.member("input_schema", parameters);
        return;
    }
    out.key("input_schema").begin_object().member("type", "object");
    if (doc.root().size() == 0) {
        out.key("properties").begin_object().end_object();
    }
    for (json::member m : doc.root().members()) {
        out.raw_member(m.key, m.val.raw());
    }
    out.end_object();
}

void write_function(raw_writer& to, tool const& t, block_options const& options, bool strict)
{
    json::writer& out = to.out();
    out.begin_object().member("name", t.name);
    if (!t.description.empty()) {
        out.member("description", t.description);
    }
    if (t.parameters.empty() && options.own) {
        // Said without a schema: the provider judges it.
    } else {
        write_input_schema(to, t.parameters);
    }
    // OpenAI's clients send false by habit.
    if (t.strict && (options.own || (*t.strict && strict))) {
        out.member("strict", *t.strict);
    }
    to.cache(t.cache);
    write_extras(to, t.extra, options);
    out.end_object();
}

/// OpenAI's wish for a web search as the API's own tool.
void write_web_search(raw_writer& to, raw_json const& options)
{
    json::writer& out = to.out();
    json::document doc;
    json::parse_error error;
    static_cast<void>(doc.parse(options.text, error));
    out.begin_object().member("type", "web_search_20250305").member("name", "web_search");
    const json::value size = doc["search_context_size"];
    out.member("max_uses", size.equals("low") ? 1 : size.equals("high") ? 10 : 5);
    const json::value where = doc["user_location"]["approximate"];
    if (where.is_object()) {
        out.key("user_location").begin_object().member("type", "approximate");
        for (std::string_view const name : {"city", "region", "country", "timezone"}) {
            if (where[name].is_string()) {
                out.raw_member(name, where[name].raw());
            }
        }
        out.end_object();
    }
    out.end_object();
}

void write_json_tool(raw_writer& to, response_format const& format)
{
    json::writer& out = to.out();
    out.begin_object().member("name", json_tool);
    out.member("description", format.description.empty()
                                  ? std::string("Gives the answer in the demanded form.")
                                  : format.description);
    write_input_schema(to, format.schema);
    out.end_object();
}

result<void> write_choice(raw_writer& to, chat_request const& request, tool_options const& options)
{
    json::writer& out = to.out();
    const bool one_only = request.parallel_tool_calls == false;
    tool_choice choice = request.tool_choice.value_or(tool_choice{});
    if (options.json_answer) {
        const bool free =
            choice.how == tool_choice::mode::automatic || choice.how == tool_choice::mode::required;
        if (choice.how == tool_choice::mode::none || (free && request.tools.empty())) {
            choice = {.how = tool_choice::mode::function, .name = std::string(json_tool)};
        } else if (free) {
            choice = {.how = tool_choice::mode::required};
        }
        if (options.thinks) {
            choice = {};
        }
    } else if (!request.tool_choice && !one_only) {
        return {};
    }
    if (choice.how == tool_choice::mode::other) {
        if (!options.blocks.own) {
            return failure(error_kind::invalid_request, "Anthropic has no counterpart of this 'tool_choice'")
                .with_code("unsupported_parameter")
                .with_param("tool_choice");
        }
        to.member("tool_choice", choice.value);
        return {};
    }
    out.key("tool_choice").begin_object();
    switch (choice.how) {
    case tool_choice::mode::none: out.member("type", "none"); break;
    case tool_choice::mode::required: out.member("type", "any"); break;
    case tool_choice::mode::function: out.member("type", "tool").member("name", choice.name); break;
    default: out.member("type", "auto"); break;
    }
    if (one_only && choice.how != tool_choice::mode::none) {
        out.member("disable_parallel_tool_use", true);
    }
    out.end_object();
    return {};
}

} // namespace

result<void> write_tools(raw_writer& to, chat_request const& request, tool_options const& options)
{
    const bool search = !request.web_search_options.empty();
    if (request.tools.empty() && !search && !options.json_answer) {
        return {};
    }
    json::writer& out = to.out();
    out.key("tools").begin_array();
    for (std::size_t i = 0; i != request.tools.size(); ++i) {
        tool const& t = request.tools[i];
        if (t.type == "function") {
            write_function(to, t, options.blocks, options.strict);
        } else if (options.blocks.own || is_native(t.type)) {
            to.element(t.definition, "tools");
        } else {
            return no_counterpart("tools[" + std::to_string(i) + "]");
        }
    }
    if (search) {
        write_web_search(to, request.web_search_options);
    }
    if (options.json_answer) {
        write_json_tool(to, *request.response_format);
    }
    out.end_array();
    return write_choice(to, request, options);
}

} // namespace cogate::providers::anthropic_messages
