#pragma once

#include "lib/catalog/cost.hpp"
#include "lib/engine/dispatch.hpp"
#include "lib/engine/served_deployment.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace cogate::engine {

/// What routing wants to know of a request that is about to go out.
struct outgoing_facts {
    std::uint64_t bytes = 0;             ///< of its text; four are taken for a token
    std::uint32_t max_output_tokens = 0; ///< 0: not said
    std::uint64_t affinity = 0;          ///< hash of what should meet the same cache; 0: nothing
};

/// What is known of a request's cost before it goes out.
struct planned_cost {
    catalog::planned_call tokens{}; ///< without bytes: those of the body count
    billing_facts other{};
};

/// What a call sends, made anew for each deployment that gets it. Must outlive the call's `start`; what it made must not
/// outlive it.
class outgoing {
public:
    virtual ~outgoing() = default;
    virtual result<std::unique_ptr<dispatch>> prepare(served_deployment const& deployment,
                                                      std::string_view upstream_model) = 0;
    virtual outgoing_facts facts_for_routing() const { return {}; }
    /// Asked only when somebody pays.
    virtual planned_cost planned() const { return {}; }
    /// Whether it may be running twice at once: it leaves nothing behind at the provider. Asked for hedges and races only.
    virtual bool repeatable() const { return true; }
};

} // namespace cogate::engine
