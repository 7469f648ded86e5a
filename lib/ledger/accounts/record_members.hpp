#pragma once

#include "lib/ledger/accounts/records.hpp"

#include <concepts>
#include <type_traits>

/// The members of each record under the names by which they are stored: said once, for the writer and the
/// reader. A stored name is never given to anything else; new members are appended and are optional to the
/// reader.
namespace cogate::ledger {

template <class R, class Plain>
concept is_like = std::same_as<std::remove_const_t<R>, Plain>;

template <class To, is_like<rate_limits> R>
void members_of(To& to, R& r)
{
    to("rpm", r.requests_per_minute);
    to("tpm", r.tokens_per_minute);
    to("parallel", r.parallel_requests);
}

template <class To, is_like<model_terms> R>
void members_of(To& to, R& r)
{
    to("max_budget", r.max_budget);
    to("duration", r.budget_duration);
    to("limits", r.limits);
}

template <class To, is_like<terms> R>
void members_of(To& to, R& r)
{
    to("max_budget", r.max_budget);
    to("soft_budget", r.soft_budget);
    to("duration", r.budget_duration);
    to("extra", r.extra_budget);
    to("extra_until", r.extra_until);
    to("limits", r.limits);
    to("per_model", r.per_model);
}

template <class To, is_like<stamps> R>
void members_of(To& to, R& r)
{
    to("created_at", r.created_at);
    to("updated_at", r.updated_at);
    to("created_by", r.created_by);
    to("updated_by", r.updated_by);
}

template <class To, is_like<team_member> R>
void members_of(To& to, R& r)
{
    to("user", r.user);
    to("is_admin", r.is_admin);
    to("budget", r.budget);
    to("has", r.has);
}

template <class To, is_like<key_record> R>
void members_of(To& to, R& r)
{
    to("id", r.digest);
    to("masked", r.masked);
    to("alias", r.alias);
    to("user", r.user);
    to("team", r.team);
    to("organisation", r.organisation);
    to("budget", r.budget);
    to("type", r.type);
    to("has", r.has);
    to("models", r.models);
    to("aliases", r.aliases);
    to("tags", r.tags);
    to("allowed_routes", r.allowed_routes);
    to("expires", r.expires);
    to("blocked", r.blocked);
    to.object("metadata", r.metadata);
    to.object("other", r.other);
    to("made", r.made);
    to("blocked_by", r.blocked_by);
    to("terms_by", r.terms_by);
}

template <class To, is_like<user_record> R>
void members_of(To& to, R& r)
{
    to("id", r.id);
    to("alias", r.alias);
    to("email", r.email);
    to("role", r.role);
    to("organisation", r.organisation);
    to("budget", r.budget);
    to("has", r.has);
    to("models", r.models);
    to("blocked", r.blocked);
    to.object("metadata", r.metadata);
    to.object("other", r.other);
    to("made", r.made);
}

template <class To, is_like<team_record> R>
void members_of(To& to, R& r)
{
    to("id", r.id);
    to("alias", r.alias);
    to("organisation", r.organisation);
    to("budget", r.budget);
    to("has", r.has);
    to("for_members", r.for_members);
    to("members", r.members);
    to("models", r.models);
    to("aliases", r.aliases);
    to("tags", r.tags);
    to("blocked", r.blocked);
    to.object("metadata", r.metadata);
    to.object("other", r.other);
    to("made", r.made);
}

template <class To, is_like<organisation_record> R>
void members_of(To& to, R& r)
{
    to("id", r.id);
    to("alias", r.alias);
    to("budget", r.budget);
    to("has", r.has);
    to("members", r.members);
    to("models", r.models);
    to.object("metadata", r.metadata);
    to.object("other", r.other);
    to("made", r.made);
}

template <class To, is_like<end_user_record> R>
void members_of(To& to, R& r)
{
    to("id", r.id);
    to("alias", r.alias);
    to("budget", r.budget);
    to("default_model", r.default_model);
    to("has", r.has);
    to("blocked", r.blocked);
    to.object("metadata", r.metadata);
    to.object("other", r.other);
    to("made", r.made);
}

template <class To, is_like<budget_record> R>
void members_of(To& to, R& r)
{
    to("id", r.id);
    to("has", r.has);
    to.object("other", r.other);
    to("made", r.made);
}

template <class To, is_like<tag_record> R>
void members_of(To& to, R& r)
{
    to("id", r.id);
    to("description", r.description);
    to("budget", r.budget);
    to("has", r.has);
    to("models", r.models);
    to("blocked", r.blocked);
    to.object("metadata", r.metadata);
    to.object("other", r.other);
    to("made", r.made);
}

} // namespace cogate::ledger
