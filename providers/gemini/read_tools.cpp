#include "providers/gemini/tools.hpp"

#include "providers/gemini/members.hpp"
#include "providers/gemini/schema.hpp"

#include <array>

namespace cogate::providers::gemini {

namespace {

using names = std::string_view;

void read_declaration(reader& in, json::value value, place const& at, chat_request& out)
{
    static constexpr std::array<names, 4> known = {"name", "description", "parameters",
                                                   "parametersJsonSchema"};
    if (!value.is_object()) {
        in.wrong_type(at, "an object", value);
        return;
    }
    tool t;
    in.text(value, "name", at, t.name);
    if (t.name.empty()) {
        in.missing(place{&at, "name"});
    }
    in.text(value, "description", at, t.description);
    const json::value as_is = member(value, "parametersJsonSchema");
    const json::value openapi = value["parameters"];
    if (as_is.is_object()) {
        t.parameters.text = as_is.raw();
    } else if (openapi.is_object()) {
        t.parameters.text = to_json_schema(openapi);
    } else if (openapi.exists() && !openapi.is_null()) {
        in.wrong_type(place{&at, "parameters"}, "an object", openapi);
    }
    keep_unknown(value, known, t.extra);
    out.tools.push_back(std::move(t));
}

void read_tool(reader& in, json::value value, place const& at, chat_request& out)
{
    if (!value.is_object()) {
        in.wrong_type(at, "an object", value);
        return;
    }
    for (json::member m : value.members()) {
        const std::string key = camel(m.key);
        if (key == "functionDeclarations") {
            const place list{&at, m.key};
            place element{&list, {}, 0};
            for (json::value item : elements(m.val)) {
                read_declaration(in, item, element, out);
                ++element.index;
            }
        } else if (key == "googleSearch" && m.val.is_object() && m.val.size() == 0) {
            out.web_search_options.text = "{}";
        } else {
            tool t;
            t.type = key;
            t.dialect = "gemini";
            json::writer whole(t.definition.text);
            whole.begin_object().raw_member(key, m.val.raw()).end_object();
            out.tools.push_back(std::move(t));
        }
    }
}

void read_choice(reader& in, json::value config, place const& at, tool_choice& out, extra_fields& rest)
{
    const std::string mode = lower_word(config["mode"]);
    std::vector<std::string> allowed;
    for (json::value name : member(config, "allowedFunctionNames")) {
        allowed.push_back(name.string());
    }
    if (mode == "none") {
        out.how = tool_choice::mode::none;
    } else if (mode == "any" && allowed.empty()) {
        out.how = tool_choice::mode::required;
    } else if (mode == "any" && allowed.size() == 1) {
        out.how = tool_choice::mode::function;
        out.name = allowed.front();
    } else if (mode == "any") {
        out.how = tool_choice::mode::other;
        json::writer to(out.value.text);
        to.begin_object().member("type", "allowed_tools").key("allowed_tools").begin_object();
        to.member("mode", "required").key("tools").begin_array();
        for (std::string const& name : allowed) {
            to.begin_object().member("type", "function").key("function").begin_object().member("name", name);
            to.end_object().end_object();
        }
        to.end_array().end_object().end_object();
    } else if (mode != "auto" && !mode.empty() && mode != "mode_unspecified") {
        // VALIDATED and whatever comes: nearest to auto, but only Google knows what it means.
        rest.set("functionCallingConfig", raw_json{std::string(config.raw())});
    }
    if (!config.is_object()) {
        in.wrong_type(at, "an object", config);
    }
}

} // namespace

void read_tools(reader& in, json::value root, chat_request& out)
{
    const json::value list = root["tools"];
    const place at{nullptr, "tools"};
    if (list.exists() && !list.is_null() && !list.is_array() && !list.is_object()) {
        in.wrong_type(at, "an array", list);
    }
    place element{&at, {}, 0};
    for (json::value item : elements(list)) {
        read_tool(in, item, element, out);
        ++element.index;
    }
    const json::value config = member(root, "toolConfig");
    if (!config.exists() || config.is_null()) {
        return;
    }
    const place config_at{nullptr, "toolConfig"};
    if (!config.is_object()) {
        in.wrong_type(config_at, "an object", config);
        return;
    }
    static constexpr std::array<names, 1> known = {"functionCallingConfig"};
    extra_fields rest;
    if (const json::value calling = member(config, "functionCallingConfig");
        calling.exists() && !calling.is_null()) {
        out.tool_choice.emplace();
        read_choice(in, calling, place{&config_at, "functionCallingConfig"}, *out.tool_choice, rest);
    }
    keep_unknown(config, known, rest);
    keep_object(rest, "toolConfig", out.extra);
}

} // namespace cogate::providers::gemini
