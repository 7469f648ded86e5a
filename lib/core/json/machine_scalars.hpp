#pragma once
/// Strings, numbers and literals of the tokenizer in machine.hpp, which includes this at its end.

#include <array>
#include <cstdint>
#include <string_view>

#include "lib/core/json/machine.hpp"
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
