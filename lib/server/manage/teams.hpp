#pragma once

#include "lib/server/manage/fields.hpp"
#include "lib/server/manage/handler.hpp"

#include <cogate/result.hpp>

#include <string>
#include <string_view>
#include <vector>

/// The handlers of /team/*.
namespace cogate::server::manage {

/// By a proxy_admin, or an admin of the organisation that it names. A caller with a user becomes the team's admin.
result<std::string> new_team(managed const& at);
result<std::string> update_team(managed const& at);
/// Teams and their keys.
result<std::string> delete_teams(managed const& at);
result<std::string> block_team(managed const& at);
result<std::string> unblock_team(managed const& at);
/// The team that the query's `team_id` names. One who sees no team is not told whether there is such a one.
result<ledger::team_ptr> asked_team(managed const& at);
result<std::string> team_info(managed const& at);
/// At most `whole_list` teams without paging; more must be asked for with `page`, or at /v2/team/list.
result<std::string> list_teams(managed const& at);
result<std::string> list_teams_paged(managed const& at);
result<std::string> available_teams(managed const& at);

/// What the team's members who are no admins may do with its keys; by those who see the team, and changed by its admins.
result<std::string> list_team_permissions(managed const& at);
result<std::string> update_team_permissions(managed const& at);
/// The same added to many teams, or to all.
result<std::string> add_teams_permissions(managed const& at);
/// Reads a list of them.
void read_permissions(fields& from, std::string_view field, std::vector<std::string>& to);

result<std::string> add_team_members(managed const& at);
/// The member's keys of the team go with them.
result<std::string> delete_team_member(managed const& at);
result<std::string> update_team_member(managed const& at);

} // namespace cogate::server::manage
