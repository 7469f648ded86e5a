#pragma once

#include "lib/server/manage/handler.hpp"

#include <cogate/result.hpp>

#include <string>

/// The handlers of /team/*.
namespace cogate::server::manage {

/// By a proxy_admin, or an admin of the organisation that it names. A caller with a user becomes the team's admin.
result<std::string> new_team(managed const& at);
result<std::string> update_team(managed const& at);
/// Teams and their keys.
result<std::string> delete_teams(managed const& at);
result<std::string> block_team(managed const& at);
result<std::string> unblock_team(managed const& at);
result<std::string> team_info(managed const& at);
/// At most `whole_list` teams without paging; more must be asked for with `page`, or at /v2/team/list.
result<std::string> list_teams(managed const& at);
result<std::string> list_teams_paged(managed const& at);
result<std::string> available_teams(managed const& at);

result<std::string> add_team_members(managed const& at);
/// The member's keys of the team go with them.
result<std::string> delete_team_member(managed const& at);
result<std::string> update_team_member(managed const& at);

} // namespace cogate::server::manage
