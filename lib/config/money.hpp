#pragma once

#include "lib/config/reader.hpp"
#include "lib/config/routing_draft.hpp"

#include <optional>

namespace cogate::config {

/// The budget of `wish`, which stands at `at` and is called `what`; nothing without a limit, which is a warning when
/// there is a period.
std::optional<ledger::budget> make_budget(reader& in, YAML::Mark const& at, std::string const& what,
                                          budget_wish const& wish);

/// The members of `litellm_settings` and `router_settings` that are mappings of money.
void read_money_member(reader& in, std::string_view name, member const& each, settings& to);

/// Takes over what `litellm_settings` (which stand at `at`) say with several keys: the budget of all calls, and what new
/// users get.
void settle_money(reader& in, YAML::Mark const& at, money_wishes const& wishes, settings& to);

/// general_settings.database_url names a database that is served.
void check_database(reader& in, member const& each, settings& to);

} // namespace cogate::config
