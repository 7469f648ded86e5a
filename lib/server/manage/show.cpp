#include "lib/server/manage/show.hpp"

#include "lib/ledger/accounts/effective_terms.hpp"
#include "lib/ledger/accounts/obligations.hpp"
#include "lib/server/manage/ownership.hpp"
#include "lib/server/manage/terms.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

using ledger::scope;
using ledger::scope_kind;

std::string members_with_roles(std::vector<ledger::team_member> const& members, ledger::directory const& in)
{
    std::vector<std::string> out;
    for (ledger::team_member const& one : members) {
        ledger::user_ptr const user = in.find_user(one.user);
        std::string text;
        shape to(text);
        to.text("role", one.is_admin ? "admin" : "user").text("user_id", one.user);
        to.text("user_email", user ? user->email : std::string()).end();
        out.push_back(std::move(text));
    }
    return json_list(out);
}

} // namespace

void write_stamps(shape& to, ledger::stamps const& made)
{
    to.instant("created_at", made.created_at).text("created_by", made.created_by);
    to.instant("updated_at", made.updated_at).text("updated_by", made.updated_by);
}

view::view(managed const& at) : in_(at.at.directory()), spent_(at.at.book(), at.at.store(), at.now) {}

void view::write_spend(shape& to, scope const& owner, ledger::terms const& has, std::string const& budget,
                       ledger::stamps const& made, std::string_view other)
{
    ledger::terms const holds = ledger::effective(has, budget, in_);
    spend_mark const mark = mark_of(other);
    to.money("spend", spent_.of(owner, mark));
    if (mark != spend_mark{}) {
        to.instant("spend_reset_at", mark.since);
    }
    write_terms(to, holds);
    to.instant("budget_reset_at", spent_.resets_at(owner, holds.budget_duration, made.created_at));
    to.text("budget_id", budget);
}

// LiteLLM makes a budget row of an organisation's, customer's or tag's terms; clients read them there.
void view::write_budget_table(shape& to, std::string const& budget, ledger::terms const& own)
{
    ledger::budget_ptr const named = budget.empty() ? nullptr : in_.find_budget(budget);
    if (named == nullptr && own == ledger::terms{}) {
        to.raw("litellm_budget_table", "null");
        return;
    }
    ledger::budget_record shown = named ? *named : ledger::budget_record{};
    shown.has = ledger::effective(own, budget, in_);
    std::string text;
    shape table(text);
    table.text("budget_id", shown.id);
    write_terms(table, shown.has);
    table.end();
    to.raw("litellm_budget_table", text);
}

void view::write_key(shape& to, ledger::key_record const& one)
{
    to.text("token", one.digest).text("key_name", one.masked).text("key_alias", one.alias);
    write_spend(to, {scope_kind::key, one.digest}, one.has, one.budget, one.made, one.other);
    if (!one.former.empty()) {
        auto const later = [](auto const& a, auto const& b) { return a.until < b.until; };
        to.instant("grace_period_ends", std::max_element(one.former.begin(), one.former.end(), later)->until);
    }
    to.instant("expires", one.expires).names("models", one.models).pairs("aliases", one.aliases);
    to.text("user_id", one.user).text("team_id", one.team);
    to.text("organization_id", one.organisation).text("org_id", one.organisation);
    to.text("key_type", ledger::to_string(one.type)).names("allowed_routes", one.allowed_routes);
    to.raw("metadata", one.metadata).names("tags", one.tags).flag("blocked", one.blocked);
    write_budget_table(to, one.budget, {});
    write_stamps(to, one.made);
    to.rest(one.other).raw("config", "{}").raw("permissions", "{}").raw("allowed_cache_controls", "[]");
    to.raw("model_spend", "{}").raw("soft_budget_cooldown", "false");
}

std::string view::key(ledger::key_record const& one)
{
    std::string out;
    shape to(out);
    write_key(to, one);
    to.end();
    return out;
}

void view::write_user(shape& to, ledger::user_record const& one)
{
    std::vector<std::string> teams;
    for (ledger::team_ptr const& team : in_.teams()) {
        if (team->find_member(one.id) != nullptr) {
            teams.push_back(team->id);
        }
    }
    to.text("user_id", one.id).text("user_alias", one.alias).text("user_email", one.email);
    to.text("user_role", ledger::to_string(one.role))
        .names("teams", teams)
        .text("organization_id", one.organisation);
    write_spend(to, {scope_kind::user, one.id}, one.has, one.budget, one.made, one.other);
    to.names("models", one.models).raw("metadata", one.metadata).flag("blocked", one.blocked);
    write_stamps(to, one.made);
    to.rest(one.other).raw("model_spend", "{}").raw("sso_user_id", "null");
}

std::string view::user(ledger::user_record const& one)
{
    std::string out;
    shape to(out);
    write_user(to, one);
    to.end();
    return out;
}

std::string view::user_seen_by(ledger::principal const& who, ledger::user_record const& one)
{
    if (may_see(who, one, in_)) {
        return user(one);
    }
    std::string out;
    shape to(out);
    to.text("user_id", one.id).text("user_alias", one.alias).text("user_email", one.email);
    to.text("user_role", ledger::to_string(one.role)).end();
    return out;
}

void view::write_team(shape& to, ledger::team_record const& one)
{
    to.text("team_id", one.id).text("team_alias", one.alias).text("organization_id", one.organisation);
    write_spend(to, {scope_kind::team, one.id}, one.has, one.budget, one.made, one.other);
    to.names("models", one.models).pairs("model_aliases", one.aliases).names("tags", one.tags);
    to.raw("members_with_roles", members_with_roles(one.members, in_));
    to.money("team_member_budget", one.for_members.max_budget);
    to.text("team_member_budget_duration", one.for_members.budget_duration);
    to.number("team_member_tpm_limit", one.for_members.limits.tokens_per_minute);
    to.number("team_member_rpm_limit", one.for_members.limits.requests_per_minute);
    to.names("team_member_permissions", one.member_permissions);
    to.raw("metadata", one.metadata).flag("blocked", one.blocked);
    write_stamps(to, one.made);
    to.rest(one.other).raw("admins", "[]").raw("members", "[]");
}

std::string view::team(ledger::team_record const& one)
{
    std::string out;
    shape to(out);
    write_team(to, one);
    to.end();
    return out;
}

std::string view::membership(ledger::team_record const& of, ledger::team_member const& one)
{
    scope const owner{scope_kind::member, ledger::joined_id(of.id, one.user)};
    ledger::budget_ptr const lent = one.budget.empty() ? nullptr : in_.find_budget(one.budget);
    ledger::terms const holds =
        ledger::layered_terms(&one.has, ledger::terms_in(lent), &of.for_members).whole();
    std::string out;
    shape to(out);
    to.text("user_id", one.user).text("team_id", of.id).text("budget_id", one.budget);
    to.text("role", one.is_admin ? "admin" : "user").money("spend", spent_.of(owner));
    write_budget_table(to, {}, holds);
    to.end();
    return out;
}

std::string view::membership(ledger::organisation_record const& of, ledger::team_member const& one)
{
    ledger::user_ptr const user = in_.find_user(one.user);
    std::string out;
    shape to(out);
    to.text("user_id", one.user).text("organization_id", of.id);
    to.text("user_role", one.is_admin ? "org_admin" : "internal_user");
    to.text("user_email", user ? user->email : std::string()).text("budget_id", one.budget);
    to.money("spend", spent_.of({scope_kind::organisation_member, ledger::joined_id(of.id, one.user)}));
    to.money("max_budget_in_organization", ledger::effective(one.has, one.budget, in_).max_budget);
    write_budget_table(to, one.budget, one.has);
    to.end();
    return out;
}

std::string view::organisation(ledger::organisation_record const& one)
{
    std::vector<scope> owners;
    for (ledger::team_member const& member : one.members) {
        owners.push_back({scope_kind::organisation_member, ledger::joined_id(one.id, member.user)});
    }
    spent_.fetch(owners);
    std::vector<std::string> members;
    for (ledger::team_member const& member : one.members) {
        members.push_back(membership(one, member));
    }
    std::vector<std::string> teams;
    for (ledger::team_ptr const& team : in_.teams()) {
        if (team->organisation == one.id) {
            std::string text;
            shape to(text);
            to.text("team_id", team->id).text("team_alias", team->alias).end();
            teams.push_back(std::move(text));
        }
    }
    std::string out;
    shape to(out);
    to.text("organization_id", one.id).text("organization_alias", one.alias);
    write_spend(to, {scope_kind::organisation, one.id}, one.has, one.budget, one.made, one.other);
    to.names("models", one.models).raw("metadata", one.metadata);
    write_budget_table(to, one.budget, one.has);
    to.list("members", members).list("teams", teams);
    write_stamps(to, one.made);
    to.rest(one.other).end();
    return out;
}

} // namespace cogate::server::manage
