#include "lib/server/manage/ownership.hpp"

#include <algorithm>
#include <array>

namespace cogate::server::manage {
namespace {

using namespace ledger;

failure not_yours(std::string message)
{
    return failure{error_kind::permission_denied, std::move(message)}.with_code("not_yours");
}

} // namespace

std::string_view acting_user(principal const& who) noexcept
{
    bool const acts = who.user != nullptr && who.user->role != user_role::internal_user_viewer &&
                      who.user->role != user_role::proxy_admin_viewer;
    return acts ? std::string_view(who.user->id) : std::string_view{};
}

bool administers_organisation(principal const& who, std::string_view id, directory const& in)
{
    if (who.is_admin()) {
        return true;
    }
    std::string_view const user = acting_user(who);
    organisation_ptr const organisation = user.empty() || id.empty() ? nullptr : in.find_organisation(id);
    if (organisation == nullptr) {
        return false;
    }
    team_member const* const member = organisation->find_member(user);
    return member != nullptr && member->is_admin;
}

bool administers(principal const& who, team_record const& team, directory const& in)
{
    if (who.is_admin() || administers_organisation(who, team.organisation, in)) {
        return true;
    }
    std::string_view const user = acting_user(who);
    team_member const* const member = user.empty() ? nullptr : team.find_member(user);
    return member != nullptr && member->is_admin;
}

std::span<std::string_view const> member_permissions() noexcept
{
    static constexpr std::array<std::string_view, 14> all{"/key/generate",
                                                          "/key/service-account/generate",
                                                          "/key/update",
                                                          "/key/bulk_update",
                                                          "/key/delete",
                                                          "/key/regenerate",
                                                          "/key/{key_id}/regenerate",
                                                          "/key/{key_id}/reset_spend",
                                                          "/key/block",
                                                          "/key/unblock",
                                                          "/key/info",
                                                          "/key/health",
                                                          "/key/list",
                                                          "/key/aliases"};
    return all;
}

bool is_permitted(principal const& who, team_record const& team, std::string_view permission)
{
    std::string_view const user = acting_user(who);
    std::vector<std::string> const& given = team.member_permissions;
    return !user.empty() && team.find_member(user) != nullptr &&
           std::find(given.begin(), given.end(), permission) != given.end();
}

bool may_see(principal const& who, key_record const& key, directory const& in)
{
    if (who.is_viewer() || (who.key != nullptr && who.key->digest == key.digest)) {
        return true;
    }
    if (who.user != nullptr && who.user->id == key.user) {
        return true;
    }
    team_ptr const team = key.team.empty() ? nullptr : in.find_team(key.team);
    return (team != nullptr && (administers(who, *team, in) || is_permitted(who, *team, "/key/info"))) ||
           administers_organisation(who, key.organisation, in);
}

bool may_see(principal const& who, user_record const& user, directory const& in)
{
    return who.is_viewer() || (who.user != nullptr && who.user->id == user.id) ||
           administers_organisation(who, user.organisation, in);
}

bool may_see(principal const& who, team_record const& team, directory const& in)
{
    return who.is_viewer() || (who.user != nullptr && team.find_member(who.user->id) != nullptr) ||
           (who.key != nullptr && who.key->team == team.id) || administers(who, team, in);
}

bool may_see(principal const& who, organisation_record const& organisation)
{
    if (who.is_viewer() || (who.organisation != nullptr && who.organisation->id == organisation.id)) {
        return true;
    }
    return who.user != nullptr && organisation.find_member(who.user->id) != nullptr;
}

result<void> may_change(principal const& who, key_record const& key, directory const& in, std::string_view by)
{
    if (who.is_admin()) {
        return {};
    }
    std::string_view const user = acting_user(who);
    if (!user.empty() && user == key.user) {
        return {};
    }
    team_ptr const team = key.team.empty() ? nullptr : in.find_team(key.team);
    if ((team != nullptr && (administers(who, *team, in) || is_permitted(who, *team, by))) ||
        administers_organisation(who, key.organisation, in)) {
        return {};
    }
    return not_yours(
        "This key may only be changed by its user, an admin of its team or organisation, or a proxy_admin.");
}

bool may_lift(principal const& who, key_record const& key, directory const& in)
{
    team_ptr const team = key.team.empty() ? nullptr : in.find_team(key.team);
    return who.is_admin() || (!key.terms_by.empty() && key.terms_by == who.name()) ||
           (team != nullptr && administers(who, *team, in));
}

result<void> may_hold(principal const& who, key_record const& key)
{
    if (who.is_admin() || key.user.empty() || key.user == acting_user(who) || key.type == key_type::llm_api) {
        return {};
    }
    return not_yours("A key of another user that you know may only call models: its key_type is llm_api.")
        .with_param("key_type");
}

result<void> may_manage(principal const& who, team_record const& team, directory const& in)
{
    if (administers(who, team, in)) {
        return {};
    }
    return not_yours("Only an admin of the team '" + team.id +
                     "' or of its organisation, or a proxy_admin, may do this.");
}

result<void> may_change(principal const& who, team_record const& team, directory const& in)
{
    if (administers_organisation(who, team.organisation, in)) {
        return {};
    }
    return not_yours("Only an admin of the organisation of the team '" + team.id +
                     "', or a proxy_admin, may do this.");
}

result<void> may_manage(principal const& who, organisation_record const& organisation, directory const& in)
{
    if (administers_organisation(who, organisation.id, in)) {
        return {};
    }
    return not_yours("Only an admin of the organisation '" + organisation.id +
                     "', or a proxy_admin, may do this.");
}

result<void> must_be_admin(principal const& who, std::string_view to_do)
{
    if (who.is_admin()) {
        return {};
    }
    return not_yours("Only a proxy_admin may " + std::string(to_do) + '.');
}

} // namespace cogate::server::manage
