#pragma once

#include <cstddef>
#include <string_view>

namespace cogate::wire {

/// Judgement on a request. `reason` has static lifetime and never quotes the request.
struct verdict {
    bool ok = true;
    int status = 200;
    const char* reason = "";
};

/// Checks the raw bytes of a request head, before a parser smooths them: lines end with CRLF and nothing
/// else, no line is folded, every field line starts with a token and a colon, no control characters. Feed any
/// split. Pure, no allocation. Not thread safe.
class raw_head_check {
public:
    struct limits {
        std::size_t max_head_bytes = 16 * 1024;
        std::size_t max_request_line = 8 * 1024 + 64;
        std::size_t max_fields = 100;
    };

    explicit raw_head_check(const limits& caps) noexcept : caps_(caps) {}

    void reset() noexcept { *this = raw_head_check(caps_); }

    /// Takes bytes up to the end of the head or the first fault; returns how many it took.
    std::size_t feed(std::string_view bytes) noexcept;

    /// True once the blank line has been taken.
    bool done() const noexcept { return state_ == state::done; }
    const verdict& result() const noexcept { return verdict_; }

private:
    enum class state { request_line, name, value, line_start, line_end, head_end, done };

    std::size_t whole_line(std::string_view bytes) const noexcept;
    std::size_t run(std::string_view bytes) noexcept;
    bool step(char c) noexcept;
    bool end_of_line() noexcept;
    bool refuse(int status, const char* reason) noexcept;

    limits caps_;
    verdict verdict_;
    state state_ = state::request_line;
    std::size_t taken_ = 0;
    std::size_t fields_ = 0;
    unsigned spaces_ = 0;
    char last_ = '\0';
};

} // namespace cogate::wire
