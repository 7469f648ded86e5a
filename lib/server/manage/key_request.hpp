#pragma once

#include "lib/ledger/accounts/records.hpp"
#include "lib/server/manage/fields.hpp"
#include "lib/server/manage/handler.hpp"

#include <optional>
#include <string>

namespace cogate::server::manage {

/// Reads what a request says about a key into its record: owners, models, terms, use, metadata. What is not said stays.
/// `metadata.tags`, LiteLLM's older place, is read where `tags` is not said. Not read: `key`.
void read_key(fields& from, ledger::key_record& to, ledger::moment now);

/// The last step of every change of a key: that what it names exists, that its alias is nobody else's, that the
/// caller may give all of it, and that no bound of the configuration is passed. A team's key without an organisation
/// gets the team's. Notes who set what. Failures: 404, 400, 403.
result<void> settle_key(managed const& at, ledger::directory const& in, ledger::key_record const& before,
                        ledger::key_record& key);

/// A key's text that an operator chose: "sk-" and at least `least_chosen_key` bytes. Nothing when the field is not there.
std::optional<std::string> chosen_key(fields& from, std::string_view field);

} // namespace cogate::server::manage
