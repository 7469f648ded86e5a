#pragma once

#include "lib/policy/group.hpp"
#include "lib/policy/hedge_budget.hpp"
#include "lib/policy/types.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::policy {

/// Number of an attempt within its call: 0, 1, 2, ...
using attempt_number = std::uint8_t;

/// Where a call may go and how often; made from the options once per model group, read by all its calls.
struct call_plan {
    group* first = nullptr;
    std::vector<std::string> names{};     ///< whose rules hold, the most specific first
    std::vector<group*> fallbacks{};      ///< after any error that allows it, in this order
    std::vector<group*> context_window{}; ///< after context_window_exceeded, before `fallbacks`
    std::vector<group*> content_policy{}; ///< after content_policy_violation, before `fallbacks`
    int max_fallbacks = 5;
    std::array<int, 32>
        retries{};           ///< by error_kind: how often the first group's lanes are tried again after it
    duration retry_after{0}; ///< shortest wait between two attempts at one group
    hedge_options hedge{};
    std::shared_ptr<hedge_budget> hedges{}; ///< no hedge is begun without it
    int race = 1;                           ///< attempts begun at once; at most `call_machine::max_running`

    /// How often the lanes of a group that is fallen back to are tried again: by its own policy.
    struct group_retries {
        group const* in = nullptr;
        std::vector<std::string> names{}; ///< as `call_plan::names`
        std::array<int, 32> times{};      ///< as `retries`
    };
    std::vector<group_retries> elsewhere{};

    int retries_in(group const& where, error_kind after) const noexcept;
};

/// Why an attempt is begun.
enum class attempt_reason {
    first,
    reconnect, ///< an idle connection was closed just as it was used and nothing came back: same deployment, new connection
    retry,
    fallback,
    hedge,
    race,
};
std::string_view to_string(attempt_reason why) noexcept;

/// What happened.
struct call_event {
    enum class kind {
        start,
        content,   ///< `attempt` has a usable answer: a whole good one, or a stream's first content
        failed,    ///< `attempt` ended without one
        timer,     ///< the time of the last `timer` action has come
        room,      ///< the group that the call queues for has a free lane
        cancelled, ///< the caller gave up
        expired,   ///< the call's deadline passed, or its time in the queue
    };
    kind what = kind::start;
    time_point now{};
    attempt_number attempt = 0;
    error_kind error = error_kind::internal_server; ///< failed
    bool retryable = false;                         ///< failed: as the dialect judged it
    std::optional<duration> retry_after{};          ///< failed: as the provider said
    bool unused_connection = false; ///< failed: connection lost on a reused one before any byte came back
    bool unrepeatable = false;      ///< failed: the request's body is gone (it was sent as it came in)
};

/// What the driver must do next, in this order.
struct call_action {
    enum class kind {
        begin,  ///< start `attempt` at `deployment`; its lane's `begin` was called, the driver owes the `end`
        cancel, ///< stop `attempt`; its lane's `end` with `cancelled` is the driver's
        timer,  ///< wake at `when`; replaces an earlier one; time_point::max(): none
        queue, ///< wait for room in `in`; replaces nothing, ends with `room`, `expired`, `timer` or any outcome
        deliver, ///< `attempt`'s answer is the call's; no attempt is running beside it
        fail,    ///< the call ends with the failure of `attempt`, or for want of a lane (`none`)
    };
    kind what = kind::fail;
    attempt_number attempt = 0;
    deployment_index deployment = no_deployment;
    group* in = nullptr;
    attempt_reason reason = attempt_reason::first;
    double score = 0;
    time_point when{};
    std::optional<pick> none{}; ///< fail: no attempt was possible at all, and why
    bool too_late = false; ///< fail: a lane was free, but none whose first token is due before the deadline
};

/// Decides everything about the attempts of one call: which lane, retry, fallback, hedge, race, when to wait and when
/// to give up. Pure but for the claims it makes on lanes (`lane::begin`) and budgets. Total over events: after its
/// outcome every event gives no action. Exactly one of `deliver` and `fail` comes out of it, and then no attempt is
/// left running: the losers' `cancel` come before.
///
/// The driver calls `lane::end` of a failed attempt before it tells of the failure, so that the lane's new standing
/// counts; an attempt that failed with `unused_connection` ends as `cancelled`, for it says nothing about health.
///
/// Retries, fallbacks and hedges draw on the first group's retry budget; a call's first attempt, its race and its
/// reconnects do not. A retry goes at once to a lane not yet tried; where there is none, the call waits (`backoff`)
/// and may go to the same lane. It does not wait for a breaker, only for a rate limit's reset.
/// Thread safety: none.
class call_machine {
public:
    static constexpr int max_attempts = 32;
    static constexpr std::size_t max_running = 8; ///< at once
    static constexpr int max_groups = 16;         ///< fallbacks beyond it are not tried

    /// The plan must outlive it. `seed` drives choices and jitter: equal seeds decide alike. A `pinned` call goes to
    /// its first group's only lane even when that rests.
    call_machine(call_plan const& plan, request_traits const& request, time_point deadline,
                 std::uint64_t seed, bool pinned = false) noexcept;

    /// The actions stay valid until the next call.
    std::span<call_action const> resume(call_event const& event);

    bool over() const noexcept;
    int attempts() const noexcept;  ///< begun so far
    int retries() const noexcept;   ///< of those, at a group that was tried before
    int fallbacks() const noexcept; ///< groups left behind

private:
    enum class phase { initial, running, waiting, queued, over };
    enum class search { begun, no_lane, no_budget, too_late };
    struct running {
        attempt_number number = 0;
        deployment_index deployment = no_deployment;
        lane* live = nullptr;
        bool reconnected = false;
    };
    /// Deployments not to be chosen again.
    struct tried {
        std::array<deployment_index, max_attempts> at{};
        std::size_t count = 0;
        void add(deployment_index one) noexcept;
        bool has(deployment_index one) const noexcept;
        std::span<deployment_index const> all() const noexcept { return {at.data(), count}; }
    };

    void start(time_point now);
    void failed(call_event const& event);
    void timer(time_point now);
    void expired(time_point now);
    void content(attempt_number number);

    bool reconnect(running const& lost, time_point now);
    bool retry(call_event const& after);
    bool wait(call_event const& after, time_point lanes_ready);
    void try_again(time_point now);
    void fall_back(error_kind after, time_point now);
    void race(time_point now);
    void hedge(time_point now);
    void arm_hedge(time_point now);

    pick look(std::span<deployment_index const> avoid, bool apart, time_point now) noexcept;
    search try_begin(attempt_reason why, tried avoid, bool apart, time_point now);
    search try_any(attempt_reason why, time_point now);
    bool begin(attempt_reason why, pick const& where, lane& at, bool reconnected, time_point now);
    bool pay(attempt_reason why, lane const& at, time_point now);
    void no_lane(pick const& why) noexcept;
    group* next_group(error_kind after) const noexcept;
    void enter(group& next) noexcept;
    lane* lane_of(deployment_index which) const noexcept;
    bool in_time(lane const& at, time_point now) const noexcept;

    call_action& act(call_action::kind what);
    void set_timer(time_point when);
    void queue(attempt_reason why);
    void cancel_all();
    void fail();
    std::uint64_t random() noexcept;

    call_plan const& plan_;
    request_traits request_;
    time_point deadline_;
    std::uint64_t seed_;
    group* in_;
    phase phase_ = phase::initial;
    bool pinned_;
    bool paid_ = false; ///< an extra attempt was drawn from the budget and is not begun yet
    bool unrepeatable_ = false;
    bool too_late_ = false;
    attempt_reason next_reason_ = attempt_reason::first;
    error_kind last_error_ = error_kind::service_unavailable;
    attempt_number last_attempt_ = 0;
    deployment_index last_deployment_ = no_deployment;
    int attempts_ = 0;
    int retries_ = 0;
    int retries_here_ = 0;
    int fallbacks_ = 0;
    std::array<group const*, max_groups> left_{};
    time_point timer_ = time_point::max();
    std::optional<pick> none_{};    ///< why the last search found nothing
    std::optional<pick> soonest_{}; ///< of the resting groups, the one that is back first
    tried tried_{};
    std::array<running, max_running> running_{};
    std::size_t running_count_ = 0;
    std::array<call_action, max_running + 2> actions_{};
    std::size_t action_count_ = 0;
};

} // namespace cogate::policy
