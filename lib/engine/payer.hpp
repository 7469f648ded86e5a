#pragma once

#include <cogate/money.hpp>
#include <cogate/result.hpp>
#include <cogate/usage.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cogate::engine {

struct served_deployment;

/// An attempt that is about to be sent.
struct attempt_offer {
    std::uint32_t attempt = 0; ///< its number within the call, from 0
    served_deployment const& deployment;
    std::string_view upstream_model;
    std::optional<money> bound; ///< what it costs at most; empty when its price is not known
};

/// An attempt that has ended.
struct attempt_bill {
    std::uint32_t attempt = 0;
    served_deployment const& deployment;
    std::string_view upstream_model;
    std::optional<money> cost{}; ///< empty: not known, or nothing was spent (`spent_nothing`)
    bool spent_nothing = false;  ///< it failed before its provider made anything
    bool estimated = false;      ///< counted here, not reported by the provider
    bool cancelled = false;
    bool truncated = false;
    int status = 0; ///< of the upstream; 0 when it never answered
    usage const& used;
    std::optional<std::chrono::nanoseconds> first_token{}; ///< since the attempt's start
};

/// Who pays for a call. The engine asks before each attempt and tells after it; each offer that was taken gets exactly
/// one bill.
/// Thread safety: none; used on the call's own thread.
class payer {
public:
    virtual ~payer() = default;

    /// A failure keeps the attempt from being sent; the call goes on elsewhere only when it is `retryable`.
    virtual result<void> take(attempt_offer const& offer) = 0;

    virtual void pay(attempt_bill const& bill) noexcept = 0;
};

} // namespace cogate::engine
