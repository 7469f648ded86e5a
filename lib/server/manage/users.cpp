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

constexpr std::string_view roles = "proxy_admin, proxy_admin_viewer, internal_user, internal_user_viewer";

void read_email(fields& from, std::string& to)
{
    from.name("user_email", to);
    if (!to.empty() && (to.find('@') == std::string::npos || to.find(' ') != std::string::npos)) {
        from.blame("user_email", "must be an email address.");
    }
}

void read_user(fields& from, user_record& to, ledger::moment now)
{
    from.name("user_alias", to.alias);
    read_email(from, to.email);
    from.word("user_role", ledger::parse_user_role, roles, to.role);
    from.name("organization_id", to.organisation);
    from.name("budget_id", to.budget);
    read_terms(from, to.has, now);
    from.names("models", to.models);
    from.flag("blocked", to.blocked);
    from.object("metadata", to.metadata);
}

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

result<void> email_is_free(user_record const& user, ledger::directory const& in)
{
    if (user.email.empty()) {
        return {};
    }
    result<ledger::user_ptr> const other = user_with_email(user.email, in);
    if ((other && (*other)->id != user.id) || (!other && other.error()->kind != error_kind::not_found)) {
        return already_there("A user with the email address", user.email, "user_email");
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
        user.role = at.at.options().owners.user_role.value_or(user.role);
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
            if (all.find_key(key.digest) != nullptr) {
                return failure{error_kind::invalid_request, "The key that 'key' chooses is in use."}
                    .with_code("already_exists")
                    .with_param("key");
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

result<std::string> update_user(managed const& at)
{
    fields in(at.body);
    member_name named;
    in.name("user_id", named.user);
    std::string new_email;
    read_email(in, new_email);
    if (named.user.empty() && new_email.empty()) {
        in.blame("user_id", "or 'user_email' is required.");
    }
    if (named.user.empty()) {
        named.email = new_email;
    }
    if (in.fault()) {
        return *in.fault();
    }
    user_record user;
    std::optional<ledger::nanos> spent;
    auto const decide = [&](ledger::directory const& all) -> result<record_changes> {
        result<ledger::user_ptr> const old = existing_user(named, all);
        if (!old) {
            return old.error();
        }
        user = **old;
        read_user(in, user, at.now);
        in.money("spend", spent);
        in.keep_rest(user.other);
        if (in.fault()) {
            return *in.fault();
        }
        bool const same_organisation = user.organisation == (*old)->organisation;
        bool const same_budget = user.budget == (*old)->budget;
        result<void> done = names_known({}, {}, same_organisation ? std::string_view{} : user.organisation,
                                        same_budget ? std::string_view{} : user.budget, all);
        if (done && user.email != (*old)->email) {
            done = email_is_free(user, all);
        }
        if (!done) {
            return done.error();
        }
        if (spent) {
            user.other = with_mark(user.other, {at.now, *spent});
        }
        touch(user.made, at);
        return record_changes{{user}, {}};
    };
    if (result<void> const done = at.at.directory().change(decide); !done) {
        return done.error();
    }
    ledger::scope const owner{ledger::scope_kind::user, user.id};
    if (spent) {
        apply_mark(at.at.book(), owner, {at.now, *spent}, at.now);
    }
    view shown(at);
    std::string out;
    shape to(out);
    shown.write_user(to, user);
    to.raw("data", shown.user(user)).end();
    return out;
}

} // namespace cogate::server::manage
