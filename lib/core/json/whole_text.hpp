#pragma once
/// The tokenizer's short way for a text that lies in memory whole: the grammar of machine.hpp without the means
/// to stop at any byte. It says no more than yes or no; who needs to know what is wrong, and where, asks the
/// machine then. Included by the .cpp files that instantiate it only.
///
/// A Handler has the machine's open, close, scalar and key_open, and
///   scan_errc whole_key(unsigned depth, size_t begin, size_t end, bool escaped);
/// with the key's quotes included. Any code but `none` is a no.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lib/core/json/characters.hpp"
#include "lib/core/json/plain_run.hpp"
#include "lib/core/json/syntax.hpp"
#include "lib/core/utf8.hpp"

namespace cogate::json {

template <class Handler>
class whole_text {
public:
    whole_text(std::string_view text, unsigned max_depth, Handler& handler) noexcept
        : handler_(handler),
          first_(text.data()),
          last_(text.data() + text.size()),
          max_depth_(max_depth < deepest ? max_depth : deepest)
    {}

    /// True when the text is valid and the handler agreed to all of it.
    bool run();

private:
    enum class due : std::uint8_t { value, key, after, end };

    std::size_t offset(const char* p) const noexcept { return static_cast<std::size_t>(p - first_); }

    // Each stands at the token's first byte (there is one) and returns what is behind it, or null for a no.
    const char* value(const char* p);
    const char* open(const char* p, bool object);
    const char* close(const char* p);
    const char* key(const char* p);
    const char* after(const char* p);
    const char* literal(const char* p);
    const char* number(const char* p) noexcept;
    const char* string(const char* p) noexcept;
    const char* string_body(const char* p) noexcept;
    const char* escape(const char* p) const noexcept;

    const char* told(scan_errc code, const char* p) noexcept { return code == scan_errc::none ? p : nullptr; }
    const char* scalar(kind k, const char* from, const char* to);
    const char* skip_space(const char* p) const noexcept
    {
        if (p != last_ && *p > ' ') {
            return p; // compact texts have none
        }
        while (p != last_ && is_space(*p)) {
            ++p;
        }
        return p;
    }
    const char* skip_digits(const char* p) const noexcept
    {
        while (p != last_ && is_digit(*p)) {
            ++p;
        }
        return p;
    }

    Handler& handler_;
    const char* first_;
    const char* last_;
    unsigned max_depth_;
    unsigned depth_ = 0;
    due due_ = due::value;
    bool in_object_ = false;
    bool escaped_ = false;
    std::array<std::uint64_t, deepest / 64> outer_; // not cleared: written before it is read
};

template <class Handler>
bool whole_text<Handler>::run()
{
    const char* p = first_;
    for (;;) {
        p = skip_space(p);
        if (p == last_) {
            return due_ == due::end;
        }
        switch (due_) {
        case due::value: p = value(p); break;
        case due::key: p = key(p); break;
        case due::after: p = after(p); break;
        case due::end: return false;
        }
        if (p == nullptr) {
            return false;
        }
    }
}

template <class Handler>
inline const char* whole_text<Handler>::value(const char* p)
{
    switch (*p) {
    case '"': {
        const char* const end = string(p);
        return end == nullptr ? end : scalar(kind::string, p, end);
    }
    case '{': return open(p, true);
    case '[': return open(p, false);
    case 'n':
    case 't':
    case 'f': return literal(p);
    default: {
        escaped_ = false;
        const char* const end = number(p);
        return end == nullptr ? end : scalar(kind::number, p, end);
    }
    }
}

template <class Handler>
inline const char* whole_text<Handler>::scalar(kind k, const char* from, const char* to)
{
    due_ = depth_ == 0 ? due::end : due::after;
    return told(handler_.scalar(k, depth_, offset(from), offset(to), escaped_), to);
}

template <class Handler>
const char* whole_text<Handler>::open(const char* p, bool object)
{
    if (depth_ >= max_depth_) {
        return nullptr;
    }
    const scan_errc code = handler_.open(object ? kind::object : kind::array, depth_, offset(p));
    const std::uint64_t bit = std::uint64_t{1} << (depth_ % 64);
    std::uint64_t& word = outer_[depth_ / 64];
    word = in_object_ ? word | bit : word & ~bit;
    in_object_ = object;
    ++depth_;
    p = skip_space(p + 1);
    if (code != scan_errc::none || p == last_) {
        return nullptr;
    }
    if (*p == (object ? '}' : ']')) {
        return close(p);
    }
    due_ = object ? due::key : due::value;
    return p;
}

template <class Handler>
inline const char* whole_text<Handler>::close(const char* p)
{
    --depth_;
    in_object_ = ((outer_[depth_ / 64] >> (depth_ % 64)) & 1) != 0;
    due_ = depth_ == 0 ? due::end : due::after;
    return told(handler_.close(depth_, offset(p) + 1), p + 1);
}

template <class Handler>
const char* whole_text<Handler>::key(const char* p)
{
    if (*p != '"' || handler_.key_open(depth_, offset(p)) != scan_errc::none) {
        return nullptr;
    }
    const char* end = string(p);
    if (end == nullptr || handler_.whole_key(depth_, offset(p), offset(end), escaped_) != scan_errc::none) {
        return nullptr;
    }
    end = skip_space(end);
    if (end == last_ || *end != ':') {
        return nullptr;
    }
    end = skip_space(end + 1);
    return end == last_ ? nullptr : value(end);
}

template <class Handler>
inline const char* whole_text<Handler>::after(const char* p)
{
    if (*p == ',') {
        p = skip_space(p + 1);
        return p == last_ ? nullptr : in_object_ ? key(p) : value(p);
    }
    return *p == (in_object_ ? '}' : ']') ? close(p) : nullptr;
}

template <class Handler>
const char* whole_text<Handler>::literal(const char* p)
{
    const std::string_view text = *p == 'n' ? "null" : *p == 't' ? "true" : "false";
    if (!std::string_view(p, static_cast<std::size_t>(last_ - p)).starts_with(text)) {
        return nullptr;
    }
    escaped_ = false;
    return scalar(*p == 'n' ? kind::null : kind::boolean, p, p + text.size());
}

template <class Handler>
const char* whole_text<Handler>::number(const char* p) noexcept
{
    if (*p == '-') {
        ++p;
    }
    if (p == last_ || !is_digit(*p)) {
        return nullptr;
    }
    p = *p == '0' ? p + 1 : skip_digits(p + 1);
    if (p != last_ && *p == '.') {
        const char* const fraction = p + 1;
        p = skip_digits(fraction);
        if (p == fraction) {
            return nullptr;
        }
    }
    if (p != last_ && (*p == 'e' || *p == 'E')) {
        ++p;
        if (p != last_ && (*p == '+' || *p == '-')) {
            ++p;
        }
        const char* const exponent = p;
        p = skip_digits(exponent);
        if (p == exponent) {
            return nullptr;
        }
    }
    return p;
}

// Most strings are a few plain bytes and a quote.
template <class Handler>
inline const char* whole_text<Handler>::string(const char* p) noexcept
{
    escaped_ = false;
    ++p;
#if defined(__SSE2__)
    if (last_ - p >= 16) {
        const auto special = static_cast<std::uint32_t>(_mm_movemask_epi8(special_lanes(p)));
        if (special != 0 && p[std::countr_zero(special)] == '"') {
            return p + std::countr_zero(special) + 1;
        }
    }
#endif
    return string_body(p);
}

// p stands behind the opening quote.
template <class Handler>
const char* whole_text<Handler>::string_body(const char* p) noexcept
{
    for (;;) {
        p = skip_plain(p, last_);
        if (p == last_) {
            return nullptr;
        }
        if (*p == '"') {
            return p + 1;
        }
        if (*p == '\\') {
            escaped_ = true;
            p = escape(p + 1);
            if (p == nullptr) {
                return nullptr;
            }
            continue;
        }
        const char* const run = p;
        p = core::skip_non_ascii(p, last_);
        if (p == run) {
            return nullptr; // a control character, or no UTF-8
        }
    }
}

// p stands behind the backslash.
template <class Handler>
inline const char* whole_text<Handler>::escape(const char* p) const noexcept
{
    if (p == last_) {
        return nullptr;
    }
    if (*p != 'u') {
        return simple_escape(*p) == 0 ? nullptr : p + 1;
    }
    if (last_ - p < 5) {
        return nullptr;
    }
    for (int i = 1; i <= 4; ++i) {
        if (hex_value(p[i]) < 0) {
            return nullptr;
        }
    }
    return p + 5;
}

} // namespace cogate::json
