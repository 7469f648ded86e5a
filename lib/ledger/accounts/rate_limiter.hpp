#pragma once

#include "lib/ledger/accounts/records.hpp"
#include "lib/ledger/scope.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace cogate::ledger {

/// Which limit stood in the way, or how much of one is left. A plain value.
struct rate_standing {
    enum class what : std::uint8_t { requests, tokens, parallel };

    what limited = what::requests;
    scope where;
    std::int64_t limit = 0;
    std::int64_t remaining = 0;
    /// Until a call like this one fits; 0 when it does now. At most 24 h, which also stands for never (a
    /// limit of 0); 1 s for parallel calls, whose end nobody knows.
    std::chrono::nanoseconds retry_after{0};
    std::chrono::nanoseconds reset{
        0}; ///< until all of the limit is free again, 24 h at most; 0 for parallel calls
};

/// A limit of one owner that a call must keep.
struct rate_rule {
    scope owner;
    rate_limits limits;
};

/// Requests and tokens per minute by the generic cell rate algorithm (one moment per limit, no windows), and
/// calls at once by counting. One atomic step over all rules: all of them are kept and charged, or none. An
/// owner named twice is charged once and keeps the lower limits.
///
/// What it promises: an idle owner gets all of n at once and then n per minute evenly, so that within any
/// span of d seconds at most n + n d / 60 are let in. Limits from 0 to 2^53, tokens of a call to 2^40 (what
/// is outside counts as the nearest of these); all of it in integers, nothing is rounded. A limit that
/// changes takes what was counted along.
///
/// GCRA: limit n per minute, interval T = 60 s / n, burst n. A request of weight w at time t fits when
/// max(TAT, t) + w T - t <= 60 s; TAT then becomes max(TAT, t) + w T. A refund takes w T off again, never
/// below t. (ITU-T I.371, appendix; the shape of redis-cell's answers.)
///
/// Thread safety: every function from any thread; one short mutex, and none where no rule has a limit. No
/// clock: `now` is an argument, any monotone one; one that steps back stands still. A call without limits
/// allocates nothing.
class rate_limiter {
public:
    using instant = std::chrono::nanoseconds; ///< since any fixed moment

    rate_limiter();
    ~rate_limiter();
    rate_limiter(rate_limiter const&) = delete;
    rate_limiter& operator=(rate_limiter const&) = delete;

    /// A call that is running. Destroying it gives its place among the parallel ones back; its request stays
    /// counted. It may outlive the limiter and move between threads; one thread at a time.
    class pass {
    public:
        pass() noexcept;
        pass(pass&& other) noexcept;
        pass& operator=(pass&& other) noexcept;
        ~pass();

        /// The true number of tokens: what was taken too much is given back, what was taken too little is
        /// charged (later calls wait for it). Only the first call counts.
        void settle(std::int64_t tokens, instant now) noexcept;

        /// As if the call had never been: its request, its tokens and its place are given back.
        void undo(instant now) noexcept;

    private:
        friend class rate_limiter;
        struct state;
        std::unique_ptr<state> held_;
    };

    /// Takes one request, `tokens` tokens and one place of every rule. `refused` says which limit stood in
    /// the way, the one that takes longest. A call of more tokens than a whole limit is let in when the limit
    /// is untouched.
    std::optional<pass> admit(std::span<rate_rule const> rules, std::int64_t tokens, instant now,
                              rate_standing& refused);

    /// How a rule's limit stands; nothing when the rule has no such limit.
    std::optional<rate_standing> look(rate_rule const& rule, rate_standing::what which, instant now) const;

    /// Forgets owners that have been idle for a minute. Called now and then; looks at a bounded number.
    void tidy(instant now) noexcept;

private:
    class implementation;
    std::shared_ptr<implementation> impl_;
};

} // namespace cogate::ledger
