#include "providers/anthropic_messages/schema.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace cogate::providers::anthropic_messages {

namespace {

using names = std::string_view;

constexpr std::array<names, 14> refused = {
    "minimum",       "maximum",   "exclusiveMinimum", "exclusiveMaximum",    "multipleOf",
    "minLength",     "maxLength", "maxItems",         "uniqueItems",         "minProperties",
    "maxProperties", "contains",  "$schema",          "additionalProperties"};
constexpr std::array<names, 4> maps = {"properties", "$defs", "definitions", "patternProperties"};
constexpr std::array<names, 4> lists = {"anyOf", "allOf", "oneOf", "prefixItems"};

template <class List>
bool in(List const& list, std::string_view key) noexcept
{
    return std::find(list.begin(), list.end(), key) != list.end();
}

bool is_object_schema(json::value schema)
{
    if (schema["properties"].is_object() || schema["type"].equals("object")) {
        return true;
    }
    for (json::value type : schema["type"]) {
        if (type.equals("object")) {
            return true;
        }
    }
    return false;
}

} // namespace

void write_strict_schema(json::writer& out, json::value schema)
{
    if (!schema.is_object()) {
        out.raw(schema.raw());
        return;
    }
    out.begin_object();
    for (json::member m : schema.members()) {
        if (in(refused, m.key) || (m.key == "minItems" && m.val.as_int64().value_or(2) > 1)) {
            continue;
        }
        if (in(maps, m.key) && m.val.is_object()) {
            out.key(m.key).begin_object();
            for (json::member inner : m.val.members()) {
                out.key(inner.key);
                write_strict_schema(out, inner.val);
            }
            out.end_object();
        } else if (in(lists, m.key) && m.val.is_array()) {
            out.key(m.key == "oneOf" && !schema.contains("anyOf") ? names("anyOf") : m.key).begin_array();
            for (json::value inner : m.val) {
                write_strict_schema(out, inner);
            }
            out.end_array();
        } else if (m.key == "items" || m.key == "not") {
            out.key(m.key);
            write_strict_schema(out, m.val);
        } else {
            out.raw_member(m.key, m.val.raw());
        }
    }
    if (is_object_schema(schema)) {
        out.member("additionalProperties", false);
    }
    out.end_object();
}

} // namespace cogate::providers::anthropic_messages
