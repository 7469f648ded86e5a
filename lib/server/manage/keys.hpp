#pragma once

#include "lib/server/manage/handler.hpp"

#include <cogate/result.hpp>
#include <cogate/secret.hpp>

#include <string>
#include <string_view>

/// The handlers of /key/*. See LiteLLM's documentation of virtual keys for their requests and answers.
namespace cogate::server::manage {

result<std::string> generate_key(managed const& at);
result<std::string> generate_service_account_key(managed const& at);
/// Another key for the same record: its id (`token`), and with it its budgets, limits and rows in the ledger, stay. The old key
/// opens the record until `grace_period` is over; without one neither it nor any key before it opens it.
result<std::string> regenerate_key(managed const& at);
result<std::string> update_key(managed const& at);
/// Each key for itself: what fails is in the answer, the others are changed.
result<std::string> bulk_update_keys(managed const& at);
result<std::string> delete_keys(managed const& at);
result<std::string> block_key(managed const& at);
result<std::string> unblock_key(managed const& at);
/// `rest` is "{key}/regenerate" or "{key}/reset_spend".
result<std::string> key_action(managed const& at);
result<std::string> key_info(managed const& at);
result<std::string> keys_info(managed const& at);
result<std::string> list_keys(managed const& at);
result<std::string> key_aliases(managed const& at);
result<std::string> key_health(managed const& at);

/// Makes a key for a user or a request; for /key/generate and /user/new. The record must be settled by settle_key().
/// Gives the text that is shown once, and fills in the digest and the masked name.
secret seal_key(managed const& at, std::string const* chosen, ledger::key_record& key);

/// No record has the digest of a key that `field` of the request chooses. Failure: `invalid_request`, code "already_exists".
result<void> must_be_free(std::string_view digest, ledger::directory const& in, std::string_view field);

/// The one answer that holds a key.
std::string made_answer(managed const& at, secret const& text, ledger::key_record const& key);

} // namespace cogate::server::manage
