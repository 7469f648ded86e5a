#pragma once

#include "lib/ledger/accounts/directory.hpp"
#include "lib/ledger/accounts/records.hpp"

#include <cogate/result.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::ledger {

/// Who is at the other end of a request, once the key is known. A plain value; default: nobody.
struct principal {
    bool is_master = false; ///< the master key, or a gateway that asks for none
    key_ptr key;            ///< null for the master key
    user_ptr user;
    team_ptr team;
    organisation_ptr organisation;

    bool is_known() const noexcept { return is_master || key != nullptr; }
    /// May change everything: the master key, and keys of a proxy_admin.
    bool is_admin() const noexcept;
    /// May see everything.
    bool is_viewer() const noexcept;
    /// Of its own team: a team admin, or an admin of the team's organisation; admins of all.
    bool administers_team(std::string_view team_id) const noexcept;
    /// For stamps: the user's id, "master", or "key:" and the digest's start.
    std::string name() const;
};

/// The owners of a key, when it may be used now; `presented` is the digest of what was sent, which must open the record
/// (`opens`), or empty where the record itself is meant. The organisation is the key's, else its team's, else
/// (without a team) its user's. Failures, all `authentication` (401): code "expired_key", "blocked_key",
/// "blocked_user", "blocked_team", and "invalid_api_key" for a null key or one that was replaced; an owner that has been removed
/// counts as absent for users and organisations and as blocked for teams.
result<principal> principal_of(directory const& in, key_ptr key, moment now, std::string_view presented = {});

/// What kind of thing a route does, for key types and roles.
enum class route_class : std::uint8_t {
    open,         ///< anyone
    model_call,   ///< spends money
    model_list,   ///< shows what the caller may use: any key
    self_service, ///< management that an owner may do for what is theirs: the endpoint checks whose
    admin_read,   ///< reads everybody's: admins and viewers
    admin,        ///< changes anything: admins
    master,       ///< the master key alone
};

/// Whether the caller may use a route at all. `path` is without the version's prefix; it matters where a key
/// has `allowed_routes`: exact paths, "prefix/*", and LiteLLM's groups "llm_api_routes", "management_routes",
/// "info_routes", "openai_routes", "anthropic_routes", "google_routes". `changes`: the route changes
/// something. A read-only role (viewers) may read what is its own but not change it.
/// Failures: `authentication` (401, code "invalid_api_key") for nobody, `permission_denied` (403) with code
/// "route_not_allowed".
result<void> may_use_route(principal const& who, route_class what, std::string_view path, bool changes);

/// The names of the access groups that a model group is in (model_info.access_groups of the configuration).
using access_groups_of = std::function<std::vector<std::string>(std::string_view model)>;

/// What the caller means by a model's name: the key's aliases, then the team's; an alias of an alias is not
/// followed. Lives as long as `asked` and the principal's records.
std::string_view model_meant(principal const& who, std::string_view asked);

/// Whether every owner lets the caller use a model. A list allows a name, a pattern ("openai/*", "*"), an
/// access group, "all-proxy-models" and, in a key's, "all-team-models" (with a team); an empty list allows
/// all, one that holds "no-default-models" nothing. `param` is "model".
/// Failures: `permission_denied` (403), code "key_model_access_denied", "user_model_access_denied" (not where
/// the key has a team), "team_model_access_denied", "org_model_access_denied".
result<void> may_use_model(principal const& who, std::string_view model, access_groups_of const& groups);

} // namespace cogate::ledger
