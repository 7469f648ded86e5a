#pragma once
/// THE JSON tokenizer: RFC 8259, strict, one pass, no allocation, resumable at any byte. The scanner and the
/// document are two handlers of it, so both accept and refuse the same texts at the same offsets.
/// Included by the .cpp files that instantiate it only.
///
/// A Handler has, with absolute offsets and `depth` = open containers around the thing:
///   static constexpr bool takes_key_bytes;            // also: key_bytes(const char*, size_t), key_unit(char16_t)
///   scan_errc key_open(unsigned depth, size_t begin);
///   scan_errc key_close(unsigned depth, size_t begin, size_t end, bool escaped);
///   scan_errc open(kind, unsigned depth, size_t begin);
///   scan_errc close(unsigned depth, size_t end);
///   scan_errc scalar(kind, unsigned depth, size_t begin, size_t end, bool escaped);
/// String offsets include the quotes. Any code but `none` stops the machine at the token's first byte.
/// key_bytes and key_unit are called for keys of the root object only (depth 1).

#include <array>
#include <string_view>

#include "lib/core/json/machine_state.hpp"
#include "lib/core/json/plain_run.hpp"
#include "lib/core/utf8.hpp"

namespace cogate::json {

inline constexpr std::array<std::string_view, 3> literal_text = {"null", "true", "false"};

constexpr bool is_space(char c) noexcept
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

constexpr bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// Value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) noexcept
{
    if (is_digit(c)) {
        return c - '0';
    }
    const char folded = static_cast<char>(c | 0x20);
    return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

/// The character a one-letter escape stands for, or 0.
constexpr char simple_escape(char c) noexcept
{
    switch (c) {
    case '"':
    case '\\':
    case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
    }
}

template <class Handler>
class machine {
public:
    machine(machine_state& s, Handler& handler) noexcept
        : s_(s)
        , handler_(handler)
    {
    }

    /// Takes the next piece. False once an error is recorded in the state.
    bool feed(std::string_view bytes);

    /// Tells that the text is complete.
    bool finish();

private:
    std::size_t offset(const char* p) const noexcept { return s_.base + static_cast<std::size_t>(p - first_); }

    bool fail(scan_errc code, std::size_t where) noexcept
    {
        s_.error = {code, where};
        return false;
    }

    bool fail(scan_errc code, const char* p) noexcept { return fail(code, offset(p)); }

    bool check(scan_errc code, std::size_t where) noexcept
    {
        return code == scan_errc::none || fail(code, where);
    }

    void after_value() noexcept { s_.at = s_.depth == 0 ? state::done : state::after_value; }

    bool value(const char*& p);
    bool open(const char*& p, bool object);
    bool close(const char*& p);
    bool key(const char*& p);
    bool after(const char*& p);
    bool string_body(const char*& p);
    bool escape(const char*& p);
    bool hex(const char*& p);
    bool tail(const char*& p);
    bool literal(const char*& p);
    bool number(const char*& p);
    bool end_number(std::size_t end);

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
        bool good = true;
        switch (s_.at) {
        case state::value:
        case state::array_first: good = value(p); break;
        case state::object_first:
        case state::object_key: good = key(p); break;
        case state::colon:
            if (*p == ':') {
                s_.at = state::value;
            } else if (!is_space(*p)) {
                good = fail(scan_errc::expected_colon, p);
            }
            ++p;
            break;
        case state::after_value: good = after(p); break;
        case state::done: good = is_space(*p) || fail(scan_errc::trailing_bytes, p); ++p; break;
        case state::string: good = string_body(p); break;
        case state::escape: good = escape(p); break;
        case state::hex: good = hex(p); break;
        case state::utf8_tail: good = tail(p); break;
        case state::literal: good = literal(p); break;
        default: good = number(p); break;
        }
        if (!good) {
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
    const bool whole_number =
        s_.at == state::number_zero || s_.at == state::number_integer || s_.at == state::number_fraction ||
        s_.at == state::number_exponent;
    if (whole_number && s_.depth == 0 && !end_number(s_.base)) {
        return false;
    }
    return s_.at == state::done || fail(scan_errc::unexpected_end, s_.base);
}

template <class Handler>
bool machine<Handler>::value(const char*& p)
{
    while (is_space(*p)) {
        if (++p == last_) {
            return true;
        }
    }
    switch (*p) {
    case '"':
        s_.token = offset(p);
        s_.in_key = false;
        s_.escaped = false;
        s_.at = state::string;
        return ++p == last_ || string_body(p);
    case '{': return open(p, true);
    case '[': return open(p, false);
    case '-': s_.at = state::number_minus; break;
    case '0': s_.at = state::number_zero; break;
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': s_.at = state::number_integer; break;
    case 'n':
    case 't':
    case 'f':
        s_.token = offset(p);
        s_.literal = *p == 'n' ? kind::null : kind::boolean;
        s_.literal_index = *p == 'n' ? 0 : *p == 't' ? 1 : 2;
        s_.matched = 1;
        s_.at = state::literal;
        return ++p == last_ || literal(p);
    case ']':
        if (s_.at == state::array_first) {
            return close(p);
        }
        [[fallthrough]];
    default:
        return fail(s_.at == state::array_first ? scan_errc::expected_value_or_array_end : scan_errc::expected_value,
                    p);
    }
    s_.token = offset(p);
    return ++p == last_ || number(p);
}

template <class Handler>
bool machine<Handler>::open(const char*& p, bool object)
{
    const std::size_t begin = offset(p);
    if (s_.depth >= s_.max_depth) {
        return fail(scan_errc::too_deep, begin);
    }
    if (!check(handler_.open(object ? kind::object : kind::array, s_.depth, begin), begin)) {
        return false;
    }
    s_.push(object);
    s_.at = object ? state::object_first : state::array_first;
    ++p;
    return true;
}

template <class Handler>
bool machine<Handler>::close(const char*& p)
{
    s_.pop();
    after_value();
    ++p;
    return check(handler_.close(s_.depth, offset(p)), offset(p) - 1);
}

template <class Handler>
bool machine<Handler>::key(const char*& p)
{
    while (is_space(*p)) {
        if (++p == last_) {
            return true;
        }
    }
    const bool may_end = s_.at == state::object_first;
    if (*p != '"') {
        if (*p == '}' && may_end) {
            return close(p);
        }
        return fail(may_end ? scan_errc::expected_key_or_object_end : scan_errc::expected_key, p);
    }
    s_.token = offset(p);
    s_.in_key = true;
    s_.escaped = false;
    s_.at = state::string;
    if (!check(handler_.key_open(s_.depth, s_.token), s_.token)) {
        return false;
    }
    return ++p == last_ || string_body(p);
}

template <class Handler>
bool machine<Handler>::after(const char*& p)
{
    while (is_space(*p)) {
        if (++p == last_) {
            return true;
        }
    }
    if (*p == ',') {
        ++p;
        if (s_.in_object) {
            s_.at = state::object_key;
            return p == last_ || key(p);
        }
        s_.at = state::value;
        return true;
    }
    if (*p == (s_.in_object ? '}' : ']')) {
        return close(p);
    }
    return fail(s_.in_object ? scan_errc::expected_comma_or_object_end : scan_errc::expected_comma_or_array_end, p);
}

template <class Handler>
bool machine<Handler>::string_body(const char*& p)
{
    for (;;) {
        const char* run = p;
        p = skip_plain(p, last_);
        tell_key(run, p);
        if (p == last_) {
            return true;
        }
        if (*p == '"') {
            ++p;
            const std::size_t end = offset(p);
            if (!s_.in_key) {
                after_value();
                return check(handler_.scalar(kind::string, s_.depth, s_.token, end, s_.escaped), s_.token);
            }
            s_.at = state::colon;
            if (!check(handler_.key_close(s_.depth, s_.token, end, s_.escaped), s_.token)) {
                return false;
            }
            if (p != last_ && *p == ':') {
                ++p;
                s_.at = state::value;
            }
            return true;
        }
        if (*p == '\\') {
            s_.escaped = true;
            s_.at = state::escape;
            if (++p == last_) {
                return true;
            }
            if (!escape(p)) {
                return false;
            }
            if (s_.at != state::string || p == last_) {
                return true;
            }
            continue;
        }
        if (static_cast<unsigned char>(*p) < 0x20) {
            return fail(scan_errc::control_character, p);
        }
        run = p;
        p = core::skip_non_ascii(p, last_);
        tell_key(run, p);
        if (p != run) {
            if (p == last_) {
                return true;
            }
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
        tell_key(p, p + 1);
        ++p;
        return p == last_ || tail(p);
    }
}

template <class Handler>
bool machine<Handler>::tail(const char*& p)
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
    return true;
}

template <class Handler>
bool machine<Handler>::escape(const char*& p)
{
    if (*p == 'u') {
        s_.at = state::hex;
        s_.matched = 0;
        s_.unit = 0;
        return ++p == last_ || hex(p);
    }
    const char stands_for = simple_escape(*p);
    if (stands_for == 0) {
        return fail(scan_errc::invalid_escape, p);
    }
    tell_key_unit(static_cast<unsigned char>(stands_for));
    s_.at = state::string;
    ++p;
    return true;
}

template <class Handler>
bool machine<Handler>::hex(const char*& p)
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
    return true;
}

template <class Handler>
bool machine<Handler>::literal(const char*& p)
{
    const std::string_view text = literal_text[s_.literal_index];
    while (s_.matched != text.size() && p != last_) {
        if (*p != text[s_.matched]) {
            return fail(scan_errc::invalid_literal, p);
        }
        ++s_.matched;
        ++p;
    }
    if (s_.matched == text.size()) {
        after_value();
        return check(handler_.scalar(s_.literal, s_.depth, s_.token, offset(p), false), s_.token);
    }
    return true;
}

template <class Handler>
bool machine<Handler>::number(const char*& p)
{
    state at = s_.at;
    for (; p != last_; ++p) {
        const char c = *p;
        const bool digit = is_digit(c);
        switch (at) {
        case state::number_minus:
            if (!digit) {
                return fail(scan_errc::invalid_number, p);
            }
            at = c == '0' ? state::number_zero : state::number_integer;
            continue;
        case state::number_integer:
            if (digit) {
                continue;
            }
            [[fallthrough]];
        case state::number_zero:
            if (c == '.') {
                at = state::number_point;
                continue;
            }
            if (c == 'e' || c == 'E') {
                at = state::number_e;
                continue;
            }
            if (digit) {
                return fail(scan_errc::invalid_number, p);
            }
            break;
        case state::number_fraction:
            if (digit) {
                continue;
            }
            if (c == 'e' || c == 'E') {
                at = state::number_e;
                continue;
            }
            break;
        case state::number_point:
            if (!digit) {
                return fail(scan_errc::invalid_number, p);
            }
            at = state::number_fraction;
            continue;
        case state::number_e:
            if (c == '+' || c == '-') {
                at = state::number_sign;
                continue;
            }
            [[fallthrough]];
        case state::number_sign:
            if (!digit) {
                return fail(scan_errc::invalid_number, p);
            }
            at = state::number_exponent;
            continue;
        default:
            if (digit) {
                continue;
            }
            break;
        }
        return end_number(offset(p));
    }
    s_.at = at;
    return true;
}

template <class Handler>
bool machine<Handler>::end_number(std::size_t end)
{
    after_value();
    return check(handler_.scalar(kind::number, s_.depth, s_.token, end, false), s_.token);
}

} // namespace cogate::json
