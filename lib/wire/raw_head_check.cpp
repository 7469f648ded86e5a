#include "lib/wire/raw_head_check.hpp"

#include "lib/wire/field_text.hpp"

namespace cogate::wire {

bool raw_head_check::refuse(int status, const char* reason) noexcept
{
    verdict_ = {.ok = false, .status = status, .reason = reason};
    return false;
}

/// Length of the whole field line at the front, 0 when it is cut off or in any way unusual: most lines go
/// through here, and `step` judges the others.
std::size_t raw_head_check::whole_line(std::string_view bytes) const noexcept
{
    const std::size_t name = token_prefix(bytes);
    if (name == 0 || name == bytes.size() || bytes[name] != ':') {
        return 0;
    }
    const std::size_t end = name + 1 + field_value_prefix(bytes.substr(name + 1));
    const bool ends_well = bytes.size() - end >= 2 && bytes[end] == '\r' && bytes[end + 1] == '\n';
    const std::size_t size = ends_well ? end + 2 : 0;
    return fields_ < caps_.max_fields && taken_ + size <= caps_.max_head_bytes ? size : 0;
}

/// The run of bytes at the front that keeps the state as it is; most of a head goes through here.
std::size_t raw_head_check::run(std::string_view bytes) noexcept
{
    std::size_t n = 0;
    if (state_ == state::value) {
        n = field_value_prefix(bytes);
    } else if (state_ == state::name) {
        n = token_prefix(bytes);
    } else if (state_ == state::request_line) {
        while (n < bytes.size() && has_class(bytes[n], char_visible)) {
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
        if (state_ == state::line_start) {
            if (const std::size_t line = whole_line(bytes.substr(used)); line != 0) {
                ++fields_;
                used += line;
                taken_ += line;
                continue;
            }
        }
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
