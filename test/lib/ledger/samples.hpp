#pragma once

#include "lib/ledger/event.hpp"

#include <chrono>
#include <cstdint>
#include <string>

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
    e.who.key = std::move(key);
    e.who.user = "user-1";
    e.who.team = "team-1";
    e.who.model = "gpt";
    e.who.provider = "openai";
    e.who.tags = {"a", "b"};
    e.amount = kind == ledger::event_kind::voided || kind == ledger::event_kind::sent ? 0 : amount;
    if (kind == ledger::event_kind::settle) {
        e.tokens = {100, 20, 10, 5, 3};
        e.status = 200;
    }
    e.started = ledger_noon;
    e.at = ledger_noon + std::chrono::milliseconds{1500};
    e.call_type = "completion";
    return e;
}

} // namespace cogate::test
