#include "lib/server/manage/ownership.hpp"

#include "lib/ledger/accounts/obligations.hpp"
#include "lib/server/manage/configured.hpp"

#include <algorithm>

namespace cogate::server::manage {
namespace {

using namespace ledger;

failure too_much(std::string_view field, std::string message)
{
    return failure{error_kind::permission_denied, std::move(message)}
        .with_code("not_yours")
        .with_param(std::string(field));
}

result<void> owners_are_allowed(principal const& who, directory const& in, key_record const& before,
                                key_record const& key)
{
    if (key.user == before.user && key.team == before.team && key.organisation == before.organisation) {
        return {};
    }
    team_ptr const team = key.team.empty() ? nullptr : in.find_team(key.team);
    bool const serves = before.digest.empty() && key.user.empty() && team != nullptr &&
                        is_permitted(who, *team, "/key/service-account/generate");
    bool const leads = serves || (team != nullptr && administers(who, *team, in));
    bool const is_own = !key.user.empty() && key.user == acting_user(who);
    if (!is_own && !leads) {
        return too_much(
            "user_id",
            "Keys of somebody else may only be given by an admin of their team, or a proxy_admin.");
    }
    if (team != nullptr && !leads && team->find_member(key.user) == nullptr) {
        return too_much("team_id",
                        "The user '" + key.user + "' is not a member of the team '" + team->id + "'.");
    }
    if (!is_own && !key.user.empty() && team->find_member(key.user) == nullptr) {
        return too_much("user_id",
                        "The user '" + key.user + "' is not a member of the team '" + team->id + "'.");
    }
    bool const of_team = team != nullptr && key.organisation == team->organisation;
    bool const of_user = is_own && who.user != nullptr && key.organisation == who.user->organisation;
    if (!key.organisation.empty() && !of_team && !of_user) {
        return too_much("organization_id", "A key's organisation is that of its team or user.");
    }
    return {};
}

/// What the caller gives, or gave, somebody else.
result<void> type_is_allowed(principal const& who, key_record const& before, key_record& key)
{
    bool const is_new = before.digest.empty();
    if (is_new && key.type == key_type::standard && !may_hold(who, key)) {
        key.type = key_type::llm_api;
    }
    return is_new || key.user != before.user || key.type != before.type ? may_hold(who, key) : result<void>{};
}

result<void> models_are_allowed(principal const& who, key_record const& before, key_record& key)
{
    if (!before.digest.empty() && key.models == before.models) {
        return {};
    }
    if (key.models.empty()) {
        key.models = who.key->models;
        return {};
    }
    for (std::string const& model : key.models) {
        bool const had = std::find(before.models.begin(), before.models.end(), model) != before.models.end();
        bool const in_own =
            std::find(who.key->models.begin(), who.key->models.end(), model) != who.key->models.end();
        bool const grants_nothing =
            model == "no-default-models" ||
            (model == "all-team-models" && !key.team.empty() && who.key->models.empty());
        if (had || in_own || grants_nothing) {
            continue;
        }
        if (result<void> const allowed = may_use_model(who, model, {}); !allowed) {
            return too_much("models", "The calling key may not use the model '" + model.substr(0, 200) +
                                          "', so it cannot give it.");
        }
    }
    return {};
}

template <class T>
bool is_above(std::optional<T> const& wanted, std::optional<T> const& had, std::optional<T> const& most)
{
    return wanted != had && most && (!wanted || *wanted > *most);
}

/// The calling key's terms for a model, or stricter ones.
result<void> model_terms_are_allowed(terms const& most, key_record& key)
{
    auto const fill = [](auto& to, auto const& from) { to = to ? to : from; };
    std::optional<std::int64_t> const none;
    for (auto const& [model, limit] : most.per_model) {
        model_terms& mine = key.has.per_model[model];
        if (!mine.max_budget) {
            mine.max_budget = limit.max_budget;
            mine.budget_duration = limit.budget_duration;
        }
        fill(mine.limits.requests_per_minute, limit.limits.requests_per_minute);
        fill(mine.limits.tokens_per_minute, limit.limits.tokens_per_minute);
        if (limit.max_budget && (*mine.max_budget > *limit.max_budget ||
                                 is_longer_period(limit.budget_duration, mine.budget_duration))) {
            return too_much("model_max_budget", "A model's budget is above that of the calling key.");
        }
        if (is_above(mine.limits.requests_per_minute, none, limit.limits.requests_per_minute)) {
            return too_much("model_rpm_limit", "A model's limit is above that of the calling key.");
        }
        if (is_above(mine.limits.tokens_per_minute, none, limit.limits.tokens_per_minute)) {
            return too_much("model_tpm_limit", "A model's limit is above that of the calling key.");
        }
    }
    return {};
}

result<void> terms_are_allowed(principal const& who, directory const& in, key_record const& before,
                               key_record& key)
{
    terms const most = effective(who.key->has, who.key->budget, in);
    terms const had = effective(before.has, before.budget, in);
    bool const is_new = before.digest.empty();
    if (is_new) {
        auto const fill = [](auto& to, auto const& from) { to = to ? to : from; };
        terms const said = effective(key.has, key.budget, in);
        if (!said.max_budget) {
            key.has.max_budget = most.max_budget;
            key.has.budget_duration =
                said.budget_duration.empty() ? most.budget_duration : key.has.budget_duration;
        }
        if (!said.limits.requests_per_minute) {
            fill(key.has.limits.requests_per_minute, most.limits.requests_per_minute);
        }
        if (!said.limits.tokens_per_minute) {
            fill(key.has.limits.tokens_per_minute, most.limits.tokens_per_minute);
        }
        if (!said.limits.parallel_requests) {
            fill(key.has.limits.parallel_requests, most.limits.parallel_requests);
        }
    }
    terms const now = effective(key.has, key.budget, in);
    if (is_above(now.max_budget, had.max_budget, most.max_budget)) {
        return too_much("max_budget", "The budget is above that of the calling key.");
    }
    if (now.max_budget && most.max_budget && now.budget_duration != had.budget_duration &&
        is_longer_period(most.budget_duration, now.budget_duration)) {
        return too_much("budget_duration", "The budget starts anew more often than that of the calling key.");
    }
    // an admin's limit on a key is not its user's to lift
    bool const is_callers = is_new || may_lift(who, before, in);
    std::optional<nanos> const lid = is_callers ? std::nullopt : had.max_budget;
    if (lid && (!now.max_budget || *now.max_budget > *lid || now.budget_duration != had.budget_duration)) {
        return too_much("max_budget", "A budget that somebody else has set may only be lowered.");
    }
    if (key.has.extra_budget != before.has.extra_budget || key.has.extra_until != before.has.extra_until) {
        return too_much("temp_budget_increase", "Only a proxy_admin may increase a budget for a time.");
    }
    rate_limits const roof = is_callers ? rate_limits{} : had.limits;
    auto const rate = [&](std::optional<std::int64_t> rate_limits::*one) {
        return is_above(now.limits.*one, had.limits.*one, most.limits.*one) ||
               ((roof.*one) && (!(now.limits.*one) || *(now.limits.*one) > *(roof.*one)));
    };
    if (rate(&rate_limits::requests_per_minute)) {
        return too_much(
            "rpm_limit",
            "The limit is above that of the calling key, or above one that somebody else has set.");
    }
    if (rate(&rate_limits::tokens_per_minute)) {
        return too_much(
            "tpm_limit",
            "The limit is above that of the calling key, or above one that somebody else has set.");
    }
    if (rate(&rate_limits::parallel_requests)) {
        return too_much(
            "max_parallel_requests",
            "The limit is above that of the calling key, or above one that somebody else has set.");
    }
    if (!is_callers && key.has.per_model != before.has.per_model) {
        return too_much("model_max_budget", "Terms per model that somebody else has set may not be changed.");
    }
    auto const stays = [&](std::string const& tag) {
        return std::find(key.tags.begin(), key.tags.end(), tag) != key.tags.end();
    };
    if (!is_callers && !std::all_of(before.tags.begin(), before.tags.end(), stays)) {
        return too_much("tags", "Tags that somebody else has set may not be taken away.");
    }
    return is_new || key.has.per_model != before.has.per_model ? model_terms_are_allowed(most, key)
                                                               : result<void>{};
}

result<void> use_is_allowed(principal const& who, directory const& in, key_record const& before,
                            key_record& key)
{
    if (key.allowed_routes.empty() && before.digest.empty()) {
        key.allowed_routes = who.key->allowed_routes;
    }
    auto const& own = who.key->allowed_routes;
    if (!own.empty() && key.allowed_routes.empty() && !before.allowed_routes.empty()) {
        return too_much("allowed_routes", "The calling key may only give the routes that it may use.");
    }
    for (std::string const& route : key.allowed_routes) {
        bool const had = std::find(before.allowed_routes.begin(), before.allowed_routes.end(), route) !=
                         before.allowed_routes.end();
        if (!had && !own.empty() && std::find(own.begin(), own.end(), route) == own.end()) {
            return too_much("allowed_routes", "The calling key may not use '" + route.substr(0, 200) + "'.");
        }
    }
    if (before.digest.empty() && !key.expires) {
        key.expires = who.key->expires;
    }
    if (who.key->expires && key.expires != before.expires &&
        (!key.expires || *key.expires > *who.key->expires)) {
        return too_much("duration", "The key would outlive the calling key.");
    }
    if (before.expires && (!key.expires || *key.expires > *before.expires) && !may_lift(who, before, in)) {
        return too_much("duration", "An end that somebody else has set may only come earlier.");
    }
    if (!key.aliases.empty() && key.aliases != before.aliases && !who.key->models.empty()) {
        for (auto const& [alias, model] : key.aliases) {
            if (!may_use_model(who, model, {})) {
                return too_much("aliases",
                                "The calling key may not use the model '" + model.substr(0, 200) + "'.");
            }
        }
    }
    return {};
}

} // namespace

result<void> bound_by(principal const& who, directory const& in, key_record const& before, key_record& key)
{
    if (who.is_admin()) {
        return {};
    }
    if (acting_user(who).empty()) {
        return too_much("user_id", "The calling key belongs to no user who may manage keys.");
    }
    if (!key.blocked && before.blocked && before.blocked_by != who.name()) {
        return too_much("blocked",
                        "A key that somebody else has blocked is theirs, or a proxy_admin's, to unblock.");
    }
    result<void> done = owners_are_allowed(who, in, before, key);
    if (done) {
        done = type_is_allowed(who, before, key);
    }
    if (done) {
        done = models_are_allowed(who, before, key);
    }
    if (done) {
        done = terms_are_allowed(who, in, before, key);
    }
    if (done) {
        done = use_is_allowed(who, in, before, key);
    }
    return done;
}

} // namespace cogate::server::manage
