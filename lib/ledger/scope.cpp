#include "lib/ledger/scope.hpp"

#include "lib/core/utf8.hpp"

#include <algorithm>

namespace cogate::ledger {

std::string_view to_string(scope_kind kind) noexcept
{
    switch (kind) {
    case scope_kind::global: return "global";
    case scope_kind::organisation: return "organisation";
    case scope_kind::team: return "team";
    case scope_kind::member: return "member";
    case scope_kind::user: return "user";
    case scope_kind::key: return "key";
    case scope_kind::end_user: return "end_user";
    case scope_kind::tag: return "tag";
    case scope_kind::model: return "model";
    case scope_kind::provider: return "provider";
    case scope_kind::deployment: return "deployment";
    case scope_kind::key_model: return "key_model";
    case scope_kind::user_model: return "user_model";
    case scope_kind::team_model: return "team_model";
    case scope_kind::organisation_member: return "organisation_member";
    }
    return "unknown";
}

std::string joined_id(std::string_view first, std::string_view second)
{
    std::string id;
    id.reserve(first.size() + 1 + second.size());
    id += first;
    id += '\x1f';
    id += second;
    return id;
}

scope_list scopes_of(attribution const& who)
{
    scope_list out;
    auto const one = [&](scope_kind kind, std::string const& id) {
        if (!id.empty()) {
            out.push_back({kind, id});
        }
    };
    auto const two = [&](scope_kind kind, std::string const& first, std::string const& second) {
        if (!first.empty() && !second.empty()) {
            out.push_back({kind, joined_id(first, second)});
        }
    };
    out.push_back({scope_kind::global, {}});
    one(scope_kind::organisation, who.organisation);
    two(scope_kind::organisation_member, who.organisation, who.user);
    one(scope_kind::team, who.team);
    two(scope_kind::member, who.team, who.user);
    one(scope_kind::user, who.user);
    one(scope_kind::key, who.key);
    one(scope_kind::end_user, who.end_user);
    for (auto tag = who.tags.begin(); tag != who.tags.end(); ++tag) {
        if (std::find(who.tags.begin(), tag, *tag) == tag) {
            one(scope_kind::tag, *tag);
        }
    }
    one(scope_kind::model, who.model);
    one(scope_kind::provider, who.provider);
    one(scope_kind::deployment, who.deployment);
    two(scope_kind::key_model, who.key, who.model);
    two(scope_kind::user_model, who.user, who.model);
    two(scope_kind::team_model, who.team, who.model);
    return out;
}

bool is_valid_name(std::string_view name) noexcept
{
    auto const is_control = [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    };
    return name.size() <= max_name && std::none_of(name.begin(), name.end(), is_control) &&
           core::is_utf8(name);
}

bool is_valid(attribution const& who) noexcept
{
    return is_valid_name(who.key) && is_valid_name(who.user) && is_valid_name(who.team) &&
           is_valid_name(who.organisation) && is_valid_name(who.end_user) && is_valid_name(who.model) &&
           is_valid_name(who.provider) && is_valid_name(who.deployment) && is_valid_name(who.call_type) &&
           is_valid_name(who.upstream_model) && who.tags.size() <= max_tags &&
           std::all_of(who.tags.begin(), who.tags.end(),
                       [](std::string const& tag) { return is_valid_name(tag); });
}

} // namespace cogate::ledger
