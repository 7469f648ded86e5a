#include "providers/gemini/members.hpp"

#include "providers/common/fields.hpp"

#include "lib/core/text.hpp"

#include <algorithm>

namespace cogate::providers::gemini {

namespace {

bool is_upper(char c) noexcept
{
    return c >= 'A' && c <= 'Z';
}

std::string snake(std::string_view camel_name)
{
    std::string out;
    for (char const c : camel_name) {
        if (is_upper(c)) {
            out += '_';
        }
        out += core::lower(c);
    }
    return out;
}

} // namespace

std::string camel(std::string_view name)
{
    std::string out;
    bool raise = false;
    for (char const c : name) {
        if (c == '_' && !out.empty()) {
            raise = true;
            continue;
        }
        out += raise && c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
        raise = false;
    }
    return out;
}

json::value member(json::value object, std::string_view camel_name)
{
    const json::value found = object[camel_name];
    if (found.exists() || !std::any_of(camel_name.begin(), camel_name.end(), is_upper)) {
        return found;
    }
    return object[snake(camel_name)];
}

std::string key_of(json::value object, std::string_view camel_name)
{
    return object.contains(camel_name) ? std::string(camel_name) : snake(camel_name);
}

void keep_unknown(json::value object, std::span<std::string_view const> known, extra_fields& extra)
{
    for (json::member m : object.members()) {
        if (std::find(known.begin(), known.end(), camel(m.key)) == known.end()) {
            extra.set(std::string(m.key), raw_json{std::string(m.val.raw())});
        }
    }
}

void keep_leftovers(json::value object, std::string_view name, std::span<std::string_view const> known,
                    extra_fields& extra)
{
    extra_fields rest;
    keep_unknown(object, known, rest);
    keep_object(rest, name, extra);
}

std::string compact(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (quoted && c == '\\' && i + 1 < text.size()) {
            out += c;
            out += text[++i];
            continue;
        }
        if (c == '"') {
            quoted = !quoted;
        }
        if (quoted || (c != ' ' && c != '\t' && c != '\r' && c != '\n')) {
            out += c;
        }
    }
    return out;
}

std::string lower_word(json::value word)
{
    return core::ilower(word.string());
}

std::vector<json::value> elements(json::value list)
{
    std::vector<json::value> out;
    if (list.is_array()) {
        out.assign(list.begin(), list.end());
    } else if (list.is_object()) {
        out.push_back(list);
    }
    return out;
}

} // namespace cogate::providers::gemini
