#include "lib/server/manage/teams.hpp"

#include "lib/core/text.hpp"
#include "lib/server/manage/families.hpp"
#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/paging.hpp"
#include "lib/server/manage/show.hpp"

#include <array>
#include <functional>
#include <map>

namespace cogate::server::manage {
namespace {

using ledger::route_class;
using ledger::team_ptr;

constexpr std::array routes{
    managed_route{"POST", "/team/new", route_class::self_service, new_team},
    managed_route{"POST", "/team/update", route_class::self_service, update_team},
    managed_route{"POST", "/team/delete", route_class::self_service, delete_teams},
    managed_route{"POST", "/team/block", route_class::self_service, block_team},
    managed_route{"POST", "/team/unblock", route_class::self_service, unblock_team},
    managed_route{"POST", "/team/member_add", route_class::self_service, add_team_members},
    managed_route{"POST", "/team/member_delete", route_class::self_service, delete_team_member},
    managed_route{"POST", "/team/member_update", route_class::self_service, update_team_member},
    managed_route{"GET", "/team/info", route_class::self_service, team_info},
    managed_route{"GET", "/team/list", route_class::self_service, list_teams},
    managed_route{"GET", "/v2/team/list", route_class::self_service, list_teams_paged},
    managed_route{"GET", "/team/permissions_list", route_class::self_service, list_team_permissions},
    managed_route{"POST", "/team/permissions_update", route_class::self_service, update_team_permissions},
    managed_route{"POST", "/team/permissions_bulk_update", route_class::self_service, add_teams_permissions},
    managed_route{"GET", "/team/available", route_class::self_service, available_teams},
};

std::vector<std::string> memberships_of(view& shown, ledger::team_record const& team)
{
    std::vector<std::string> out;
    for (ledger::team_member const& one : team.members) {
        out.push_back(shown.membership(team, one));
    }
    return out;
}

/// The keys of teams that the caller may see.
using keys_by_team = std::map<std::string, std::vector<ledger::key_ptr>, std::less<>>;

keys_by_team keys_of(managed const& at, std::vector<team_ptr> const& teams, view& shown)
{
    keys_by_team out;
    for (team_ptr const& team : teams) {
        out[team->id];
    }
    ledger::directory const& in = at.at.directory();
    std::vector<ledger::key_ptr> all;
    for (ledger::key_ptr& key : in.keys()) {
        auto const team = out.find(key->team);
        if (team != out.end() && may_see(at.who, *key, in)) {
            all.push_back(key);
            team->second.push_back(std::move(key));
        }
    }
    shown.prepare(all);
    return out;
}

std::vector<team_ptr> seen_teams(managed const& at, query& asked)
{
    std::optional<std::string> const user = asked.one("user_id");
    std::optional<std::string> const organisation = asked.one("organization_id");
    std::optional<std::string> const id = asked.one("team_id");
    std::optional<std::string> const alias = asked.one("team_alias");
    ledger::directory const& in = at.at.directory();
    std::vector<team_ptr> all = in.teams();
    std::erase_if(all, [&](team_ptr const& one) {
        return !may_see(at.who, *one, in) || (user && one->find_member(*user) == nullptr) ||
               (organisation && one->organisation != *organisation) || (id && one->id != *id) ||
               (alias && core::ilower(one->alias).find(core::ilower(*alias)) == std::string::npos);
    });
    return all;
}

} // namespace

result<team_ptr> asked_team(managed const& at)
{
    query asked(at.query);
    std::optional<std::string> const id = asked.one("team_id");
    if (!id) {
        asked.blame("team_id", "The query parameter 'team_id' is required.");
    }
    if (asked.fault()) {
        return *asked.fault();
    }
    ledger::directory const& in = at.at.directory();
    result<team_ptr> team = team_named(*id, in);
    if (!at.who.is_viewer() && (!team || !may_see(at.who, **team, in))) {
        return failure{error_kind::permission_denied, "The caller is not a member of this team."}.with_code(
            "not_yours");
    }
    return team;
}

result<std::string> team_info(managed const& at)
{
    result<team_ptr> const team = asked_team(at);
    if (!team) {
        return team.error();
    }
    view shown(at);
    std::string out;
    shape to(out);
    to.text("team_id", (*team)->id).raw("team_info", shown.team(**team));
    keys_by_team const keys = keys_of(at, {*team}, shown);
    to.list("keys", shown.keys(keys.at((*team)->id)))
        .list("team_memberships", memberships_of(shown, **team))
        .end();
    return out;
}

result<std::string> list_teams(managed const& at)
{
    query asked(at.query);
    std::vector<team_ptr> all = seen_teams(at, asked);
    result<std::vector<team_ptr>> const part = listed(asked, all, "/v2/team/list");
    if (!part) {
        return part.error();
    }
    view shown(at);
    shown.prepare(*part);
    keys_by_team const keys = keys_of(at, *part, shown);
    std::vector<std::string> rows;
    for (team_ptr const& one : *part) {
        std::string text;
        shape to(text);
        shown.write_team(to, *one);
        to.list("team_memberships", memberships_of(shown, *one));
        to.list("keys", shown.keys(keys.at(one->id))).end();
        rows.push_back(std::move(text));
    }
    return json_list(rows);
}

result<std::string> list_teams_paged(managed const& at)
{
    query asked(at.query);
    page const part = page::of(asked, "page_size", 10);
    std::vector<team_ptr> const all = seen_teams(at, asked);
    if (asked.fault()) {
        return *asked.fault();
    }
    std::string out;
    shape to(out);
    to.list("teams", view(at).teams(part.cut(all))).number("total", static_cast<std::int64_t>(all.size()));
    to.number("page", part.number).number("page_size", part.size);
    to.number("total_pages", part.pages_of(all.size())).end();
    return out;
}

// Teams that anybody may join: there are none, members are added by those who manage the team.
result<std::string> available_teams(managed const& /*at*/)
{
    return std::string("[]");
}

std::span<managed_route const> team_routes() noexcept
{
    return routes;
}

} // namespace cogate::server::manage
