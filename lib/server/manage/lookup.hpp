#pragma once

#include "lib/ledger/accounts/directory.hpp"
#include "lib/ledger/accounts/key_text.hpp"
#include "lib/server/manage/handler.hpp"

#include <cogate/result.hpp>

#include <string>
#include <string_view>

namespace cogate::server::manage {

/// The id under which a key that a request names is kept: `named` is the key itself (also one that was regenerated, within
/// its grace period), or the id of a record (LiteLLM's `token`). An id names a record; it opens nothing. What no record has
/// is taken for a key, whose digest old rows of the ledger may have.
std::string digest_named(std::string_view named, ledger::directory const& in,
                         ledger::key_digester const& digester);

/// The record of it. Failures: `not_found` (404), code "key_not_found", the key only as `masked_key`.
result<ledger::key_ptr> key_named(std::string_view named, ledger::directory const& in,
                                  ledger::key_digester const& digester, std::string_view param = "key");

/// Records that a request names. Failures: `not_found` (404) with the id in the text and the field in `param`.
result<ledger::user_ptr> user_named(std::string_view id, ledger::directory const& in,
                                    std::string_view param = "user_id");
result<ledger::team_ptr> team_named(std::string_view id, ledger::directory const& in,
                                    std::string_view param = "team_id");
result<ledger::organisation_ptr> organisation_named(std::string_view id, ledger::directory const& in,
                                                    std::string_view param = "organization_id");
result<ledger::end_user_ptr> end_user_named(std::string_view id, ledger::directory const& in,
                                            std::string_view param = "user_id");
result<ledger::budget_ptr> budget_named(std::string_view id, ledger::directory const& in,
                                        std::string_view param = "budget_id");
result<ledger::tag_ptr> tag_named(std::string_view id, ledger::directory const& in,
                                  std::string_view param = "name");

/// The user whose email address it is, in any case. Failures as above, and `invalid_request` when several have it. Linear.
result<ledger::user_ptr> user_with_email(std::string_view email, ledger::directory const& in,
                                         std::string_view param = "user_email");

/// Whether records that a record names exist; empty ids name nothing. Failures as above.
result<void> names_known(std::string_view user, std::string_view team, std::string_view organisation,
                         std::string_view budget, ledger::directory const& in);

/// Something of that name is there already: `invalid_request` (400), code "already_exists", as LiteLLM.
failure already_there(std::string_view what, std::string_view name, std::string_view param);

/// An id for a record whose maker chose none: a UUID of version 7.
std::string fresh_id(ledger::moment now);

/// Stamps of a record that the caller makes now, and of one that it changes.
ledger::stamps made_by(managed const& at);
void touch(ledger::stamps& made, managed const& at);

} // namespace cogate::server::manage
