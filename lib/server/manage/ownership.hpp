#pragma once

#include "lib/ledger/accounts/directory.hpp"
#include "lib/ledger/accounts/principal.hpp"

#include <cogate/result.hpp>

#include <span>
#include <string>
#include <string_view>

/// Whose records a caller may touch: written once, for every family. All of it is pure.
///
/// - Admins (the master key, keys of a proxy_admin) change everything; their viewers see everything.
/// - A user sees their own user, their teams and organisation, and sees and changes their own keys. An
///   internal_user_viewer changes nothing.
/// - A team's admin sees and changes the team's keys and members. An organisation's admin does so for every team of the
///   organisation, makes and changes such teams, and changes the organisation's members.
/// - A team's member who is no admin does with the team's keys, beside their own, what its `member_permissions` say.
/// - A key that has no user sees itself and its team, and changes nothing.
namespace cogate::server::manage {

bool may_see(ledger::principal const& who, ledger::key_record const& key, ledger::directory const& in);
bool may_see(ledger::principal const& who, ledger::user_record const& user, ledger::directory const& in);
bool may_see(ledger::principal const& who, ledger::team_record const& team, ledger::directory const& in);
bool may_see(ledger::principal const& who, ledger::organisation_record const& organisation);

/// The user that the caller acts as; empty when there is none, or one who may not change anything.
std::string_view acting_user(ledger::principal const& who) noexcept;
bool administers_organisation(ledger::principal const& who, std::string_view id, ledger::directory const& in);
/// As the team's own admin, its organisation's, or an admin of everything.
bool administers(ledger::principal const& who, ledger::team_record const& team, ledger::directory const& in);

/// What a team's `member_permissions` may hold: LiteLLM's paths of what is done with keys.
std::span<std::string_view const> member_permissions() noexcept;
/// Whether the caller is a member of the team who has this permission; admins of the team need none.
bool is_permitted(ledger::principal const& who, ledger::team_record const& team, std::string_view permission);

/// `by` is the permission that a member of the key's team needs. Failures: `permission_denied` (403) with code "not_yours",
/// which says what is missing.
result<void> may_change(ledger::principal const& who, ledger::key_record const& key,
                        ledger::directory const& in, std::string_view by);
/// Members and keys of the team.
result<void> may_manage(ledger::principal const& who, ledger::team_record const& team,
                        ledger::directory const& in);
/// The team's own terms.
result<void> may_change(ledger::principal const& who, ledger::team_record const& team,
                        ledger::directory const& in);
result<void> may_manage(ledger::principal const& who, ledger::organisation_record const& organisation,
                        ledger::directory const& in);
result<void> must_be_admin(ledger::principal const& who, std::string_view to_do);

/// Whether the terms of a key are the caller's to lift: admins, those who set them, and admins of its team.
bool may_lift(ledger::principal const& who, ledger::key_record const& key, ledger::directory const& in);

/// Whether the caller may know the text of a key. One who is no admin may not hold what acts as another user: such a
/// key only calls models (`key_type` "llm_api").
result<void> may_hold(ledger::principal const& who, ledger::key_record const& key);

/// Whether a caller who is no admin may give a key what it has: their own user or a member of a team that they
/// administer, a team that the owner belongs to, and never more models, routes, time, budget or rate than the calling key has.
/// What the caller's own key is limited in and `key` does not say is filled in. `before` is the key as it was: what does not
/// change needs no right.
result<void> bound_by(ledger::principal const& who, ledger::directory const& in,
                      ledger::key_record const& before, ledger::key_record& key);

} // namespace cogate::server::manage
