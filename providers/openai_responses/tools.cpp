#include "providers/openai_responses/tools.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace cogate::providers::openai_responses {

namespace {

using names = std::string_view;

/// {"type":"grammar","grammar":{...}} and the like to flat, or flat to nested.
void write_custom_format(json::writer& out, json::value format, bool flat)
{
    const json::value inner = format["grammar"];
    out.key("format");
    if (!format["type"].equals("grammar") || inner.is_object() != flat) {
        out.raw(format.raw());
        return;
    }
    out.begin_object().member("type", "grammar");
    if (!flat) {
        out.key("grammar").begin_object();
    }
    for (json::member m : flat ? inner.members() : format.members()) {
        if (m.key != "type") {
            out.raw_member(m.key, m.val.raw());
        }
    }
    if (!flat) {
        out.end_object();
    }
    out.end_object();
}

/// A custom tool of this dialect in the chat dialect's shape.
raw_json nested_custom(json::value value)
{
    std::string text;
    json::writer out(text);
    out.begin_object().member("type", "custom").key("custom").begin_object();
    for (json::member m : value.members()) {
        if (m.key == "format") {
            write_custom_format(out, m.val, false);
        } else if (m.key != "type") {
            out.raw_member(m.key, m.val.raw());
        }
    }
    out.end_object().end_object();
    return raw_json{std::move(text)};
}

void write_flat_custom(json::writer& out, json::value inner)
{
    out.begin_object().member("type", "custom");
    for (json::member m : inner.members()) {
        if (m.key == "format") {
            write_custom_format(out, m.val, true);
        } else if (m.key != "type") {
            out.raw_member(m.key, m.val.raw());
        }
    }
    out.end_object();
}

/// One entry of allowed_tools, from nested to flat.
void write_allowed_tool(json::writer& out, json::value entry)
{
    std::string scratch;
    const json::value inner = entry[entry["type"].view(scratch)];
    if (!inner.is_object()) {
        out.raw(entry.raw());
        return;
    }
    out.begin_object().raw_member("type", entry["type"].raw());
    for (json::member m : inner.members()) {
        out.raw_member(m.key, m.val.raw());
    }
    out.end_object();
}

} // namespace

tool read_tool(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 5> known = {"type", "name", "description", "parameters", "strict"};
    tool out;
    if (!value.is_object()) {
        in.wrong_type(at, "an object", value);
        return out;
    }
    in.text(value, "type", at, out.type);
    if (!value["type"].exists()) {
        in.missing(place{&at, "type"});
    }
    if (out.type != "function") {
        out.definition = out.type == "custom" ? nested_custom(value) : raw_json{std::string(value.raw())};
        out.dialect = out.type == "custom" ? "" : "openai_responses";
        in.text(value, "name", at, out.name);
        return out;
    }
    in.text(value, "name", at, out.name);
    if (out.name.empty()) {
        in.missing(place{&at, "name"});
    }
    in.text(value, "description", at, out.description);
    in.object(value, "parameters", at, out.parameters);
    in.flag(value, "strict", at, out.strict);
    keep_unknown(value, known, out.extra);
    return out;
}

bool write_tool(raw_writer& to, tool const& t, bool ours)
{
    json::writer& out = to.out();
    if (t.type != "function") {
        json::document doc;
        json::parse_error error;
        if (!doc.parse(t.definition.text, error)) {
            to.element(t.definition, "tools");
            return true;
        }
        const json::value custom = doc["custom"];
        if (t.type == "custom" && custom.is_object()) {
            write_flat_custom(out, custom);
            return true;
        }
        // Hosted tools as this dialect spells them; `name` beside the type marks those of Anthropic.
        if (!ours && doc["name"].exists() && t.type != "custom") {
            return false;
        }
        out.raw(doc.root().raw());
        return true;
    }
    out.begin_object().member("type", "function").member("name", t.name);
    if (!t.description.empty()) {
        out.member("description", t.description);
    }
    if (t.parameters.empty()) {
        out.key("parameters").raw(R"({"type":"object","properties":{}})");
    } else {
        to.member("parameters", t.parameters);
    }
    if (t.strict) {
        out.member("strict", *t.strict);
    } else if (!ours) {
        // Here the default is true, which many schemas do not meet.
        out.member("strict", false);
    }
    if (ours) {
        to.extra(t.extra);
    }
    out.end_object();
    return true;
}

std::optional<tool_choice> read_tool_choice(reader& in, json::value value, place const& at)
{
    if (!value.exists() || value.is_null()) {
        return std::nullopt;
    }
    tool_choice choice;
    if (value.equals("auto")) {
        choice.how = tool_choice::mode::automatic;
    } else if (value.equals("none")) {
        choice.how = tool_choice::mode::none;
    } else if (value.equals("required")) {
        choice.how = tool_choice::mode::required;
    } else if (value["type"].equals("function") && value["name"].is_string() && value.size() == 2) {
        choice.how = tool_choice::mode::function;
        choice.name = value["name"].string();
    } else if (value["type"].equals("custom")) {
        choice.how = tool_choice::mode::other;
        choice.value = nested_custom(value);
    } else if (value.is_string() || value.is_object()) {
        choice.how = tool_choice::mode::other;
        choice.value.text = value.raw();
    } else {
        in.wrong_type(at, "a string or an object", value);
        return std::nullopt;
    }
    return choice;
}

bool write_tool_choice(raw_writer& to, tool_choice const& choice, bool ours)
{
    json::writer& out = to.out();
    switch (choice.how) {
    case tool_choice::mode::automatic: out.value("auto"); return true;
    case tool_choice::mode::none: out.value("none"); return true;
    case tool_choice::mode::required: out.value("required"); return true;
    case tool_choice::mode::function:
        out.begin_object().member("type", "function").member("name", choice.name).end_object();
        return true;
    case tool_choice::mode::other: break;
    }
    json::document doc;
    json::parse_error error;
    if (!doc.parse(choice.value.text, error)) {
        to.element(choice.value, "tool_choice");
        return true;
    }
    const json::value allowed = doc["allowed_tools"];
    if (doc["type"].equals("custom") && doc["custom"].is_object()) {
        write_flat_custom(out, doc["custom"]);
    } else if (doc["type"].equals("allowed_tools") && allowed.is_object()) {
        out.begin_object().member("type", "allowed_tools");
        if (allowed["mode"].exists()) {
            out.raw_member("mode", allowed["mode"].raw());
        }
        out.key("tools").begin_array();
        for (json::value entry : allowed["tools"]) {
            write_allowed_tool(out, entry);
        }
        out.end_array().end_object();
    } else if (ours) {
        out.raw(doc.root().raw());
    } else {
        return false;
    }
    return true;
}

std::optional<response_format> read_format(reader& in, json::value value, place const& at)
{
    static constexpr std::array<names, 5> known = {"type", "name", "description", "schema", "strict"};
    if (!value.exists() || value.is_null()) {
        return std::nullopt;
    }
    const json::value type = value["type"];
    if (!value.is_object() || !type.is_string()) {
        value.is_object() ? in.wrong_type(place{&at, "type"}, "a string", type)
                          : in.wrong_type(at, "an object", value);
        return std::nullopt;
    }
    response_format format;
    extra_fields rest;
    keep_unknown(value, known, rest);
    if (type.equals("text") && value.size() == 1) {
        format.type = response_format::kind::text;
    } else if (type.equals("json_object") && value.size() == 1) {
        format.type = response_format::kind::json_object;
    } else if (type.equals("json_schema") && rest.empty()) {
        format.type = response_format::kind::json_schema;
        in.text(value, "name", at, format.name);
        in.text(value, "description", at, format.description);
        in.object(value, "schema", at, format.schema);
        in.flag(value, "strict", at, format.strict);
        if (format.schema.empty()) {
            in.missing(place{&at, "schema"});
        }
    } else {
        format.type = response_format::kind::other;
        format.value.text = value.raw();
    }
    return format;
}

bool write_format(raw_writer& to, response_format const& format, bool ours)
{
    json::writer& out = to.out();
    if (format.type == response_format::kind::other) {
        json::document doc;
        json::parse_error error;
        if (!doc.parse(format.value.text, error) || ours) {
            to.element(format.value, "response_format");
            return true;
        }
        const json::value inner = doc["json_schema"];
        if (!inner.is_object()) {
            return false;
        }
        out.begin_object().member("type", "json_schema");
        for (json::member m : inner.members()) {
            if (m.key != "type") {
                out.raw_member(m.key, m.val.raw());
            }
        }
        out.end_object();
        return true;
    }
    out.begin_object();
    switch (format.type) {
    case response_format::kind::json_object: out.member("type", "json_object"); break;
    case response_format::kind::json_schema:
        out.member("type", "json_schema")
            .member("name", format.name.empty() ? names("response") : names(format.name));
        if (!format.description.empty()) {
            out.member("description", format.description);
        }
        to.member("schema", format.schema);
        if (format.strict) {
            out.member("strict", *format.strict);
        }
        break;
    default: out.member("type", "text"); break;
    }
    out.end_object();
    return true;
}

void write_web_search(raw_writer& to, raw_json const& options)
{
    json::writer& out = to.out();
    json::document doc;
    json::parse_error error;
    out.begin_object().member("type", "web_search");
    if (!doc.parse(options.text, error)) {
        to.member("web_search_options", options);
    }
    for (json::member m : doc.root().members()) {
        const json::value place = m.val["approximate"];
        if (m.key == "user_location" && place.is_object()) {
            out.key("user_location").begin_object().member("type", "approximate");
            for (json::member inner : place.members()) {
                if (inner.key != "type") {
                    out.raw_member(inner.key, inner.val.raw());
                }
            }
            out.end_object();
        } else if (m.key != "type") {
            out.raw_member(m.key, m.val.raw());
        }
    }
    out.end_object();
}

} // namespace cogate::providers::openai_responses
