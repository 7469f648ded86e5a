#pragma once

#include <cogate/money.hpp>
#include <cogate/observer.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace cogate::engine {

class call;

/// What became of the calls behind one answer, for whoever must tell it when they are gone. A plain value.
struct call_report {
    std::string call_id;       ///< of the first
    std::string deployment_id; ///< that answered last, or was asked last; empty: none was asked
    int retries = 0;
    int fallbacks = 0;
    std::chrono::nanoseconds upstream{0}; ///< spent waiting for providers to answer
    std::optional<money> cost{};          ///< of all; empty when that of one is not known
    std::vector<attempt_trace> route{};   ///< every attempt, for callers that want to know

    /// Adds one that has ended.
    void add(call const& ended);
};

} // namespace cogate::engine
