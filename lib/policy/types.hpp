#pragma once

#include <cogate/error.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace cogate::policy {

/// A point of the runtime's steady clock; tests move it by hand.
using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::nanoseconds;

/// Nanoseconds since the clock's epoch: a moment as counters publish it.
constexpr std::int64_t stamp(time_point when) noexcept
{
    return duration(when.time_since_epoch()).count();
}

constexpr double in_seconds(duration time) noexcept
{
    return std::chrono::duration<double>(time).count();
}

/// A counter that is written under its owner's lock and read without one. Readers may see it one write old,
/// and two of them from different writes.
template <class T>
class published {
public:
    published() = default;
    explicit published(T value) noexcept : value_(value) {}
    T get() const noexcept { return value_.load(std::memory_order_relaxed); }
    void set(T value) noexcept { value_.store(value, std::memory_order_relaxed); }

private:
    std::atomic<T> value_{};
};

/// Index of a deployment in the engine's list.
using deployment_index = std::uint32_t;
inline constexpr deployment_index no_deployment = ~deployment_index{0};

/// What routing knows of a request before it is sent. Views must outlive the decision.
struct request_traits {
    std::uint32_t prompt_tokens = 0;     ///< an estimate; four bytes a token where nothing better is known
    std::uint32_t max_output_tokens = 0; ///< 0: not said
    std::uint64_t affinity = 0;          ///< hash of the session or of the prompt's beginning; 0: none
    std::span<std::string const> tags{};
    bool stream = false;
    bool repeatable = true; ///< may be running twice at once: not `store: true`, background or batch
};

/// How an attempt ended, for the lane's health.
struct attempt_outcome {
    bool ok = false;
    bool cancelled = false;                         ///< by us: says nothing about health
    error_kind error = error_kind::internal_server; ///< when not ok
    std::optional<duration> retry_after{};          ///< as the provider said
    std::uint32_t prompt_tokens = 0;                ///< as reported, or the estimate
    std::uint32_t completion_tokens = 0;
    duration first_token{0}; ///< from sending to the first content; 0: there was none
    duration total{0};       ///< from sending to the end
};

} // namespace cogate::policy
