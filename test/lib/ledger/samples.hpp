#pragma once

#include "lib/ledger/event.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace cogate::test {

/// A Wednesday, 10:20:30 UTC.
inline constexpr ledger::moment ledger_noon{std::chrono::sys_days{std::chrono::year{2026} / 4 / 15} +
                                            std::chrono::hours{10} + std::chrono::minutes{20} +
                                            std::chrono::seconds{30}};

inline ledger::event ledger_event(std::string request_id, ledger::event_kind kind, ledger::nanos amount,
                                  std::string key = "key-1", std::uint32_t attempt = 0)
{
    ledger::event e;
    e.request_id = std::move(request_id);
    e.attempt = attempt;
    e.kind = kind;
    ledger::attribution who;
    who.key = std::move(key);
    who.user = "user-1";
    who.team = "team-1";
    who.model = "gpt";
    who.provider = "openai";
    who.tags = {"a", "b"};
    who.call_type = "completion";
    e.who = ledger::shared_attribution(std::move(who));
    e.amount = kind == ledger::event_kind::voided || kind == ledger::event_kind::sent ? 0 : amount;
    if (kind == ledger::event_kind::settle) {
        e.tokens = {100, 20, 10, 5, 3};
        e.status = 200;
    }
    e.started = ledger_noon;
    e.at = ledger_noon + std::chrono::milliseconds{1500};
    return e;
}

/// Other names for an event: `change(attribution&)` of a copy of its own.
template <class Change>
void change_names(ledger::event& e, Change change)
{
    ledger::attribution who = *e.who;
    change(who);
    e.who = ledger::shared_attribution(std::move(who));
}

} // namespace cogate::test
