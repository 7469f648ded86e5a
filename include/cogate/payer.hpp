#pragma once

#include <cogate/money.hpp>
#include <cogate/result.hpp>
#include <cogate/usage.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cogate {

/// An attempt that is about to be sent. Views are valid during the call of `take` only.
struct attempt_offer {
    std::string_view call_id;        ///< UUIDv7 of the call, as observers get it
    std::uint32_t attempt = 0;       ///< its number within the call, from 0
    std::string_view deployment_id;  ///< which deployment
    std::string_view provider;       ///< its provider's name
    std::string_view upstream_model; ///< the provider's own name of the model
    bool is_priced = false;          ///< what its model costs is known
    /// What it costs at most; empty also where nothing limits the length of its answer.
    std::optional<money> bound{};
};

/// An attempt that has ended. Views are valid during the call of `pay` only.
struct attempt_bill {
    std::uint32_t attempt = 0;   ///< the number of its offer
    std::optional<money> cost{}; ///< empty: not known, or nothing was spent
    bool spent_nothing = false;  ///< it failed before its provider made anything
    bool estimated = false;      ///< counted here: no provider reported it
    bool cancelled = false; ///< nobody waited for its end: the caller left, or another attempt was faster
    bool truncated = false; ///< the provider cut its answer short
    int status = 0;         ///< HTTP status of the upstream; 0 when it never answered
    usage tokens{};         ///< reported, or estimated
    std::optional<std::chrono::nanoseconds> first_token{}; ///< since the attempt's start
};

/// Who pays for a call: asked before each of its attempts, told after each. Every offer that was taken gets exactly one
/// bill, whatever path the attempt ended on.
///
/// Thread safety: none; used on the executor of its call. Lifetime: the call shares ownership until its last attempt
/// has ended.
class payer {
public:
    virtual ~payer() = default;

    /// A failure keeps the attempt from being sent, and the deployment's record clean; the call tries another
    /// deployment only when the failure is `retryable`.
    virtual result<void> take(attempt_offer const& offer) = 0;

    /// Called once for every offer that `take` did not refuse.
    virtual void pay(attempt_bill const& bill) noexcept = 0;
};

} // namespace cogate
