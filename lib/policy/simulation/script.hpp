#pragma once

#include "lib/policy/simulation/input.hpp"

#include <cstdint>
#include <optional>

namespace cogate::policy::simulation {

/// What a scripted lane will do with one attempt.
struct fate {
    bool answers = false;
    bool hangs = false;
    duration first_token{}; ///< answers: from the attempt's beginning
    duration total{};       ///< answers: to the end of the answer; else to the failure
    error_kind error = error_kind::internal_server;
    std::optional<duration> retry_after{};
    std::optional<quota_report> quota{}; ///< told with the answer's head
};

/// A scripted lane on the run. Fates depend on the call, the lane and the time only, not on what was asked of other
/// lanes, so that two strategies are compared on the same luck.
class script {
public:
    script(scripted_lane const& of, std::uint64_t seed) noexcept : of_(of), seed_(seed) {}

    scripted_lane const& of() const noexcept { return of_; }
    fate meet(call const& what, std::uint64_t number, int attempt, int under_way, duration now) noexcept;

private:
    double slowness(duration now) const noexcept;
    bool spend(call const& what, duration now) noexcept;
    quota_report left(duration now) const noexcept;

    scripted_lane const& of_;
    std::uint64_t seed_;
    std::int64_t window_ = -1;
    std::int64_t requests_ = 0;
    std::int64_t tokens_ = 0;
};

} // namespace cogate::policy::simulation
