#pragma once

#include "lib/config/settings.hpp"
#include "lib/engine/routes.hpp"
#include "lib/server/accounts.hpp"

#include <cogate/result.hpp>

#include <memory>

namespace cogate::cli {

/// Whether a gateway with these settings keeps accounts: where somebody administers it (a master key), or where a place
/// for them is named.
bool keeps_accounts(config::settings const& settings, bool names_a_place) noexcept;

/// What new keys and users get, as the server keeps it.
server::configured_terms configured_terms_of(config::key_settings const& from);

/// What of the settings the server may take over while it serves. `served` tells the ids of deployments with budgets.
server::accounts_terms accounts_terms_of(config::settings const& settings, engine::routes const& served);

/// Opens the accounts that the settings describe. `served` tells the ids of deployments with budgets. Failures:
/// `service_unavailable` or `invalid_request` with what to do in the text. Blocks.
result<std::unique_ptr<server::accounts>> open_accounts(config::settings const& settings,
                                                        engine::routes const& served);

} // namespace cogate::cli
