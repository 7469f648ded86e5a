#include "lib/core/json/syntax.hpp"

namespace cogate::json {

std::string_view to_string(kind k) noexcept
{
    switch (k) {
    case kind::missing: return "missing";
    case kind::null: return "null";
    case kind::boolean: return "boolean";
    case kind::number: return "number";
    case kind::string: return "string";
    case kind::array: return "array";
    case kind::object: return "object";
    }
    return "unknown kind";
}

std::string_view to_string(scan_errc code) noexcept
{
    switch (code) {
    case scan_errc::none: return "no error";
    case scan_errc::unexpected_end: return "unexpected end of JSON text";
    case scan_errc::expected_value: return "expected a value";
    case scan_errc::expected_value_or_array_end: return "expected a value or ']'";
    case scan_errc::expected_key: return "expected a key in double quotes";
    case scan_errc::expected_key_or_object_end: return "expected a key in double quotes or '}'";
    case scan_errc::expected_colon: return "expected ':'";
    case scan_errc::expected_comma_or_array_end: return "expected ',' or ']'";
    case scan_errc::expected_comma_or_object_end: return "expected ',' or '}'";
    case scan_errc::trailing_bytes: return "unexpected bytes after the JSON text";
    case scan_errc::invalid_literal: return "invalid literal";
    case scan_errc::invalid_number: return "invalid number";
    case scan_errc::invalid_escape: return "invalid escape in a string";
    case scan_errc::invalid_utf8: return "invalid UTF-8 in a string";
    case scan_errc::control_character: return "unescaped control character in a string";
    case scan_errc::too_deep: return "arrays or objects nested too deeply";
    case scan_errc::duplicate_key: return "duplicate key";
    case scan_errc::too_many_members: return "too many members in the top-level object";
    case scan_errc::too_many_values: return "too many values";
    case scan_errc::not_an_object: return "expected an object";
    }
    return "unknown error";
}

std::string to_string(const scan_error& error)
{
    std::string text(to_string(error.code));
    if (error) {
        text += " at byte ";
        text += std::to_string(error.offset);
    }
    return text;
}

} // namespace cogate::json
