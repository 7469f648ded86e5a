#pragma once

#include "lib/server/manage/fields.hpp"
#include "lib/server/manage/users.hpp"

#include <optional>
#include <string_view>
#include <vector>

/// What requests say about members of teams and organisations.
namespace cogate::server::manage {

inline constexpr std::string_view member_roles = "admin, user";
inline constexpr std::string_view organisation_roles = "org_admin, internal_user, internal_user_viewer";

/// Whether the role is an admin's; nothing for an unknown word.
std::optional<bool> parse_member_role(std::string_view word);
std::optional<bool> parse_organisation_role(std::string_view word);

struct said_member {
    member_name named;
    bool is_admin = false;
};

/// An object, or a list of them, with `user_id` or `user_email` and `role`.
std::vector<said_member> read_members(fields& from, std::string_view field,
                                      std::optional<bool> (*read_role)(std::string_view),
                                      std::string_view roles);

/// Puts members into a record's list; users that do not exist are made in `changes`. Failures: `invalid_request`, code
/// "already_exists", for one who is there already.
result<void> add_members(std::vector<ledger::team_member>& to, std::vector<said_member> const& said,
                         ledger::terms const& terms, managed const& at, ledger::directory const& in,
                         ledger::record_changes& changes, std::vector<ledger::user_record>* users = nullptr);

/// The member whom a request names. Failures: 404.
result<std::size_t> member_index(std::vector<ledger::team_member> const& members, member_name const& named,
                                 ledger::directory const& in);

} // namespace cogate::server::manage
