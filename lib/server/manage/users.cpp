#include "lib/server/manage/users.hpp"

#include "lib/server/manage/configured.hpp"
#include "lib/server/manage/key_request.hpp"
#include "lib/server/manage/keys.hpp"
#include "lib/server/manage/lookup.hpp"
#include "lib/server/manage/members.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/show.hpp"
#include "lib/server/manage/terms.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

using ledger::record_changes;
using ledger::user_record;

/// {"teams": ["t1"]} or {"teams": [{"team_id": "t1", "max_budget_in_team": 1, "user_role": "admin"}]}.
struct joined_team {
    std::string id;
    ledger::team_member member;
};

std::vector<joined_team> read_teams(fields& from)
{
    std::vector<joined_team> out;
    json::value const said = from.value("teams");
    if (said.exists() && (!said.is_array() || said.size() > most_names)) {
        from.blame("teams", "must be a list of team ids.");
        return out;
    }
    for (json::value const one : said) {
        joined_team team;
        std::string const within = "teams[" + std::to_string(out.size()) + ']';
        if (one.is_string()) {
            team.id = one.string();
        } else {
            fields in(one, within + '.');
            team.id = in.required_name("team_id");
            in.money("max_budget_in_team", team.member.has.max_budget);
            in.word("user_role", parse_member_role, member_roles, team.member.is_admin);
            in.ignore_rest();
            from.adopt(in);
        }
        out.push_back(std::move(team));
    }
    return out;
}

/// Puts the user into teams and organisations of `changes`, taken from the directory once each.
result<void> join(user_record& user, std::vector<joined_team> const& teams,
                  std::vector<std::string> const& organisations, managed const& at,
                  ledger::directory const& in, record_changes& changes)
{
    for (joined_team const& one : teams) {
        result<ledger::team_ptr> const found = team_named(one.id, in, "teams");
        if (!found) {
            return found.error();
        }
        ledger::team_record team = **found;
        if (team.find_member(user.id) != nullptr) {
            continue;
        }
        ledger::team_member member = one.member;
        member.user = user.id;
        team.members.push_back(std::move(member));
        touch(team.made, at);
        changes.put.emplace_back(std::move(team));
    }
    for (std::string const& id : organisations) {
        result<ledger::organisation_ptr> const found = organisation_named(id, in, "organizations");
        if (!found) {
            return found.error();
        }
        ledger::organisation_record organisation = **found;
        organisation.members.push_back({user.id, false, {}, {}});
        touch(organisation.made, at);
        changes.put.emplace_back(std::move(organisation));
        user.organisation = user.organisation.empty() ? id : user.organisation;
    }
    return {};
}

} // namespace

result<std::string> new_user(managed const& at)
{
    fields in(at.body);
    user_record user;
    in.name("user_id", user.id);
    read_user(in, user, at.now);
    std::vector<joined_team> const teams = read_teams(in);
    std::vector<std::string> organisations;
    in.names("organizations", organisations);
    bool makes_key = true;
    if (in.says("auto_create_key")) {
        in.flag("auto_create_key", makes_key);
    }
    ledger::key_record key;
    fields of_key(at.body);
    read_key(of_key, key, at.now);
    in.adopt(of_key);
    for (std::string_view const name :
         {"key_alias", "key_type", "aliases", "allowed_routes", "duration", "tags", "team_id"}) {
        in.says(name); // the key's
    }
    std::optional<std::string> const chosen = chosen_key(in, "key");
    in.keep_rest(user.other);
    if (in.fault()) {
        return *in.fault();
    }
    if (!in.says("user_role")) {
        user.role = at.at.terms()->owners.user_role.value_or(user.role);
    }
    give_defaults(at, user);
    user.id = user.id.empty() ? fresh_id(at.now) : user.id;
    user.made = made_by(at);
    // budgets and limits are the user's: the key would count them a second time
    key.user = user.id;
    key.organisation.clear();
    key.budget.clear();
    key.has = {};
    key.metadata = "{}";
    key.blocked = false;
    key.made = user.made;
    secret text;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        if (all.find_user(user.id) != nullptr) {
            return already_there("The user", user.id, "user_id").with_status(409);
        }
        record_changes changes;
        result<void> done = names_known({}, key.team, user.organisation, user.budget, all);
        if (done) {
            done = email_is_free(user, all);
        }
        if (done) {
            done = join(user, teams, organisations, at, all, changes);
        }
        if (done && makes_key && !key.alias.empty() && all.find_key_by_alias(key.alias) != nullptr) {
            done = already_there("A key with the alias", key.alias, "key_alias");
        }
        if (!done) {
            return done.error();
        }
        if (makes_key) {
            text = seal_key(at, chosen ? &*chosen : nullptr, key);
            if (result<void> const free = must_be_free(key.digest, all, "key"); !free) {
                return free.error();
            }
            changes.put.emplace_back(key);
        }
        changes.put.emplace_back(user);
        return changes;
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    std::string out;
    shape to(out);
    to.text("key", text.reveal()).text("token", key.digest).text("token_id", key.digest);
    to.text("key_name", key.masked).text("key_alias", key.alias).instant("expires", key.expires);
    view(at).write_user(to, user);
    to.end();
    return out;
}

} // namespace cogate::server::manage
