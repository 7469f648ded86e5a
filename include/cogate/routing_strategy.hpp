#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cogate {

/// What is known of a deployment that may take a request now.
struct lane_view {
    std::string_view deployment_id;                    ///< which deployment
    std::string_view provider;                         ///< its provider's name
    std::span<std::string const> tags;                 ///< of the deployment
    double weight = 0;                                 ///< 0: not given
    int pending = 0;                                   ///< attempts under way
    std::chrono::nanoseconds predicted_first_token{0}; ///< for this request; 0: never seen
    std::chrono::nanoseconds predicted_total{0};       ///< to the last byte; 0: never seen
    double error_rate = 0;                             ///< share of failures lately, 0..1
    double quota_left = 1;                             ///< share of the provider's quota, 0..1
    std::int64_t tokens_this_minute = 0;               ///< prompt and answer
    std::int64_t requests_this_minute = 0;             ///< attempts begun
};

/// The request to be placed.
struct routed_request {
    std::uint32_t prompt_tokens = 0;   ///< an estimate
    std::uint64_t affinity = 0;        ///< equal for requests that should meet the same prompt cache; 0: none
    std::span<std::string const> tags; ///< of `call_options::tags`
    bool stream = false;               ///< the answer is to be streamed
};

/// A way of one's own to choose among deployments: put it into `gateway_options::strategies` and name it in
/// `router_options::strategy`. What it is given has passed health, quota, tags and order.
///
/// A pure function: no waiting, no locks; called from all threads at once. Lifetime: shared with the gateway.
class routing_strategy {
public:
    virtual ~routing_strategy() = default;
    /// What `router_options::strategy` names it by. Must live as long as the object.
    virtual std::string_view name() const noexcept = 0;
    /// The place in `lanes`, which is not empty; one beyond it counts as the last. `random` has 64 random bits.
    virtual std::size_t choose(std::span<lane_view const> lanes, routed_request const& request,
                               std::uint64_t random) const noexcept = 0;
};

} // namespace cogate
