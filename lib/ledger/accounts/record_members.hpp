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

template <class To, is_like<former_key> R>
void members_of(To& to, R& r)
{
    to("digest", r.digest);
    to("until", r.until);
}

/// Those that records of owners share, as far as one has them.
template <class To, class R>
void usual_members_of(To& to, R& r)
{
    if constexpr (requires { r.id; }) {
        to("id", r.id);
    }
    to("budget", r.budget);
    to("has", r.has);
    if constexpr (requires { r.alias; }) {
        to("alias", r.alias);
    }
    if constexpr (requires { r.organisation; }) {
        to("organisation", r.organisation);
    }
    if constexpr (requires { r.models; }) {
        to("models", r.models);
    }
    if constexpr (requires { r.aliases; }) {
        to("aliases", r.aliases);
    }
    if constexpr (requires { r.tags; }) {
        to("tags", r.tags);
    }
    if constexpr (requires { r.blocked; }) {
        to("blocked", r.blocked);
    }
    to.object("metadata", r.metadata);
    to.object("other", r.other);
    to("made", r.made);
}

template <class To, is_like<key_record> R>
void members_of(To& to, R& r)
{
    to("id", r.digest);
    usual_members_of(to, r);
    to("masked", r.masked);
    to("user", r.user);
    to("team", r.team);
    to("type", r.type);
    to("allowed_routes", r.allowed_routes);
    to("expires", r.expires);
    to("blocked_by", r.blocked_by);
    to("terms_by", r.terms_by);
    to("current", r.current);
    to("former", r.former);
}

template <class To, is_like<user_record> R>
void members_of(To& to, R& r)
{
    usual_members_of(to, r);
    to("email", r.email);
    to("role", r.role);
}

template <class To, is_like<team_record> R>
void members_of(To& to, R& r)
{
    usual_members_of(to, r);
    to("for_members", r.for_members);
    to("members", r.members);
    to("member_permissions", r.member_permissions);
}

template <class To, is_like<organisation_record> R>
void members_of(To& to, R& r)
{
    usual_members_of(to, r);
    to("members", r.members);
}

template <class To, is_like<end_user_record> R>
void members_of(To& to, R& r)
{
    usual_members_of(to, r);
    to("default_model", r.default_model);
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
    usual_members_of(to, r);
    to("description", r.description);
}

} // namespace cogate::ledger
