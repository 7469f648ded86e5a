#pragma once

#include <boost/container/small_vector.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::ledger {

/// What a budget or a counter can belong to. The numbers are stored: never renumber, only append.
enum class scope_kind : std::uint8_t {
    global = 1, ///< the whole gateway; its id is empty
    organisation,
    team,
    member, ///< a user inside a team: `joined_id(team, user)`
    user,
    key,      ///< the digest of a virtual key, never the key
    end_user, ///< the `user` field of a request
    tag,
    model, ///< the model group that was asked for
    provider,
    deployment,
    key_model,           ///< `joined_id(key, model)`
    user_model,          ///< `joined_id(user, model)`
    team_model,          ///< `joined_id(team, model)`
    organisation_member, ///< a user inside an organisation: `joined_id(organisation, user)`
};

inline constexpr std::size_t scope_kinds = 16; ///< one above the highest number of `scope_kind`

/// Stable word of a kind ("key", "end_user", ...).
std::string_view to_string(scope_kind kind) noexcept;

/// One owner of a budget or a counter. A plain value.
struct scope {
    scope_kind kind = scope_kind::global;
    std::string id;

    friend bool operator==(scope const&, scope const&) = default;
    friend auto operator<=>(scope const&, scope const&) = default;
};

/// Whether the caller of the gateway can invent new ids of this kind at will.
constexpr bool is_client_supplied(scope_kind kind) noexcept
{
    return kind == scope_kind::end_user || kind == scope_kind::tag;
}

/// Who and what a call's money belongs to. Empty means "none". A plain value; what events share of it is
/// `shared_attribution`.
struct attribution {
    std::string key;
    std::string user;
    std::string team;
    std::string organisation;
    std::string end_user;
    std::string model; ///< the model group
    std::string provider;
    std::string deployment;
    std::vector<std::string> tags;
    std::string call_type;      ///< "completion", "embedding", ... LiteLLM's words; no owner of money
    std::string upstream_model; ///< the provider's own name of the model; no owner of money

    friend bool operator==(attribution const&, attribution const&) = default;
};

/// The id of a scope of two parts. Names hold no control characters, so two pairs never share an id.
std::string joined_id(std::string_view first, std::string_view second);

using scope_list = boost::container::small_vector<scope, 16>;

/// Every scope an attribution spends from, each once, `global` first. Pure.
scope_list scopes_of(attribution const& who);

inline constexpr std::size_t max_name = 256; ///< bytes of one id or tag
inline constexpr std::size_t max_tags = 32;

/// Whether a text may be an id or tag here: at most `max_name` bytes of well-formed UTF-8, no control
/// characters.
bool is_valid_name(std::string_view name) noexcept;

/// Whether all of it may be booked: valid names, at most `max_tags` tags. To be asked before a call starts.
bool is_valid(attribution const& who) noexcept;

} // namespace cogate::ledger
