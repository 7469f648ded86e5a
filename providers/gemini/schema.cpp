#include "providers/gemini/schema.hpp"

#include "providers/gemini/members.hpp"

#include "lib/core/json/writer.hpp"
#include "lib/core/text.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::gemini {

namespace {

using names = std::string_view;

constexpr std::array<names, 4> maps = {"properties", "$defs", "definitions", "patternProperties"};
constexpr std::array<names, 4> lists = {"anyOf", "oneOf", "allOf", "prefixItems"};
constexpr std::array<names, 3> nested = {"items", "additionalProperties", "not"};
// int64 is text in Google's JSON.
constexpr std::array<names, 6> counts = {"minItems",  "maxItems",      "minLength",
                                         "maxLength", "minProperties", "maxProperties"};

template <std::size_t N>
bool has(std::array<names, N> const& list, std::string_view key) noexcept
{
    return std::find(list.begin(), list.end(), key) != list.end();
}

void write_schema(json::writer& out, json::value schema);

void write_type(json::writer& out, json::value type, bool nullable)
{
    if (!type.is_string()) {
        out.raw_member("type", type.raw());
        return;
    }
    out.key("type");
    if (!nullable) {
        out.value(lower_word(type));
        return;
    }
    out.begin_array().value(lower_word(type)).value("null").end_array();
}

void write_member(json::writer& out, std::string_view key, json::value value)
{
    std::string scratch;
    if (has(maps, key) && value.is_object()) {
        out.key(key).begin_object();
        for (json::member m : value.members()) {
            out.key(m.key);
            write_schema(out, m.val);
        }
        out.end_object();
    } else if (has(lists, key) && value.is_array()) {
        out.key(key).begin_array();
        for (json::value item : value) {
            write_schema(out, item);
        }
        out.end_array();
    } else if (has(nested, key) && value.is_object()) {
        out.key(key);
        write_schema(out, value);
    } else if (has(counts, key) && core::parse_int<std::int64_t>(value.view(scratch))) {
        out.raw_member(key, value.view(scratch));
    } else {
        out.raw_member(key, value.raw());
    }
}

// As deep as the parser lets a document be.
void write_schema(json::writer& out, json::value schema)
{
    if (!schema.is_object()) {
        out.raw(schema.raw());
        return;
    }
    const json::value type = schema["type"];
    const bool nullable = schema["nullable"].as_bool().value_or(false) && type.is_string();
    out.begin_object();
    for (json::member m : schema.members()) {
        const std::string key = m.key.starts_with('$') ? std::string(m.key) : camel(m.key);
        if (key == "type") {
            write_type(out, m.val, nullable);
        } else if (key != "nullable" || !nullable) {
            write_member(out, key, m.val);
        }
    }
    out.end_object();
}

constexpr std::array<names, 17> allowed = {
    "format",    "title",     "description",   "enum",          "maxItems", "minItems", "required",
    "minLength", "maxLength", "minProperties", "maxProperties", "pattern",  "example",  "propertyOrdering",
    "default",   "minimum",   "maximum"};

class openapi_writer {
public:
    openapi_writer(json::value root, std::string& text) : root_(root), text_(text), out_(text) {}

    bool write(json::value schema, unsigned depth);

private:
    static constexpr unsigned deepest = 64;
    static constexpr std::size_t most_bytes = 1 << 20;

    json::value resolve(json::value schema) const;
    bool write_map(json::value map, unsigned depth);
    bool write_list(json::value list, unsigned depth);

    json::value root_;
    std::string& text_;
    json::writer out_;
};

json::value openapi_writer::resolve(json::value schema) const
{
    for (int hops = 0; hops != 16; ++hops) {
        const json::value reference = schema["$ref"];
        if (!reference.is_string()) {
            const json::value all = schema["allOf"];
            if (all.size() != 1 || schema["type"].exists()) {
                return schema;
            }
            schema = all[std::size_t{0}];
            continue;
        }
        const std::string text = reference.string();
        json::value at = root_;
        std::vector<std::string_view> const steps = core::split(text, '/');
        for (std::size_t i = 1; i < steps.size(); ++i) {
            at = at[steps[i]];
        }
        schema = steps.front() == "#" ? at : json::value();
    }
    return {};
}

bool openapi_writer::write_map(json::value map, unsigned depth)
{
    out_.begin_object();
    for (json::member m : map.members()) {
        out_.key(m.key);
        if (!write(m.val, depth)) {
            return false;
        }
    }
    out_.end_object();
    return true;
}

bool openapi_writer::write_list(json::value list, unsigned depth)
{
    out_.begin_array();
    for (json::value item : list) {
        if (!item["type"].equals("null") && !write(item, depth)) {
            return false;
        }
    }
    out_.end_array();
    return true;
}

bool openapi_writer::write(json::value schema, unsigned depth)
{
    schema = resolve(schema);
    if (depth > deepest || text_.size() > most_bytes || (!schema.is_object() && !schema.is_bool())) {
        return false;
    }
    out_.begin_object();
    bool nullable = false;
    json::value type = schema["type"];
    for (json::value word : type) {
        nullable = nullable || word.equals("null");
    }
    if (type.is_array()) {
        const auto first =
            std::find_if(type.begin(), type.end(), [](json::value v) { return !v.equals("null"); });
        type = first == type.end() ? json::value() : *first;
    }
    if (type.is_string()) {
        std::string word = type.string();
        std::transform(word.begin(), word.end(), word.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; });
        out_.member("type", word);
    }
    bool good = true;
    for (json::member m : schema.members()) {
        if (m.key == "properties") {
            // An empty object at the root is refused; without properties it is any object.
            if (m.val.size() > 0) {
                out_.key("properties");
                good = good && write_map(m.val, depth + 1);
            }
        } else if (m.key == "items") {
            out_.key("items");
            good = good && write(m.val, depth + 1);
        } else if (m.key == "anyOf" || m.key == "oneOf") {
            for (json::value item : m.val) {
                nullable = nullable || item["type"].equals("null");
            }
            out_.key("anyOf");
            good = good && write_list(m.val, depth + 1);
        } else if (m.key == "const") {
            out_.key("enum").begin_array().raw(m.val.raw()).end_array();
        } else if (m.key != "nullable" && has(allowed, m.key)) {
            out_.raw_member(m.key, m.val.raw());
        }
        if (!good) {
            return false;
        }
    }
    if (nullable || schema["nullable"].as_bool().value_or(false)) {
        out_.member("nullable", true);
    }
    out_.end_object();
    return true;
}

} // namespace

std::string to_json_schema(json::value schema)
{
    std::string text;
    json::writer out(text);
    write_schema(out, schema);
    return text;
}

result<std::string> to_openapi(std::string_view schema, std::string_view param)
{
    json::document doc;
    json::parse_error error;
    std::string text;
    if (doc.parse(schema, error) && doc.root().is_object() &&
        openapi_writer(doc.root(), text).write(doc.root(), 0)) {
        return text;
    }
    return failure(error_kind::invalid_request,
                   "'" + std::string(param) +
                       "' is no schema that this model takes (references that lead back to "
                       "themselves, or too large)")
        .with_code("unsupported_schema")
        .with_param(std::string(param));
}

} // namespace cogate::providers::gemini
