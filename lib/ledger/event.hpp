#pragma once

#include "lib/ledger/shared_attribution.hpp"

#include <cogate/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cogate::ledger {

/// Amounts of money: nano-dollars.
using nanos = std::int64_t;

/// UTC, microseconds.
using moment = std::chrono::sys_time<std::chrono::microseconds>;

/// What happened to an attempt. Bits, for a row keeps the set of kinds it has seen; stored: never renumber.
enum class event_kind : std::uint8_t {
    reserve = 1, ///< admitted; `amount` is the upper bound that is held
    sent = 2,    ///< a request reserved with `flag::waiting` has left for its provider
    settle = 4,  ///< ended; `amount` is the true cost
    voided = 8,  ///< ended without cost
};

std::string_view to_string(event_kind kind) noexcept;

/// Facts about an amount. Bits; stored: never renumber.
namespace flag {
inline constexpr std::uint32_t estimated = 1; ///< the usage was counted here, no provider reported it
inline constexpr std::uint32_t cancelled = 2; ///< the caller went away before the end
inline constexpr std::uint32_t recovered = 4; ///< settled after a crash, outcome unknown
inline constexpr std::uint32_t truncated = 8; ///< the provider cut the answer short
inline constexpr std::uint32_t unpriced = 16; ///< allowed without a known price
inline constexpr std::uint32_t cached = 32;   ///< answered from a cache
inline constexpr std::uint32_t waiting = 64;  ///< on a reserve: not sent yet, a `sent` event may follow
} // namespace flag

/// Tokens as the row keeps them (meaning as in cogate::usage).
struct token_counts {
    std::int64_t prompt = 0;
    std::int64_t completion = 0;
    std::int64_t cached = 0;
    std::int64_t cache_write = 0;
    std::int64_t reasoning = 0;

    friend bool operator==(token_counts const&, token_counts const&) = default;
};

/// One fact for the ledger. (request_id, attempt, kind) is its identity: the first event of an identity counts,
/// every later one has no effect. A plain value.
struct event {
    std::string request_id; ///< the x-litellm-call-id that the client got
    std::uint32_t attempt = 0;
    event_kind kind = event_kind::settle;
    shared_attribution who;
    nanos amount = 0;
    token_counts tokens;
    std::uint32_t flags = 0;
    std::int32_t status = 0; ///< HTTP status that the caller got; 0 when unknown
    /// When the call was admitted. The money belongs to the budget period of this moment.
    moment started{};
    moment at{};          ///< when this event happened
    moment first_token{}; ///< epoch when there was none
};

inline constexpr nanos max_amount = 1'000'000'000'000'000;        ///< 10^6 dollars for one attempt
inline constexpr std::int64_t max_tokens = std::int64_t{1} << 40; ///< of one kind in one attempt
inline constexpr std::size_t max_request_id = 128;

/// Nothing when the event can be booked, else an `invalid_request` failure whose `param` names the field.
/// A caller that checks `who.is_valid()` and the request id before the call starts never fails here afterwards.
result<void> validate(event const& e);

/// Bytes of memory an event takes in a queue at most, roughly: as if it shared its attribution with nobody.
std::size_t memory_of(event const& e) noexcept;

} // namespace cogate::ledger
