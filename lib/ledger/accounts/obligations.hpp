#pragma once

#include "lib/ledger/accounts/principal.hpp"
#include "lib/ledger/accounts/rate_limiter.hpp"
#include "lib/ledger/book.hpp"
#include "lib/ledger/load_budgets.hpp"

#include <boost/container/small_vector.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::ledger {

/// What one call has to keep, before it is known where it goes. A plain value.
struct obligations {
    attribution who; ///< provider and deployment are filled in per attempt
    boost::container::small_vector<rate_rule, 6> rates;
};

/// What of a request matters here.
struct spending_facts {
    std::string_view model;    ///< the group that is asked for
    std::string_view end_user; ///< the request's `user`, or LiteLLM's headers
    std::span<std::string const> tags{};
    std::string_view call_type{}; ///< LiteLLM's word
};

/// Owners and limits of a call of `who`: the key's, its user's (LiteLLM: only where the key has no
/// team), team's, member's, organisation's, the end user's and the tags'; the key, user and team also with
/// their terms for the model. Tags are the request's, the key's and the team's, each once. The master key
/// itself is no owner. Failures: `permission_denied` for a blocked end user ("blocked_end_user") or tag;
/// `invalid_request` for a name or a number of tags that cannot be booked, with the field in `param`.
result<obligations> obligations_of(principal const& who, spending_facts const& facts, directory const& in);

/// The scopes of the book that a call holds money in. Without the user where the key has a team.
scope_list held_scopes(attribution const& who);

/// The scopes that count a call's true cost without having held it (book::charge() when it settles): the
/// user's, where the key has a team. The store counts them too, so the book after a restart agrees with the
/// book before.
scope_list charged_scopes(attribution const& who);

/// A record's own terms, where it says nothing those of the budget record that it names; member by member,
/// model by model.
terms effective(terms const& own, std::string_view budget_id, directory const& in);

/// Every budget that the records give, for load_budgets() at a start. Anchors are the records' `created_at`.
std::vector<owned_budget> budgets_of(directory const& in);

/// Follows a change of records in the book, of which `changes.before` must tell what was before
/// (directory::on_change does): new, changed and removed budgets, also of those that name a changed budget
/// record. What was spent in a window that goes on stays; the scopes of removed records are erased.
///
/// Returns the budgets whose windows may have seen spending that the book does not know (it began to follow
/// the scope now, or the period changed): the caller hands them to load_budgets(), on a thread that may wait.
std::vector<owned_budget> follow(book& to, directory const& in, record_changes const& changes, moment now);

} // namespace cogate::ledger
