#pragma once

#include "lib/ledger/accounts/directory.hpp"
#include "lib/server/manage/fields.hpp"
#include "lib/server/manage/handler.hpp"

#include <cogate/result.hpp>

/// What the configuration gives new keys and users, and the most that it lets a key have.
namespace cogate::server::manage {

/// Fills in what the request of a new key does not say. Said as null counts as not said, but for `budget_duration`: null is
/// a budget that never starts anew; so does `duration` "-1" (no end) count as said. A default is never above a bound or above
/// what the calling key has. A fault of `from` where "-1" is above the bound.
void give_defaults(fields& from, managed const& at, ledger::directory const& in, ledger::key_record& key);

/// The same of a new user: null is not said.
void give_defaults(managed const& at, ledger::user_record& user);

/// Refuses what is above a bound (`invalid_request` that names the field) or takes away what a bound limits; what a change
/// leaves as it was is let be. What a new key's request (`asked`) did not say, it gets at the bound or lower. Budget records
/// count as what the key says.
result<void> hold_to_bounds(managed const& at, ledger::directory const& in, ledger::key_record const& before,
                            ledger::key_record const& asked, ledger::key_record& key);

/// Whether a budget that starts anew every `a` does so less often than one of `b`. Empty: never. A month is 30 days.
bool is_longer_period(std::string_view a, std::string_view b) noexcept;

} // namespace cogate::server::manage
