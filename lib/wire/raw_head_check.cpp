#include "lib/wire/raw_head_check.hpp"

#include "lib/wire/ascii.hpp"

namespace cogate::wire {

bool raw_head_check::refuse(int status, const char* reason) noexcept
{
    verdict_ = {.ok = false, .status = status, .reason = reason};
    return false;
}

/// The run of bytes at the front that keeps the state as it is; most of a head goes through here.
std::size_t raw_head_check::run(std::string_view bytes) noexcept
{
    std::size_t n = 0;
    if (state_ == state::value) {
        n = field_value_prefix(bytes);
    } else if (state_ == state::name || state_ == state::request_line) {
        const unsigned bits = state_ == state::name ? char_token : char_visible;
        while (n < bytes.size() && has_class(bytes[n], bits)) {
            ++n;
        }
    }
    if (n > 0) {
        last_ = bytes[n - 1];
    }
    return n;
}

bool raw_head_check::end_of_line() noexcept
{
    if (state_ == state::name) {
        return refuse(400, "field line without a colon");
    }
    if (state_ == state::request_line && (spaces_ != 2 || last_ == ' ')) {
        return refuse(400, "malformed request line");
    }
    state_ = state_ == state::line_start ? state::head_end : state::line_end;
    return true;
}

bool raw_head_check::step(char c) noexcept
{
    if (state_ == state::line_end || state_ == state::head_end) {
        if (c != '\n') {
            return refuse(400, "CR without LF");
        }
        state_ = state_ == state::head_end ? state::done : state::line_start;
        return true;
    }
    if (c == '\n') {
        return refuse(400, "LF without CR");
    }
    if (c == '\r') {
        return end_of_line();
    }
    if (state_ == state::request_line) {
        const bool separator = c == ' ' && last_ != ' ' && last_ != '\0' && ++spaces_ <= 2;
        last_ = c;
        return separator || refuse(400, "malformed request line");
    }
    if (state_ == state::line_start) {
        if (c == ' ' || c == '\t') {
            return refuse(400, "folded field line");
        }
        if (++fields_ > caps_.max_fields) {
            return refuse(431, "too many fields");
        }
        state_ = state::name;
        return has_class(c, char_token) || refuse(400, "invalid field name");
    }
    if (state_ == state::name) {
        state_ = state::value;
        return c == ':' || refuse(400, "invalid field name");
    }
    return refuse(400, "control character in a field value");
}

std::size_t raw_head_check::feed(std::string_view bytes) noexcept
{
    std::size_t used = 0;
    while (used < bytes.size() && verdict_.ok && !done()) {
        const std::size_t plain = run(bytes.substr(used));
        used += plain;
        taken_ += plain;
        if (state_ == state::request_line && taken_ > caps_.max_request_line) {
            refuse(414, "request line too long");
        } else if (taken_ > caps_.max_head_bytes) {
            refuse(431, "request head too large");
        } else if (used < bytes.size() && step(bytes[used])) {
            ++used;
            ++taken_;
        }
    }
    return used;
}

} // namespace cogate::wire
