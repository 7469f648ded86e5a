#include "lib/ledger/accounts/obligations.hpp"

#include "lib/ledger/accounts/effective_terms.hpp"

#include <algorithm>

namespace cogate::ledger {

namespace {

failure unbookable(std::string message, std::string param)
{
    return failure{error_kind::invalid_request, std::move(message)}.with_param(std::move(param));
}

failure blocked(std::string message, std::string code)
{
    return failure{error_kind::permission_denied, std::move(message)}.with_code(std::move(code));
}

bool has_any(rate_limits const& l) noexcept
{
    return l.requests_per_minute || l.tokens_per_minute || l.parallel_requests;
}

/// Adds what one owner after the other asks for.
class gathering {
public:
    gathering(obligations& into, directory const& in) noexcept : into_(into), in_(in) {}

    /// `usual` as in layered_terms.
    void owner(scope_kind kind, std::string_view id, terms const& own, std::string_view budget_id,
               terms const* usual = nullptr)
    {
        budget_ptr const lent = in_.find_budget(budget_id);
        layered_terms const all(&own, terms_in(lent), usual);
        add(kind, id, all.limits());
    }

    /// The same, and its terms for the model as an owner of their own.
    void owner_with_models(scope_kind kind, scope_kind with_model, std::string_view id, terms const& own,
                           std::string_view budget_id)
    {
        budget_ptr const lent = in_.find_budget(budget_id);
        layered_terms const all(&own, terms_in(lent));
        add(kind, id, all.limits());
        if (model_terms const* const special = all.of_model(into_.who.model)) {
            add(with_model, joined_id(id, into_.who.model), special->limits);
        }
    }

private:
    void add(scope_kind kind, std::string_view id, rate_limits const& limits)
    {
        if (has_any(limits)) {
            into_.rates.push_back({{kind, std::string(id)}, limits});
        }
    }

    obligations& into_;
    directory const& in_;
};

void add_tags(std::vector<std::string>& into, std::span<std::string const> tags)
{
    for (std::string const& tag : tags) {
        if (!tag.empty() && std::find(into.begin(), into.end(), tag) == into.end()) {
            into.push_back(tag);
        }
    }
}

result<attribution> attribution_of(principal const& who, spending_facts const& facts)
{
    if (!is_valid_name(facts.model)) {
        return unbookable("the model's name is longer than 256 bytes or holds control characters", "model");
    }
    if (!is_valid_name(facts.end_user)) {
        return unbookable("the end user's id is longer than 256 bytes or holds control characters", "user");
    }
    attribution out;
    out.model = facts.model;
    out.end_user = facts.end_user;
    out.call_type = facts.call_type;
    if (facts.tags.size() <= max_tags) { // else they are not worth the comparisons
        add_tags(out.tags, facts.tags);
    }
    if (who.key != nullptr) {
        out.key = who.key->digest;
        add_tags(out.tags, who.key->tags);
    }
    if (who.user != nullptr) {
        out.user = who.user->id;
    }
    if (who.team != nullptr) {
        out.team = who.team->id;
        add_tags(out.tags, who.team->tags);
    }
    if (who.organisation != nullptr) {
        out.organisation = who.organisation->id;
    }
    if (facts.tags.size() > max_tags || out.tags.size() > max_tags) {
        return unbookable("a call may have at most 32 tags, those of its key and team included", "tags");
    }
    auto const is_valid_tag = [](std::string const& tag) { return is_valid_name(tag); };
    if (!std::all_of(out.tags.begin(), out.tags.end(), is_valid_tag)) {
        return unbookable("a tag is longer than 256 bytes or holds control characters", "tags");
    }
    return out;
}

} // namespace

terms effective(terms const& own, std::string_view budget_id, directory const& in)
{
    budget_ptr const lent = in.find_budget(budget_id);
    layered_terms const all(&own, terms_in(lent));
    terms out = all.whole();
    out.per_model = all.per_model();
    return out;
}

result<obligations> obligations_of(principal const& who, spending_facts const& facts, directory const& in)
{
    result<attribution> owners = attribution_of(who, facts);
    if (owners.has_error()) {
        return owners.error();
    }
    obligations out;
    out.who = std::move(*owners);
    gathering add(out, in);
    if (who.organisation != nullptr) {
        organisation_record const& organisation = *who.organisation;
        add.owner(scope_kind::organisation, organisation.id, organisation.has, organisation.budget);
        team_member const* const member =
            who.user != nullptr ? organisation.find_member(who.user->id) : nullptr;
        if (member != nullptr) {
            add.owner(scope_kind::organisation_member, joined_id(organisation.id, member->user), member->has,
                      member->budget);
        }
    }
    if (who.team != nullptr) {
        team_record const& team = *who.team;
        add.owner_with_models(scope_kind::team, scope_kind::team_model, team.id, team.has, team.budget);
        team_member const* const member = who.user != nullptr ? team.find_member(who.user->id) : nullptr;
        if (member != nullptr) {
            add.owner(scope_kind::member, joined_id(team.id, member->user), member->has, member->budget,
                      &team.for_members);
        }
    } else if (who.user != nullptr) {
        user_record const& user = *who.user;
        add.owner_with_models(scope_kind::user, scope_kind::user_model, user.id, user.has, user.budget);
    }
    if (who.key != nullptr) {
        key_record const& key = *who.key;
        add.owner_with_models(scope_kind::key, scope_kind::key_model, key.digest, key.has, key.budget);
    }
    if (end_user_ptr const end_user = in.find_end_user(out.who.end_user)) {
        if (end_user->blocked) {
            return blocked("The end user '" + end_user->id + "' is blocked.", "blocked_end_user");
        }
        add.owner(scope_kind::end_user, end_user->id, end_user->has, end_user->budget);
    }
    for (std::string const& name : out.who.tags) {
        if (tag_ptr const tag = in.find_tag(name)) {
            if (tag->blocked) {
                return blocked("The tag '" + tag->id + "' is blocked.", "blocked_tag");
            }
            add.owner(scope_kind::tag, tag->id, tag->has, tag->budget);
        }
    }
    return out;
}

scope_list held_scopes(attribution const& who)
{
    scope_list out = scopes_of(who);
    if (!who.team.empty()) {
        auto const is_users = [](scope const& s) {
            return s.kind == scope_kind::user || s.kind == scope_kind::user_model;
        };
        out.erase(std::remove_if(out.begin(), out.end(), is_users), out.end());
    }
    return out;
}

scope_list charged_scopes(attribution const& who)
{
    scope_list out;
    if (!who.team.empty() && !who.user.empty()) {
        out.push_back({scope_kind::user, who.user});
        if (!who.model.empty()) {
            out.push_back({scope_kind::user_model, joined_id(who.user, who.model)});
        }
    }
    return out;
}

} // namespace cogate::ledger
