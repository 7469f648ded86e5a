#include "lib/server/manage/users.hpp"

#include "lib/core/text.hpp"
#include "lib/server/manage/families.hpp"
#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/paging.hpp"
#include "lib/server/manage/show.hpp"

#include <algorithm>
#include <array>

namespace cogate::server::manage {
namespace {

using ledger::route_class;

constexpr std::array routes{
    managed_route{"POST", "/user/new", route_class::admin, new_user},
    managed_route{"POST", "/user/update", route_class::admin, update_user},
    managed_route{"POST", "/user/bulk_update", route_class::admin, bulk_update_users},
    managed_route{"POST", "/user/delete", route_class::admin, delete_users},
    managed_route{"GET", "/user/info", route_class::self_service, user_info},
    managed_route{"GET", "/user/list", route_class::self_service, list_users},
    managed_route{"GET", "/user/available_roles", route_class::self_service, available_roles},
};

struct role_text {
    ledger::user_role role;
    std::string_view label;
    std::string_view description;
};

constexpr std::array role_texts{
    role_text{ledger::user_role::proxy_admin, "Admin (All Permissions)", "Manages everything."},
    role_text{ledger::user_role::proxy_admin_viewer, "Admin (View Only)",
              "Sees everything, changes nothing."},
    role_text{ledger::user_role::internal_user, "Internal User (Create/Delete/View)",
              "Calls models, makes and manages keys of their own, sees what they have spent."},
    role_text{ledger::user_role::internal_user_viewer, "Internal User (View Only)",
              "Calls models and sees their keys and what they have spent."},
};

std::string with_key_count(view& shown, ledger::user_record const& user, std::int64_t keys)
{
    std::string out;
    shape to(out);
    shown.write_user(to, user);
    to.number("key_count", keys).end();
    return out;
}

} // namespace

result<std::string> user_info(managed const& at)
{
    query asked(at.query);
    std::optional<std::string> const named = asked.one("user_id");
    if (!named && at.who.user == nullptr) {
        asked.blame("user_id", "The query parameter 'user_id' is required.");
    }
    if (asked.fault()) {
        return *asked.fault();
    }
    ledger::directory const& in = at.at.directory();
    result<ledger::user_ptr> const user = user_named(named ? *named : at.who.user->id, in);
    if (!at.who.is_viewer() && (!user || !may_see(at.who, **user, in))) {
        return failure{error_kind::permission_denied, "Only a proxy_admin may see other users."}.with_code(
            "not_yours");
    }
    if (!user) {
        return user.error();
    }
    std::vector<ledger::key_ptr> keys = in.keys();
    std::erase_if(keys, [&](ledger::key_ptr const& key) { return key->user != (*user)->id; });
    std::vector<ledger::team_ptr> teams = in.teams();
    std::erase_if(teams,
                  [&](ledger::team_ptr const& team) { return team->find_member((*user)->id) == nullptr; });
    view shown(at);
    std::string out;
    shape to(out);
    to.text("user_id", (*user)->id).raw("user_info", shown.user(**user));
    to.list("keys", shown.keys(keys)).list("teams", shown.teams(teams)).end();
    return out;
}

result<std::string> list_users(managed const& at)
{
    query asked(at.query);
    page const part = page::of(asked, "page_size", 25);
    std::optional<std::string> const role = asked.one("role");
    std::optional<std::string> const email = asked.one("user_email");
    std::optional<std::string> const team_id = asked.one("team");
    std::vector<std::string> ids;
    for (std::string const& list : asked.all("user_ids")) { // separated by commas
        for (std::string_view const id : core::split(list, ',')) {
            ids.emplace_back(core::trim(id));
        }
    }
    if (role && !ledger::parse_user_role(*role)) {
        asked.blame("role", "The query parameter 'role' is not a role; see /user/available_roles.");
    }
    if (asked.fault()) {
        return *asked.fault();
    }
    ledger::directory const& in = at.at.directory();
    ledger::team_ptr const team = team_id ? in.find_team(*team_id) : nullptr;
    std::vector<ledger::user_ptr> all = in.users();
    std::erase_if(all, [&](ledger::user_ptr const& one) {
        return !may_see(at.who, *one, in) || (role && ledger::to_string(one->role) != *role) ||
               (email && core::ilower(one->email).find(core::ilower(*email)) == std::string::npos) ||
               (!ids.empty() && std::find(ids.begin(), ids.end(), one->id) == ids.end()) ||
               (team_id && (team == nullptr || team->find_member(one->id) == nullptr));
    });
    std::map<std::string, std::int64_t, std::less<>> key_counts;
    for (ledger::key_ptr const& key : in.keys()) {
        ++key_counts[key->user];
    }
    std::vector<ledger::user_ptr> const chosen = part.cut(all);
    view shown(at);
    shown.prepare(chosen);
    std::vector<std::string> rows;
    for (ledger::user_ptr const& one : chosen) {
        rows.push_back(with_key_count(shown, *one, key_counts[one->id]));
    }
    std::string out;
    shape to(out);
    to.list("users", rows).number("total", static_cast<std::int64_t>(all.size())).number("page", part.number);
    to.number("page_size", part.size).number("total_pages", part.pages_of(all.size())).end();
    return out;
}

result<std::string> available_roles(managed const& /*at*/)
{
    std::string out;
    shape to(out);
    for (role_text const& one : role_texts) {
        std::string text;
        shape(text).text("description", one.description).text("ui_label", one.label).end();
        to.raw(ledger::to_string(one.role), text);
    }
    to.end();
    return out;
}

std::span<managed_route const> user_routes() noexcept
{
    return routes;
}

} // namespace cogate::server::manage
