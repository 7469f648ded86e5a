#pragma once
/// THE JSON tokenizer: RFC 8259, strict, one pass, no allocation, resumable at any byte. The scanner and the
/// document are two handlers of it, so both accept and refuse the same texts at the same offsets.
/// Included by the .cpp files that instantiate it only.
///
/// A Handler has, with absolute offsets and `depth` = open containers around the thing:
///   static constexpr bool takes_key_bytes; // if so: key_bytes(const char*, size_t), key_unit(char16_t)
///   scan_errc key_open(unsigned depth, size_t begin);
///   scan_errc key_close(unsigned depth, size_t begin, size_t end, bool escaped);
///   scan_errc open(kind, unsigned depth, size_t begin);
///   scan_errc close(unsigned depth, size_t end);
///   scan_errc scalar(kind, unsigned depth, size_t begin, size_t end, bool escaped);
/// String offsets include the quotes. Any code but `none` stops the machine at the token's first byte.
/// key_bytes and key_unit are called for keys of the root object only (depth 1).

#include <array>
#include <string_view>

#include "lib/core/json/characters.hpp"
#include "lib/core/json/machine_state.hpp"
#include "lib/core/json/plain_run.hpp"
#include "lib/core/utf8.hpp"

namespace cogate::json {

inline constexpr std::array<std::string_view, 3> literal_text = {"null", "true", "false"};

/// Where a number goes on after `c` (no digit of a run it is in): another number state, after_value when the
/// number ended before `c`, value when `c` cannot stand here.
constexpr state after_number_byte(state at, char c) noexcept
{
    const bool digit = is_digit(c);
    const bool e = c == 'e' || c == 'E';
    switch (at) {
    case state::number_minus:
        return !digit ? state::value : c == '0' ? state::number_zero : state::number_integer;
    case state::number_zero:
        if (digit) {
            return state::value;
        }
        [[fallthrough]];
    case state::number_integer:
        return c == '.' ? state::number_point : e ? state::number_e : state::after_value;
    case state::number_point: return digit ? state::number_fraction : state::value;
    case state::number_fraction: return e ? state::number_e : state::after_value;
    case state::number_e:
        if (c == '+' || c == '-') {
            return state::number_sign;
        }
        [[fallthrough]];
    case state::number_sign: return digit ? state::number_exponent : state::value;
    default: return state::after_value;
    }
}

template <class Handler>
class machine {
public:
    machine(machine_state& s, Handler& handler) noexcept : s_(s), handler_(handler) {}

    /// Takes the next piece. False once an error is recorded in the state.
    bool feed(std::string_view bytes);

    /// Tells that the text is complete.
    bool finish();

private:
    std::size_t offset(const char* p) const noexcept
    {
        return s_.base + static_cast<std::size_t>(p - first_);
    }

    const char* fail(scan_errc code, std::size_t where) noexcept
    {
        s_.error = {code, where};
        return nullptr;
    }

    const char* fail(scan_errc code, const char* p) noexcept { return fail(code, offset(p)); }

    // `p` when the handler agrees.
    const char* agreed(scan_errc code, const char* p, std::size_t where) noexcept
    {
        return code == scan_errc::none ? p : fail(code, where);
    }

    void after_value() noexcept { s_.at = s_.depth == 0 ? state::done : state::after_value; }

    // Each takes the next byte (there is one) and returns the first it did not use, or null after fail().
    const char* step(const char* p);
    const char* value(const char* p);
    const char* open(const char* p, bool object);
    const char* close(const char* p);
    const char* key(const char* p);
    const char* after(const char* p);
    const char* string_body(const char* p);
    const char* string_end(const char* p);
    const char* escape(const char* p);
    const char* hex(const char* p);
    const char* tail(const char* p);
    const char* literal(const char* p);
    const char* number(const char* p);
    const char* end_number(const char* p);

    bool tells_key() const noexcept { return s_.in_key && s_.depth == 1; }

    void tell_key(const char* from, const char* to)
    {
        if constexpr (Handler::takes_key_bytes) {
            if (tells_key() && from != to) {
                handler_.key_bytes(from, static_cast<std::size_t>(to - from));
            }
        }
    }

    void tell_key_unit(char16_t unit)
    {
        if constexpr (Handler::takes_key_bytes) {
            if (tells_key()) {
                handler_.key_unit(unit);
            }
        }
    }

    machine_state& s_;
    Handler& handler_;
    const char* first_ = nullptr;
    const char* last_ = nullptr;
};

template <class Handler>
bool machine<Handler>::feed(std::string_view bytes)
{
    if (s_.error) {
        return false;
    }
    const char* p = bytes.data();
    first_ = p;
    last_ = p + bytes.size();
    while (p != last_) {
        p = step(p);
        if (p == nullptr) {
            return false;
        }
    }
    s_.base += bytes.size();
    return true;
}

template <class Handler>
bool machine<Handler>::finish()
{
    if (s_.error) {
        return false;
    }
    const bool whole_number = s_.at == state::number_zero || s_.at == state::number_integer ||
                              s_.at == state::number_fraction || s_.at == state::number_exponent;
    if (whole_number && s_.depth == 0) {
        s_.at = state::done;
        const scan_errc code = handler_.scalar(kind::number, 0, s_.token, s_.base, false);
        if (code != scan_errc::none) {
            fail(code, s_.token);
            return false;
        }
    }
    if (s_.at != state::done) {
        fail(scan_errc::unexpected_end, s_.base);
    }
    return !s_.error;
}

template <class Handler>
inline const char* machine<Handler>::step(const char* p)
{
    switch (s_.at) {
    case state::value:
    case state::array_first: return value(p);
    case state::object_first:
    case state::object_key: return key(p);
    case state::colon:
        if (*p == ':') {
            s_.at = state::value;
        } else if (!is_space(*p)) {
            return fail(scan_errc::expected_colon, p);
        }
        return p + 1;
    case state::after_value: return after(p);
    case state::done: return is_space(*p) ? p + 1 : fail(scan_errc::trailing_bytes, p);
    case state::string: return string_body(p);
    case state::escape: return escape(p);
    case state::hex: return hex(p);
    case state::utf8_tail: return tail(p);
    case state::literal: return literal(p);
    default: return number(p);
    }
}

template <class Handler>
const char* machine<Handler>::value(const char* p)
{
    while (is_space(*p)) {
        if (++p == last_) {
            return p;
        }
    }
    const char c = *p;
    if (c == '"') {
        s_.token = offset(p);
        s_.in_key = false;
        s_.escaped = false;
        s_.at = state::string;
        return ++p == last_ ? p : string_body(p);
    }
    if (c == '{' || c == '[') {
        return open(p, c == '{');
    }
    if (is_digit(c) || c == '-') {
        s_.token = offset(p);
        s_.at = c == '-' ? state::number_minus : c == '0' ? state::number_zero : state::number_integer;
        return ++p == last_ ? p : number(p);
    }
    if (c == 'n' || c == 't' || c == 'f') {
        s_.token = offset(p);
        s_.literal = c == 'n' ? kind::null : kind::boolean;
        s_.literal_index = c == 'n' ? 0 : c == 't' ? 1 : 2;
        s_.matched = 1;
        s_.at = state::literal;
        return ++p == last_ ? p : literal(p);
    }
    if (s_.at == state::array_first) {
        return c == ']' ? close(p) : fail(scan_errc::expected_value_or_array_end, p);
    }
    return fail(scan_errc::expected_value, p);
}

template <class Handler>
const char* machine<Handler>::open(const char* p, bool object)
{
    const std::size_t begin = offset(p);
    if (s_.depth >= s_.max_depth) {
        return fail(scan_errc::too_deep, begin);
    }
    const scan_errc code = handler_.open(object ? kind::object : kind::array, s_.depth, begin);
    s_.push(object);
    s_.at = object ? state::object_first : state::array_first;
    return agreed(code, p + 1, begin);
}

template <class Handler>
const char* machine<Handler>::close(const char* p)
{
    s_.pop();
    after_value();
    const std::size_t begin = offset(p);
    return agreed(handler_.close(s_.depth, begin + 1), p + 1, begin);
}

template <class Handler>
const char* machine<Handler>::key(const char* p)
{
    while (is_space(*p)) {
        if (++p == last_) {
            return p;
        }
    }
    if (*p != '"') {
        if (s_.at == state::object_first) {
            return *p == '}' ? close(p) : fail(scan_errc::expected_key_or_object_end, p);
        }
        return fail(scan_errc::expected_key, p);
    }
    s_.token = offset(p);
    s_.in_key = true;
    s_.escaped = false;
    s_.at = state::string;
    p = agreed(handler_.key_open(s_.depth, s_.token), p + 1, s_.token);
    return p == nullptr || p == last_ ? p : string_body(p);
}

template <class Handler>
const char* machine<Handler>::after(const char* p)
{
    while (is_space(*p)) {
        if (++p == last_) {
            return p;
        }
    }
    if (*p == ',') {
        s_.at = s_.in_object ? state::object_key : state::value;
        return p + 1;
    }
    if (*p == (s_.in_object ? '}' : ']')) {
        return close(p);
    }
    return fail(
        s_.in_object ? scan_errc::expected_comma_or_object_end : scan_errc::expected_comma_or_array_end, p);
}

template <class Handler>
const char* machine<Handler>::string_body(const char* p)
{
    for (;;) {
        const char* run = p;
        p = skip_plain(p, last_);
        tell_key(run, p);
        if (p == last_) {
            return p;
        }
        if (*p == '"') {
            return string_end(p + 1);
        }
        if (*p == '\\') {
            s_.escaped = true;
            s_.at = state::escape;
            if (++p == last_) {
                return p;
            }
            p = escape(p);
            if (s_.at != state::string || p == last_) {
                return p; // also after fail(), which leaves the state at the escape
            }
            continue;
        }
        if (static_cast<unsigned char>(*p) < 0x20) {
            return fail(scan_errc::control_character, p);
        }
        run = p;
        p = core::skip_non_ascii(p, last_);
        tell_key(run, p);
        if (p == last_) {
            return p;
        }
        if (p != run) {
            continue;
        }
        // Ill-formed or cut off: the byte-wise way tells which, and where.
        const core::utf8_tail expect = core::utf8_lead(static_cast<unsigned char>(*p));
        if (expect.need == 0) {
            return fail(scan_errc::invalid_utf8, p);
        }
        s_.tail_need = expect.need;
        s_.tail_low = expect.low;
        s_.tail_high = expect.high;
        s_.at = state::utf8_tail;
        ++p;
        tell_key(run, p);
        return p == last_ ? p : tail(p);
    }
}

// p stands behind the closing quote.
template <class Handler>
inline const char* machine<Handler>::string_end(const char* p)
{
    const std::size_t end = offset(p);
    if (!s_.in_key) {
        after_value();
        return agreed(handler_.scalar(kind::string, s_.depth, s_.token, end, s_.escaped), p, s_.token);
    }
    s_.at = state::colon;
    const scan_errc code = handler_.key_close(s_.depth, s_.token, end, s_.escaped);
    if (code != scan_errc::none) {
        return fail(code, s_.token);
    }
    if (p != last_ && *p == ':') {
        ++p;
        s_.at = state::value;
    }
    return p;
}

template <class Handler>
const char* machine<Handler>::tail(const char* p)
{
    const char* const run = p;
    while (s_.tail_need != 0 && p != last_) {
        const auto byte = static_cast<unsigned char>(*p);
        if (byte < s_.tail_low || byte > s_.tail_high) {
            return fail(scan_errc::invalid_utf8, p);
        }
        s_.tail_low = 0x80;
        s_.tail_high = 0xBF;
        --s_.tail_need;
        ++p;
    }
    if (s_.tail_need == 0) {
        s_.at = state::string;
    }
    tell_key(run, p);
    return p;
}

template <class Handler>
inline const char* machine<Handler>::escape(const char* p)
{
    if (*p == 'u') {
        s_.at = state::hex;
        s_.matched = 0;
        s_.unit = 0;
        return ++p == last_ ? p : hex(p);
    }
    const char stands_for = simple_escape(*p);
    if (stands_for == 0) {
        return fail(scan_errc::invalid_escape, p);
    }
    tell_key_unit(static_cast<unsigned char>(stands_for));
    s_.at = state::string;
    return p + 1;
}

template <class Handler>
const char* machine<Handler>::hex(const char* p)
{
    while (s_.matched != 4 && p != last_) {
        const int digit = hex_value(*p);
        if (digit < 0) {
            return fail(scan_errc::invalid_escape, p);
        }
        s_.unit = static_cast<std::uint16_t>(s_.unit << 4 | digit);
        ++s_.matched;
        ++p;
    }
    if (s_.matched == 4) {
        tell_key_unit(s_.unit);
        s_.at = state::string;
    }
    return p;
}

template <class Handler>
const char* machine<Handler>::literal(const char* p)
{
    const std::string_view text = literal_text[s_.literal_index];
    while (s_.matched != text.size() && p != last_) {
        if (*p != text[s_.matched]) {
            return fail(scan_errc::invalid_literal, p);
        }
        ++s_.matched;
        ++p;
    }
    if (s_.matched != text.size()) {
        return p;
    }
    after_value();
    return agreed(handler_.scalar(s_.literal, s_.depth, s_.token, offset(p), false), p, s_.token);
}

template <class Handler>
const char* machine<Handler>::number(const char* p)
{
    for (;;) {
        const bool in_digits = s_.at == state::number_integer || s_.at == state::number_fraction ||
                               s_.at == state::number_exponent;
        if (in_digits) {
            while (is_digit(*p)) {
                if (++p == last_) {
                    return p;
                }
            }
        }
        const state next = after_number_byte(s_.at, *p);
        if (next == state::value) {
            return fail(scan_errc::invalid_number, p);
        }
        if (next == state::after_value) {
            return end_number(p);
        }
        s_.at = next;
        if (++p == last_) {
            return p;
        }
    }
}

template <class Handler>
inline const char* machine<Handler>::end_number(const char* p)
{
    after_value();
    return agreed(handler_.scalar(kind::number, s_.depth, s_.token, offset(p), false), p, s_.token);
}

} // namespace cogate::json
