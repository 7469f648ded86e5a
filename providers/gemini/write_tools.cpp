#include "providers/gemini/tools.hpp"

#include "providers/common/lacks.hpp"
#include "providers/common/write_members.hpp"
#include "providers/gemini/members.hpp"
#include "providers/gemini/schema.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::gemini {

namespace {

using names = std::string_view;

constexpr std::array<names, 10> own_tools = {
    "googleSearch", "googleSearchRetrieval", "codeExecution", "urlContext",          "fileSearch",
    "googleMaps",   "computerUse",           "retrieval",     "enterpriseWebSearch", "mcpServers"};

bool is_own_tool(tool const& t)
{
    return std::find(own_tools.begin(), own_tools.end(), camel(t.type)) != own_tools.end();
}

/// Google's tool for another provider's of the same use.
std::string_view counterpart(std::string_view type) noexcept
{
    if (type.starts_with("web_search")) {
        return "googleSearch";
    }
    if (type.starts_with("code_interpreter") || type.starts_with("code_execution")) {
        return "codeExecution";
    }
    return type.starts_with("web_fetch") ? std::string_view("urlContext") : std::string_view();
}

result<void> write_declaration(raw_writer& to, tool const& t, model_traits const& model, std::size_t position)
{
    json::writer& out = to.out();
    out.begin_object().member("name", t.name);
    if (!t.description.empty()) {
        out.member("description", t.description);
    }
    if (!t.parameters.empty() && model.json_schema()) {
        to.member("parametersJsonSchema", t.parameters);
    } else if (!t.parameters.empty()) {
        const std::string param = "tools[" + std::to_string(position) + "].function.parameters";
        const result<std::string> schema = to_openapi(t.parameters.text, param);
        if (!schema) {
            return schema.error();
        }
        json::document doc;
        json::parse_error error;
        // An object without properties is refused; a function without parameters is not.
        if (doc.parse(*schema, error) && (!doc["type"].equals("OBJECT") || doc["properties"].size() > 0)) {
            out.raw_member("parameters", *schema);
        }
    }
    for (auto const& [name, value] : t.extra) {
        if (name.find('_') == std::string::npos && name != "function") {
            to.member(name, value); // Google's own (behavior, response)
        }
    }
    out.end_object();
    return {};
}

result<void> write_declarations(raw_writer& to, chat_request const& r, model_traits const& model)
{
    json::writer& out = to.out();
    out.begin_object().key("functionDeclarations").begin_array();
    for (std::size_t i = 0; i != r.tools.size(); ++i) {
        if (r.tools[i].type == "function") {
            if (const result<void> written = write_declaration(to, r.tools[i], model, i); !written) {
                return written;
            }
        }
    }
    out.end_array().end_object();
    return {};
}

failure no_such_tool(std::size_t position, std::string_view type)
{
    std::string param = "tools[" + std::to_string(position) + "]";
    return failure(error_kind::invalid_request,
                   "'" + param + "' is a tool that Google does not have: " + std::string(type.substr(0, 100)))
        .with_code("unsupported_tool")
        .with_param(std::move(param));
}

/// Names of OpenAI's allowed_tools, when every one of them has to be called.
std::vector<std::string> required_of(json::value choice)
{
    std::vector<std::string> out;
    const json::value inner = choice["allowed_tools"];
    if (choice["type"].equals("allowed_tools") && inner["mode"].equals("required")) {
        for (json::value t : inner["tools"]) {
            out.push_back(t["function"]["name"].string());
        }
    }
    return out;
}

void write_calling(json::writer& out, std::string_view mode, std::vector<std::string> const& allowed)
{
    out.key("functionCallingConfig").begin_object().member("mode", mode);
    if_set(out, "allowedFunctionNames", allowed);
    out.end_object();
}

result<void> write_choice(json::writer& out, chat_request const& r, call_context const& context)
{
    switch (r.tool_choice->how) {
    case tool_choice::mode::automatic: write_calling(out, "AUTO", {}); break;
    case tool_choice::mode::none: write_calling(out, "NONE", {}); break;
    case tool_choice::mode::required: write_calling(out, "ANY", {}); break;
    case tool_choice::mode::function: write_calling(out, "ANY", {r.tool_choice->name}); break;
    case tool_choice::mode::other: {
        json::document doc;
        json::parse_error error;
        const bool good = doc.parse(r.tool_choice->value.text, error);
        const std::vector<std::string> allowed = required_of(doc.root());
        if (good && !allowed.empty()) {
            write_calling(out, "ANY", allowed);
        } else if (std::optional<failure> refused = lacks("tool_choice", context)) {
            return *std::move(refused);
        }
        break;
    }
    }
    return {};
}

result<void> write_tool_config(raw_writer& to, chat_request const& r, call_context const& context)
{
    raw_json const* rest = r.extra.find("toolConfig");
    if (!r.tool_choice && rest == nullptr) {
        return {};
    }
    json::document doc;
    json::parse_error error;
    if (rest != nullptr) {
        doc.parse(rest->text, error);
    }
    json::writer& out = to.out();
    out.key("toolConfig").begin_object();
    if (r.tool_choice && !member(doc.root(), "functionCallingConfig").exists()) {
        if (const result<void> written = write_choice(out, r, context); !written) {
            return written;
        }
    }
    to.leftovers(r.extra, "toolConfig");
    out.end_object();
    return {};
}

} // namespace

result<void> write_tools(raw_writer& to, chat_request const& r, model_traits const& model,
                         call_context const& context)
{
    json::writer& out = to.out();
    if (!r.tools.empty() || !r.web_search_options.empty()) {
        out.key("tools").begin_array();
        if (!r.web_search_options.empty()) {
            out.begin_object().key("googleSearch").begin_object().end_object().end_object();
        }
        bool declared = false;
        for (std::size_t i = 0; i != r.tools.size(); ++i) {
            tool const& t = r.tools[i];
            if (t.type == "function") {
                if (!declared) {
                    if (const result<void> written = write_declarations(to, r, model); !written) {
                        return written;
                    }
                }
                declared = true;
            } else if (is_own_tool(t)) {
                to.element(t.definition, "tools");
            } else if (const std::string_view same = counterpart(t.type); !same.empty()) {
                out.begin_object().key(same).begin_object().end_object().end_object();
            } else if (!context.rules.drop_params) {
                return no_such_tool(i, t.type);
            }
        }
        out.end_array();
    }
    return write_tool_config(to, r, context);
}

} // namespace cogate::providers::gemini
