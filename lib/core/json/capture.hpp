#pragma once
/// A scanner that keeps copies of a few members' values: for a body that arrives in pieces and is not kept
/// whole (a relayed answer's "usage", a large request's "model").
/// Memory: at most the sum of the caps.
/// Thread safety: one thread at a time per object.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/json/scanner.hpp"

namespace cogate::json {

/// One captured member. `bytes` is the value exactly as written, quotes or brackets included.
struct captured_member {
    std::string key;
    std::size_t cap = 0;
    json::kind kind = kind::missing; // settled once `complete`
    std::size_t value_begin = 0;
    std::size_t value_end = 0;
    bool complete = false;
    bool too_long = false; // longer than `cap`: `bytes` is empty, the offsets hold
    std::string bytes;
};

class member_capture final : private member_sink {
public:
    static constexpr std::size_t default_cap = 16 * 1024;

    explicit member_capture(scan_options options = {});
    member_capture(const member_capture&) = delete;
    member_capture& operator=(const member_capture&) = delete;

    /// Before the first feed. `key` is at most `longest_key` bytes.
    void watch(std::string_view key, std::size_t cap = default_cap);

    bool feed(std::string_view bytes);
    bool finish() { return scan_.finish(); }

    /// Ready for another text with the same keys.
    void reset();

    /// The watched member, told or not; null when `key` is not watched.
    const captured_member* find(std::string_view key) const noexcept;

    /// The complete value's bytes; empty when absent, unfinished or too long.
    std::string_view value(std::string_view key) const noexcept;

    const scanner& scan() const noexcept { return scan_; }

private:
    void on_member(const member_span& member) override;
    void keep(const member_span& member, std::size_t end);
    captured_member* watched(const member_span& member) noexcept;

    scanner scan_;
    std::vector<captured_member> watched_;
    std::string_view piece_;
    std::size_t piece_begin_ = 0;
};

} // namespace cogate::json
