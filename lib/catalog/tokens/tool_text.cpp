#include "lib/catalog/tokens/tool_text.hpp"

#include "lib/core/json/document.hpp"

#include <algorithm>
#include <string_view>

namespace cogate::catalog {

namespace {

/// A value as a text has it: a string bare, anything else as JSON.
std::string shown(json::value const& v)
{
    return v.is_string() ? v.string() : std::string(v.raw());
}

/// Neither absent nor empty nor false, as Python sees it.
bool says_something(json::value const& v)
{
    return v.exists() && !v.is_null() && v.raw() != "\"\"" && v.raw() != "false" && v.raw() != "0" &&
           v.raw() != "[]" && v.raw() != "{}";
}

void append_properties(std::string& out, json::value const& schema, std::size_t indent);

void append_type(std::string& out, json::value const& schema, std::size_t indent)
{
    json::value const type = schema["type"];
    bool const is_number = type.equals("integer") || type.equals("number");
    if ((type.equals("string") || is_number) && schema["enum"].exists()) {
        std::string_view between;
        for (json::value const item : schema["enum"]) {
            out.append(between).append("\"").append(shown(item)).append("\"");
            between = " | ";
        }
    } else if (type.equals("array")) {
        append_type(out, schema["items"], indent);
        out += "[]";
    } else if (type.equals("object")) {
        out += "{\n";
        append_properties(out, schema, indent + 2);
        out += "\n}";
    } else if (is_number) {
        out += "number";
    } else if (type.equals("string") || type.equals("boolean") || type.equals("null")) {
        out += type.string();
    } else {
        out += "any";
    }
}

std::vector<std::string> required_names(json::value const& schema)
{
    std::vector<std::string> names;
    for (json::value const name : schema["required"]) {
        names.push_back(name.string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

void append_properties(std::string& out, json::value const& schema, std::size_t indent)
{
    std::vector<std::string> const required = required_names(schema);
    bool first = true;
    auto const begin_line = [&out, &first, indent] {
        out += first ? "" : "\n";
        out.append(indent, ' ');
        first = false;
    };
    for (auto const [key, property] : schema["properties"].members()) {
        if (json::value const description = property["description"]; says_something(description)) {
            begin_line();
            out.append("// ").append(shown(description));
        }
        begin_line();
        out += key;
        out += std::binary_search(required.begin(), required.end(), key) ? ": " : "?: ";
        append_type(out, property, indent);
        out += ",";
    }
}

void append_function(std::string& out, std::string_view name, std::string_view description,
                     json::value const& schema)
{
    if (name.empty()) {
        return;
    }
    if (!description.empty()) {
        out.append("// ").append(description).append("\n");
    }
    out.append("type ").append(name);
    if (schema["properties"].is_object() && schema["properties"].size() != 0) {
        out += " = (_: {\n";
        append_properties(out, schema, 0);
        out += "\n}) => any;\n\n";
    } else {
        out += " = () => any;\n\n";
    }
}

void append_definition(std::string& out, json::value const& function)
{
    json::value const schema =
        function["input_schema"].is_object() ? function["input_schema"] : function["parameters"];
    append_function(out, function["name"].string(), function["description"].string(), schema);
}

void append_other(std::string& out, json::value const& definition)
{
    if (definition["function"].is_object()) {
        append_definition(out, definition["function"]);
        return;
    }
    for (std::string_view const field : {"function_declarations", "functionDeclarations"}) {
        if (json::value const list = definition[field]; list.is_array()) {
            for (json::value const each : list) {
                append_definition(out, each);
            }
            return;
        }
    }
    append_definition(out, definition);
}

} // namespace

std::string tool_text(std::span<tool const> tools)
{
    std::string out = "namespace functions {\n\n";
    json::document document;
    for (tool const& each : tools) {
        bool const is_function = each.type == "function";
        json::parse_error error;
        document.parse(is_function ? each.parameters.text : each.definition.text, error);
        if (is_function) {
            append_function(out, each.name, each.description, document.root());
        } else {
            append_other(out, document.root());
        }
    }
    out += "} // namespace functions";
    return out;
}

} // namespace cogate::catalog
