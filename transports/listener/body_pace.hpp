#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace cogate::transports {

/// Whether a client sends its body fast enough. Of the time that is spent waiting for it, over all reads of one
/// body, the first `grace` is free; what goes beyond must be earned by bytes, at `rate` per second. So a body
/// that drips in holds its connection no longer than a stalled one. Pure. Not thread-safe.
class body_pace {
public:
    using time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::seconds grace{10};

    /// `rate` in bytes per second, 0 for none; `longest` bounds each wait for itself.
    body_pace(std::size_t rate, std::chrono::milliseconds longest) noexcept : rate_(rate), longest_(longest)
    {}

    /// Another body.
    void reset() noexcept
    {
        received_ = 0;
        waited_ = {};
    }

    void wait(time now) noexcept { since_ = now; }
    void came(std::size_t bytes) noexcept { received_ += bytes; }
    void waited(time now) noexcept { waited_ += now - since_; }

    /// When the wait under way must be over.
    time due() const noexcept
    {
        time const last = since_ + longest_;
        if (rate_ == 0) {
            return last;
        }
        // Whole seconds first and not too many: a body of any size is measured without overflow.
        std::chrono::seconds const whole(std::min(received_ / rate_, most_seconds));
        std::chrono::milliseconds const rest(received_ % rate_ * 1000 / rate_);
        return std::min(last, since_ + (grace + whole + rest - waited_));
    }

private:
    static constexpr std::size_t most_seconds = 1'000'000'000;

    std::size_t rate_;
    std::chrono::milliseconds longest_;
    std::size_t received_ = 0;
    std::chrono::steady_clock::duration waited_{};
    time since_{};
};

} // namespace cogate::transports
