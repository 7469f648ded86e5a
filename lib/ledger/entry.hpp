#pragma once

#include "lib/ledger/event.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace cogate::ledger {

/// All that is known of one attempt: the union of its events, one row of the ledger. A plain value.
///
/// Merging is commutative, associative and idempotent over events with distinct contents per identity, so any
/// order, repetition and replay of the same events gives the same row. What describes the call (who, times,
/// tokens, flags) is taken from the highest-ranking event seen: settle, then voided, then reserve, then sent.
struct entry {
    std::string request_id;
    std::uint32_t attempt = 0;
    std::uint8_t kinds = 0; ///< bits of event_kind seen
    nanos reserved = 0;     ///< of the reserve event
    nanos spent = 0;        ///< of the settle event
    shared_attribution who;
    token_counts tokens;
    std::uint32_t flags = 0;
    std::int32_t status = 0;
    moment started{};
    moment ended{}; ///< epoch while open
    moment first_token{};

    bool has(event_kind kind) const noexcept { return (kinds & static_cast<std::uint8_t>(kind)) != 0; }
    bool is_settled() const noexcept { return has(event_kind::settle); }
    /// Ended without cost. A settle outranks a void: money known to be spent is never forgotten.
    bool is_void() const noexcept { return has(event_kind::voided) && !is_settled(); }
    bool is_closed() const noexcept { return is_settled() || has(event_kind::voided); }
    /// Holds its reserved amount.
    bool is_open() const noexcept { return has(event_kind::reserve) && !is_closed(); }

    friend bool operator==(entry const&, entry const&) = default;
};

/// The entry of one event.
entry entry_of(event e);

/// Adds what another entry of the same attempt knows. Gives the kinds that were not there before; of those that
/// were, what `into` says stays.
std::uint8_t merge(entry& into, entry more);

/// The same with one event: false, and no change, when its kind was there already. An entry without kinds takes
/// the event's identity.
bool merge(entry& into, event const& e);

/// What an entry adds to the counters of each of its scopes.
struct counts {
    nanos spent = 0;
    std::int64_t calls = 0;  ///< settled attempts
    std::int64_t failed = 0; ///< void attempts
    std::int64_t prompt_tokens = 0;
    std::int64_t completion_tokens = 0;

    counts& operator+=(counts const& other) noexcept;
    counts& operator-=(counts const& other) noexcept;
    bool is_zero() const noexcept { return *this == counts{}; }

    friend bool operator==(counts const&, counts const&) = default;
};

/// Zero while open.
counts counts_of(entry const& e) noexcept;

/// Counters are kept by the UTC hour in which an attempt started: hours since 1970.
constexpr std::int64_t hour_of(moment when) noexcept
{
    return std::chrono::floor<std::chrono::hours>(when).time_since_epoch().count();
}

constexpr moment start_of_hour(std::int64_t hour) noexcept
{
    return moment{std::chrono::hours{hour}};
}

} // namespace cogate::ledger
