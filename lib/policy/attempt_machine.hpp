#pragma once

#include "lib/policy/route_table.hpp"

#include <cstdint>

namespace cogate::policy {

/// What happened to the running attempt.
struct attempt_event {
    enum class kind {
        start,     ///< the call begins
        answered,  ///< a response head with a good status arrived
        failed,    ///< the attempt ended without a usable answer
        cancelled, ///< the caller gave up
    };
    kind what = kind::start;
    bool connection_lost = false;     ///< failed: closed or reset, not an answer and not a deadline
    bool reused = false;              ///< failed: on a connection that had served before
    std::uint64_t bytes_received = 0; ///< failed: bytes of the answer that had come
};

/// What the shell must do next.
struct attempt_action {
    enum class kind {
        attempt, ///< begin an attempt at `deployment`; on a new connection when `fresh`
        deliver, ///< hand the answer to the caller; nothing is retried from here on
        fail,    ///< give the caller the last failure
    };
    kind what = kind::fail;
    deployment_index deployment = 0;
    bool fresh = false;
    friend bool operator==(attempt_action const&, attempt_action const&) = default;
};

/// Decides the attempts of one call: pure, driven by events, total over (state, event).
///
/// One deployment serves a call. It is tried a second time in one case only: an idle connection was closed by
/// the peer just as it was used, and not one byte came back; then the request was not processed as far as
/// anyone can know, and a new connection decides.
class attempt_machine {
public:
    explicit attempt_machine(deployment_index chosen) noexcept : chosen_(chosen) {}

    attempt_action resume(attempt_event const& event) noexcept;

    enum class state { initial, first_attempt, second_attempt, delivering, over };
    state current() const noexcept { return state_; }

    /// Upstream exchanges begun so far.
    int attempts() const noexcept { return attempts_; }

private:
    attempt_action begin(state next, bool fresh) noexcept;
    attempt_action end(attempt_action::kind what, state next) noexcept;

    deployment_index chosen_;
    state state_ = state::initial;
    int attempts_ = 0;
};

} // namespace cogate::policy
