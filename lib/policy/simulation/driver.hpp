#pragma once

#include "lib/policy/call_machine.hpp"
#include "lib/policy/simulation/input.hpp"
#include "lib/policy/simulation/report.hpp"
#include "lib/policy/simulation/script.hpp"
#include "lib/policy/simulation/world.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <queue>
#include <vector>

namespace cogate::policy::simulation {

/// What a router knows of the call: not how long its answer will be.
request_traits traits_of(call const& from) noexcept;

/// Something that will happen at a time.
struct happening {
    enum class kind { arrival, first_token, finish, failure, timer, deadline, patience, room };
    duration at{};
    std::uint64_t order = 0; ///< of two at the same time, the one planned first
    kind what = kind::arrival;
    std::size_t subject = 0; ///< a call; an attempt; for `room` a lane
    std::uint64_t round = 0; ///< timer, patience: stale when the call has gone on since
};

struct later {
    bool operator()(happening const& a, happening const& b) const noexcept
    {
        return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
};

/// Drives the machines of all calls through virtual time, as the engine's coroutine drives one through real time.
class driver {
public:
    driver(input const& from, std::shared_ptr<strategy const> const& how) : from_(from), world_(from, how) {}

    /// Once.
    report run();

private:
    struct running_call {
        std::unique_ptr<call_machine> machine; ///< until its outcome
        std::vector<std::size_t> attempts;     ///< by attempt_number
        std::uint64_t timer_round = 0;
        std::uint64_t queue_round = 0;
        bool queued = false;
        group const* queued_in = nullptr;
    };
    struct running_attempt {
        fate will;
        attempt_number number = 0;
        bool alive = true;
    };

    void plan(duration at, happening::kind what, std::size_t subject, std::uint64_t round = 0);
    void happen(happening const& now);
    void arrive(std::size_t call, duration now);
    void first_token(std::size_t attempt, duration now);
    void finish(std::size_t attempt, duration now);
    void failure(std::size_t attempt, duration now);
    void room(std::size_t lane, duration now);

    void resume(std::size_t call, call_event::kind what, duration now);
    void resume(std::size_t call, call_event event, duration now);
    void begin(std::size_t call, call_action const& how, duration now);
    void enqueue(std::size_t call, call_action const& how, duration now);
    void end(std::size_t attempt, attempt_result::end how, duration now);
    void fail(std::size_t call, call_action const& why, duration now);
    std::int64_t cost_of(attempt_result const& of, double share) const noexcept;

    input const& from_;
    world world_;
    report report_;
    std::vector<running_call> calls_;
    std::vector<running_attempt> attempts_;
    std::priority_queue<happening, std::vector<happening>, later> ahead_;
    std::uint64_t order_ = 0;
    bool from_queue_ = false;
};

} // namespace cogate::policy::simulation
