#pragma once

#include "lib/policy/types.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace cogate::policy {

/// A sum over the last minute, exact to a second: what came in at a moment counts until 61 s later at most.
///
/// Thread safety: `sum` and `free_at` from any thread, wait-free; `add` under the owner's lock.
class usage_window {
public:
    void add(time_point now, std::int64_t amount) noexcept;
    std::int64_t sum(time_point now) const noexcept;

    /// When the sum will be `most` or less if nothing is added; `now` when it is.
    time_point free_at(time_point now, std::int64_t most) const noexcept;

private:
    static constexpr std::int64_t slots = 61;

    published<std::int64_t>& slot(std::int64_t second) noexcept
    {
        return seconds_[static_cast<std::size_t>(second) % slots];
    }
    std::int64_t in_second(std::int64_t second) const noexcept
    {
        return seconds_[static_cast<std::size_t>(second) % slots].get();
    }

    published<std::int64_t> latest_{0}; ///< the second that was written last
    published<std::int64_t> sum_{0};    ///< of the slots up to it
    std::array<published<std::int64_t>, slots> seconds_{};
};

} // namespace cogate::policy
