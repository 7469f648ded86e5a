#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace cogate::ledger {

/// One limit per minute by GCRA (see rate_limiter), kept as what is left of TAT - t. In units of 1/(60 *
/// 10^9) of a request, of which a limit of n frees n per nanosecond, everything is a whole number: no
/// rounding, and a limit may change while requests count. A limit is 0 to `most`, a weight 0 to 2^40. Pure;
/// one thread at a time.
class rate_bucket {
public:
    using instant = std::chrono::nanoseconds;

    static constexpr std::int64_t most = std::int64_t{1} << 53;
    static constexpr std::int64_t most_weight = std::int64_t{1} << 40;
    /// The longest wait that is told; it also stands for "never".
    static constexpr instant longest_wait = std::chrono::hours{24};

    /// Time goes on to `now` (a clock that steps back stands still), and the limit is `limit` from then on.
    void advance(std::int64_t limit, instant now) noexcept
    {
        advance(now);
        limit_ = limit;
    }
    void advance(instant now) noexcept
    {
        if (now > at_) {
            auto const freed = wide{limit_} * (wide{now.count()} - at_.count());
            level_ = std::max<wide>(level_ - freed, 0);
            at_ = now;
        }
    }

    /// A weight above the whole limit fits when nothing is taken.
    bool fits(std::int64_t weight) const noexcept
    {
        return missing(weight) <= 0 && (weight <= limit_ || limit_ > 0);
    }

    void take(std::int64_t weight) noexcept { level_ = std::min(level_ + unit * weight, ceiling); }
    void give_back(std::int64_t weight) noexcept { level_ = std::max<wide>(level_ - unit * weight, 0); }

    std::int64_t limit() const noexcept { return limit_; }
    /// What still fits, in whole requests.
    std::int64_t remaining() const noexcept
    {
        return static_cast<std::int64_t>(std::max<wide>(unit * limit_ - level_, 0) / unit);
    }
    instant wait_for(std::int64_t weight) const noexcept
    {
        if (fits(weight)) {
            return instant{0};
        }
        return limit_ > 0 ? until_free(missing(weight)) : longest_wait;
    }
    instant until_untouched() const noexcept { return until_free(level_); }
    /// Nothing of it would be missed.
    bool is_untouched() const noexcept { return level_ == 0 || limit_ == 0; }

private:
    __extension__ using wide = __int128;
    static constexpr wide unit = 60'000'000'000;
    static constexpr wide ceiling = wide{1} << 110; ///< far above what 2^30 greatest calls take

    wide missing(std::int64_t weight) const noexcept
    {
        return weight > limit_ ? level_ : level_ + unit * weight - unit * limit_;
    }
    instant until_free(wide level) const noexcept
    {
        if (level <= 0) {
            return instant{0};
        }
        if (limit_ <= 0) {
            return longest_wait;
        }
        wide const wait = (level + limit_ - 1) / limit_;
        return wait > longest_wait.count() ? longest_wait : instant{static_cast<std::int64_t>(wait)};
    }

    wide level_ = 0;
    instant at_ = instant::min();
    std::int64_t limit_ = 0;
};

} // namespace cogate::ledger
