#include "lib/core/json/string.hpp"

#include <algorithm>
#include <cstring>

#include "lib/core/json/characters.hpp"
#include "lib/core/json/plain_run.hpp"
#include "lib/core/utf8.hpp"

namespace cogate::json {

namespace {

constexpr char32_t replacement = 0xFFFD;

char32_t unit_at(const char* digits) noexcept
{
    char32_t unit = 0;
    for (int i = 0; i < 4; ++i) {
        unit = unit << 4 | static_cast<char32_t>(hex_value(digits[i]));
    }
    return unit;
}

constexpr bool is_high(char32_t unit) noexcept
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

constexpr bool is_low(char32_t unit) noexcept
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

// p stands behind "\u"; returns the byte behind the escape, or behind both escapes of a pair.
const char* append_unit(std::string& out, const char* p, const char* last)
{
    const char32_t unit = unit_at(p);
    p += 4;
    if (is_high(unit) && last - p >= 6 && p[0] == '\\' && p[1] == 'u') {
        const char32_t second = unit_at(p + 2);
        if (is_low(second)) {
            core::append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00));
            return p + 6;
        }
    }
    core::append_utf8(out, is_high(unit) || is_low(unit) ? replacement : unit);
    return p;
}

void append_control(std::string& out, char c)
{
    switch (c) {
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    const char escape[6] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 0xF]};
    out.append(escape, sizeof escape);
}

} // namespace

void append_unescaped(std::string& out, std::string_view body)
{
    const char* p = body.data();
    const char* const last = p + body.size();
    while (p != last) {
        const void* const found = std::memchr(p, '\\', static_cast<std::size_t>(last - p));
        if (found == nullptr) {
            out.append(p, last);
            return;
        }
        const char* const backslash = static_cast<const char*>(found);
        out.append(p, backslash);
        p = backslash + 1;
        if (*p == 'u') {
            p = append_unit(out, p + 1, last);
        } else {
            out += simple_escape(*p);
            ++p;
        }
    }
}

std::size_t string_body_size(std::string_view text) noexcept
{
    const char* p = text.data();
    const char* const last = p + text.size();
    for (;;) {
        const char* const from = p;
        p = core::skip_non_ascii(skip_plain(p, last), last);
        if (p == last) {
            return std::string_view::npos;
        }
        if (*p == '"') {
            return static_cast<std::size_t>(p - text.data());
        }
        if (*p != '\\') {
            if (p == from) {
                return std::string_view::npos; // a control character, or no UTF-8
            }
            continue;
        }
        if (last - p < 2) {
            return std::string_view::npos;
        }
        const bool code = p[1] == 'u';
        const bool whole =
            !code || (last - p >= 6 && std::all_of(p + 2, p + 6, [](char c) { return hex_value(c) >= 0; }));
        if (!whole || (!code && simple_escape(p[1]) == 0)) {
            return std::string_view::npos;
        }
        p += code ? 6 : 2;
    }
}

void append_quoted(std::string& out, std::string_view text)
{
    const char* p = text.data();
    const char* const last = p + text.size();
    if (skip_plain(p, last) == last) {
        // The quotes with one step, the text between them with another.
        const std::size_t at = out.size();
        out.append(text.size() + 2, '"');
        text.copy(out.data() + at + 1, text.size());
        return;
    }
    const std::size_t least = out.size() + text.size() + 2;
    if (least > out.capacity()) {
        out.reserve(std::max(least, 2 * out.capacity()));
    }
    out += '"';
    while (p != last) {
        const char* const run = p;
        p = core::skip_non_ascii(skip_plain(p, last), last);
        out.append(run, p);
        if (p == last) {
            break;
        }
        const auto byte = static_cast<unsigned char>(*p);
        if (byte >= 0x80) {
            p += core::ill_formed_length(p, last);
            core::append_utf8(out, replacement);
            continue;
        }
        if (*p == '"' || *p == '\\') {
            out += '\\';
            out += *p++;
        } else if (byte < 0x20) {
            append_control(out, *p++);
        }
    }
    out += '"';
}

} // namespace cogate::json
