#include "lib/ledger/accounts/allowed_routes.hpp"
#include "lib/ledger/accounts/principal.hpp"

#include <algorithm>

namespace cogate::ledger {

namespace {

failure denied(std::string message)
{
    return failure{error_kind::permission_denied, std::move(message)}.with_code("route_not_allowed");
}

bool opens(key_type type, route_class what, bool changes) noexcept
{
    bool const is_list = what == route_class::model_list;
    bool const is_call = what == route_class::model_call;
    switch (type) {
    case key_type::standard: return true;
    case key_type::llm_api: return is_call || is_list;
    case key_type::management: return !is_call;
    case key_type::read_only: return is_list || (!is_call && !changes);
    }
    return false;
}

bool is_role_enough(principal const& who, route_class what, bool changes) noexcept
{
    switch (what) {
    case route_class::open:
    case route_class::model_call:
    case route_class::model_list: return true;
    case route_class::self_service: {
        bool const only_reads = who.user != nullptr && (who.user->role == user_role::internal_user_viewer ||
                                                        who.user->role == user_role::proxy_admin_viewer);
        return !changes || !only_reads;
    }
    case route_class::admin_read: return who.is_viewer() && !(changes && !who.is_admin());
    case route_class::admin: return who.is_admin();
    case route_class::master: return who.is_master;
    }
    return false;
}

using names = std::vector<std::string>;

bool has(names const& list, std::string_view name) noexcept
{
    return std::find(list.begin(), list.end(), name) != list.end();
}

/// The groups of a model, asked for once and only when a name did not decide.
class groups_of_model {
public:
    groups_of_model(std::string_view model, access_groups_of const& ask) : model_(model), ask_(ask) {}
    std::string_view model() const noexcept { return model_; }
    names const& get()
    {
        if (!asked_ && ask_) {
            groups_ = ask_(model_);
        }
        asked_ = true;
        return groups_;
    }

private:
    std::string_view model_;
    access_groups_of const& ask_;
    names groups_;
    bool asked_ = false;
};

bool allows(names const& list, groups_of_model& of)
{
    if (list.empty()) {
        return true;
    }
    if (has(list, "no-default-models")) {
        return false;
    }
    for (std::string const& entry : list) {
        if (entry == "all-proxy-models" || matches(entry, of.model())) {
            return true;
        }
    }
    names const& groups = of.get();
    return std::any_of(groups.begin(), groups.end(), [&](std::string const& g) { return has(list, g); });
}

failure no_model(std::string_view owner, std::string_view model, std::string code)
{
    return failure{error_kind::permission_denied,
                   std::string(owner) + " may not use the model '" + std::string(model) + "'."}
        .with_code(std::move(code))
        .with_param("model");
}

} // namespace

result<void> may_use_route(principal const& who, route_class what, std::string_view path, bool changes)
{
    if (what == route_class::open || who.is_master) {
        return {};
    }
    if (who.key == nullptr) {
        return failure{error_kind::authentication, "This route needs a key."}.with_code("invalid_api_key");
    }
    // Words only where they are needed: this is on every request's way.
    auto const may_not = [&] { return " may not use " + std::string(path); };
    if (!opens(who.key->type, what, changes)) {
        return denied("A key of the type '" + std::string(to_string(who.key->type)) + "'" + may_not() + ".");
    }
    std::vector<std::string> const& allowed = who.key->allowed_routes;
    if (!allowed.empty() && !is_listed_route(allowed, what, path)) {
        return denied("The key " + who.key->masked + may_not() + ": it is not among its allowed_routes.");
    }
    if (!is_role_enough(who, what, changes)) {
        return denied("The key " + who.key->masked + may_not() + ": its owner's role does not allow it.");
    }
    return {};
}

std::string_view model_meant(principal const& who, std::string_view asked)
{
    if (who.key != nullptr) {
        if (auto const found = who.key->aliases.find(asked); found != who.key->aliases.end()) {
            return found->second;
        }
    }
    if (who.team != nullptr) {
        if (auto const found = who.team->aliases.find(asked); found != who.team->aliases.end()) {
            return found->second;
        }
    }
    return asked;
}

result<void> may_use_model(principal const& who, std::string_view model, access_groups_of const& groups)
{
    if (who.is_master) {
        return {};
    }
    groups_of_model of(model, groups);
    if (who.key != nullptr) {
        // A key that asks for its team's models has what the team has, and nothing without a team.
        bool const as_team = who.team != nullptr && has(who.key->models, "all-team-models");
        if (!as_team && !allows(who.key->models, of)) {
            return no_model("The key " + who.key->masked, model, "key_model_access_denied");
        }
    }
    if (who.user != nullptr && who.team == nullptr && !allows(who.user->models, of)) {
        return no_model("The user of this key", model, "user_model_access_denied");
    }
    if (who.team != nullptr && !allows(who.team->models, of)) {
        return no_model("The team of this key", model, "team_model_access_denied");
    }
    if (who.organisation != nullptr && !allows(who.organisation->models, of)) {
        return no_model("The organisation of this key", model, "org_model_access_denied");
    }
    return {};
}

} // namespace cogate::ledger
