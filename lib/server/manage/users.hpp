#pragma once

#include "lib/ledger/accounts/record_store.hpp"
#include "lib/server/manage/fields.hpp"
#include "lib/server/manage/handler.hpp"

#include <cogate/result.hpp>

#include <string>
#include <string_view>

/// The handlers of /user/*, and what teams and organisations need of users.
namespace cogate::server::manage {

result<std::string> new_user(managed const& at);
result<std::string> update_user(managed const& at);
/// Each user for itself: what fails is in the answer, the others are changed.
result<std::string> bulk_update_users(managed const& at);
/// Users, their keys and their memberships.
result<std::string> delete_users(managed const& at);
result<std::string> user_info(managed const& at);
result<std::string> list_users(managed const& at);
result<std::string> available_roles(managed const& at);

/// A member that a request names by `user_id` or `user_email`.
struct member_name {
    std::string user;
    std::string email;
};

/// Reads `user_id` and `user_email`; one of them must be there.
member_name read_member_name(fields& from);

/// The user of a member; one that does not exist is made (LiteLLM: so does its member_add), as an internal_user, in
/// `changes`. Failures: as user_with_email().
result<ledger::user_record> user_of(member_name const& named, managed const& at, ledger::directory const& in,
                                    ledger::record_changes& changes);

/// Reads what a request says about a user into its record: role, terms, models. Not read: `user_id`.
void read_user(fields& from, ledger::user_record& to, ledger::moment now);

/// No other user has the email address. Failure: `invalid_request`, code "already_exists".
result<void> email_is_free(ledger::user_record const& user, ledger::directory const& in);

/// The user whom a request names and who exists. Failures: 404.
result<ledger::user_ptr> existing_user(member_name const& named, ledger::directory const& in);

} // namespace cogate::server::manage
