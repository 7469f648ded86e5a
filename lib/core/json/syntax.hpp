#pragma once
/// The words all JSON rooms share: kinds of value and syntax errors with their place.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cogate::json {

/// `missing` is not JSON: it is what a lookup gives that found nothing.
enum class kind : std::uint8_t { missing, null, boolean, number, string, array, object };

std::string_view to_string(kind k) noexcept;

enum class scan_errc : std::uint8_t {
    none,
    unexpected_end,
    expected_value,
    expected_value_or_array_end,
    expected_key,
    expected_key_or_object_end,
    expected_colon,
    expected_comma_or_array_end,
    expected_comma_or_object_end,
    trailing_bytes,
    invalid_literal,
    invalid_number,
    invalid_escape,
    invalid_utf8,
    control_character,
    too_deep,
    duplicate_key,
    too_many_members,
    too_many_values,
    not_an_object,
};

/// What is wrong and where: `offset` counts bytes from the start of the whole text, however it was fed.
struct scan_error {
    scan_errc code = scan_errc::none;
    std::size_t offset = 0;

    explicit operator bool() const noexcept { return code != scan_errc::none; }
    friend bool operator==(const scan_error&, const scan_error&) = default;
};

using parse_error = scan_error;

/// "expected ',' or '}'"
std::string_view to_string(scan_errc code) noexcept;

/// "expected ',' or '}' at byte 17". Holds no byte of the text, so it may be shown to anyone.
std::string to_string(const scan_error& error);

/// Containers nested deeper than this are refused unless told otherwise: [[1]] has depth 2.
inline constexpr unsigned default_max_depth = 128;

/// The hard limit of the tokenizer's stack; larger settings are cut to it.
inline constexpr unsigned deepest = 1024;

} // namespace cogate::json
