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

#include <cstddef>
#include <string_view>

#include "lib/core/json/characters.hpp"
#include "lib/core/json/machine_state.hpp"

namespace cogate::json {

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

} // namespace cogate::json

#include "lib/core/json/machine_scalars.hpp"
