#pragma once

#include "lib/policy/lane.hpp"
#include "lib/policy/types.hpp"

#include <cstdint>
#include <limits>
#include <optional>

namespace cogate::policy {

/// What attempts were estimated to use, as a number of them and a sum: one is added as its attempt begins,
/// and the mean of them goes as any one ends, so that a changed estimate cannot leave a rest behind. Thread
/// safety: reading from any thread; changes under the owner's lock.
class reservation {
public:
    std::int64_t count() const noexcept { return count_.get(); }
    std::int64_t tokens() const noexcept { return tokens_.get(); }
    void add(std::int64_t tokens) noexcept;
    void drop() noexcept;

private:
    published<std::int64_t> count_{0};
    published<std::int64_t> tokens_{0};
};

/// One counter of a provider's rate limit: requests, or tokens. What is left counts until the reset, then the
/// whole limit is there again. Thread safety: as above.
class quota_meter {
public:
    static constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max();

    /// A report without a reset holds for a minute; none holds for more than an hour. Of two reports about
    /// the same window (resets within a second) the lower counts: answers overtake each other.
    void report(time_point now, std::int64_t left, std::optional<std::int64_t> limit,
                std::optional<duration> reset) noexcept;
    /// Used without a word from the provider.
    void spend(time_point now, std::int64_t amount) noexcept;

    /// `any` when nothing is known.
    std::int64_t left(time_point now) const noexcept;
    std::int64_t limit() const noexcept { return limit_.get(); }
    time_point reset_at() const noexcept { return time_point(duration(reset_at_.get())); }

private:
    published<std::int64_t> left_{any};
    published<std::int64_t> limit_{any};
    published<std::int64_t> reset_at_{0};
};

/// Headroom below a provider's rate limits as its answers tell it, less what is on its way to the provider.
///
/// A report comes with an answer and counts that attempt and those before it; attempts that began and had no
/// report yet are taken off it. Thread safety: `known`, `allows`, `free_at` and `share_left` from any thread,
/// wait-free; the others under the owner's lock.
class quota {
public:
    bool known() const noexcept { return known_.get(); }
    bool allows(time_point now, std::int64_t tokens) const noexcept
    {
        return !known_.get() || (has(now, requests_, unreported_.count(), 1) &&
                                 has(now, tokens_, unreported_.tokens(), tokens));
    }
    /// When it may allow the request if no other is sent; `now` when it does.
    time_point free_at(time_point now, std::int64_t tokens) const noexcept;
    /// The smaller share of requests and tokens, 0..1; 1 when nothing is known.
    double share_left(time_point now) const noexcept;

    void begin(std::int64_t tokens) noexcept { unreported_.add(tokens); }
    void report(time_point now, quota_report const& what) noexcept;
    /// An attempt ended; `pending` run on. What it used counts if it was never reported.
    void end(time_point now, int pending, std::int64_t tokens) noexcept;

private:
    static bool has(time_point now, quota_meter const& meter, std::int64_t reserved,
                    std::int64_t amount) noexcept;

    published<bool> known_{false};
    quota_meter requests_;
    quota_meter tokens_;
    reservation unreported_;
};

} // namespace cogate::policy
