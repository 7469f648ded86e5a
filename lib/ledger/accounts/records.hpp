#pragma once

#include "lib/ledger/event.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Who may spend: plain values, one per thing that LiteLLM's management API makes. Ids are valid names
/// (`is_valid_name`). Empty texts and lists and missing numbers mean "not said": no limit, no owner, all
/// models.
namespace cogate::ledger {

/// Limits that hold at any moment, not per budget window.
struct rate_limits {
    std::optional<std::int64_t> requests_per_minute; ///< rpm_limit
    std::optional<std::int64_t> tokens_per_minute;   ///< tpm_limit
    std::optional<std::int64_t> parallel_requests;   ///< max_parallel_requests

    friend bool operator==(rate_limits const&, rate_limits const&) = default;
};

/// An owner's terms for one model: model_max_budget, model_rpm_limit, model_tpm_limit.
struct model_terms {
    std::optional<nanos> max_budget;
    std::string budget_duration; ///< as parse_period reads it; empty: never resets
    rate_limits limits;

    friend bool operator==(model_terms const&, model_terms const&) = default;
};

/// What an owner may spend and how fast. A budget record lends its terms to whoever names it.
struct terms {
    std::optional<nanos> max_budget;
    std::optional<nanos> soft_budget;
    std::string budget_duration; ///< as parse_period reads it; empty: never resets
    nanos extra_budget = 0;      ///< temp_budget_increase ...
    moment extra_until{};        ///< ... and temp_budget_expiry
    rate_limits limits;
    std::map<std::string, model_terms, std::less<>> per_model;

    friend bool operator==(terms const&, terms const&) = default;
};

/// When and by whom (a user id, or "master") a record was made and changed.
struct stamps {
    moment created_at{};
    moment updated_at{};
    std::string created_by;
    std::string updated_by;

    friend bool operator==(stamps const&, stamps const&) = default;
};

/// LiteLLM's key_type: which kinds of routes a key opens.
enum class key_type : std::uint8_t {
    standard = 1, ///< "default": calls and what its owner may manage
    llm_api,      ///< calls only
    management,   ///< management only
    read_only,    ///< management routes that change nothing
};

/// LiteLLM's user_role.
enum class user_role : std::uint8_t {
    internal_user = 1, ///< calls, and manages keys of their own
    internal_user_viewer,
    proxy_admin,        ///< everything the master key may
    proxy_admin_viewer, ///< reads everything
};

std::string_view to_string(key_type type) noexcept;
std::string_view to_string(user_role role) noexcept;
std::optional<key_type> parse_key_type(std::string_view text) noexcept;
std::optional<user_role> parse_user_role(std::string_view text) noexcept;

/// What opened a key's record before it was regenerated, and opens it for a while longer.
struct former_key {
    std::string digest;
    moment until{};

    friend bool operator==(former_key const&, former_key const&) = default;
};

/// A virtual key. The key itself is nowhere: only its digest.
struct key_record {
    /// Its id for good, in the ledger too: hex HMAC-SHA256 of the first key that opened it (`digest_of`); LiteLLM's
    /// `token`.
    std::string digest;
    std::string masked; ///< "sk-...7sFA": LiteLLM's `key_name`
    std::string alias;
    std::string user;
    std::string team;
    std::string organisation;
    std::string budget; ///< id of a budget record
    key_type type = key_type::standard;
    terms has;
    std::vector<std::string> models;                         ///< names, patterns, access groups
    std::map<std::string, std::string, std::less<>> aliases; ///< model asked for -> model meant
    std::vector<std::string> tags;                           ///< every call of the key carries them
    std::vector<std::string> allowed_routes;
    std::optional<moment> expires;
    bool blocked = false;
    std::string blocked_by;      ///< who may unblock it besides admins; as in `stamps`
    std::string terms_by;        ///< who set its terms, tags and end, and so may lift them
    std::string metadata = "{}"; ///< a JSON object
    std::string other =
        "{}"; ///< a JSON object: members of LiteLLM's shape that are kept, shown, and have no effect
    stamps made;
    std::string current; ///< digest of the key that opens it since it was regenerated; empty: its id
    std::vector<former_key> former; ///< the keys before, within their grace period

    friend bool operator==(key_record const&, key_record const&) = default;
};

inline constexpr std::size_t most_former_keys = 8;

/// Whether the key of this digest opens the record. Pure.
bool opens(key_record const& one, std::string_view digest, moment now) noexcept;

struct user_record {
    std::string id;
    std::string alias;
    std::string email;
    user_role role = user_role::internal_user;
    std::string organisation;
    std::string budget;
    terms has;
    std::vector<std::string> models;
    bool blocked = false;
    std::string metadata = "{}";
    std::string other = "{}";
    stamps made;

    friend bool operator==(user_record const&, user_record const&) = default;
};

struct team_member {
    std::string user;
    bool is_admin = false;
    std::string budget; ///< id of a budget record; empty: the team's member terms
    terms has;          ///< max_budget_in_team, rpm_limit, tpm_limit

    friend bool operator==(team_member const&, team_member const&) = default;
};

struct team_record {
    std::string id;
    std::string alias;
    std::string organisation;
    std::string budget;
    terms has;
    terms for_members; ///< team_member_budget and its kin: of each member without terms of their own
    std::vector<team_member> members;
    std::vector<std::string> models;
    std::map<std::string, std::string, std::less<>> aliases;
    std::vector<std::string> tags;
    bool blocked = false;
    std::string metadata = "{}";
    std::string other = "{}";
    stamps made;
    /// LiteLLM's team_member_permissions: what members who are no admins may do with the team's keys, as paths
    /// ("/key/update").
    std::vector<std::string> member_permissions;

    team_member const* find_member(std::string_view user_id) const noexcept;
    friend bool operator==(team_record const&, team_record const&) = default;
};

struct organisation_record {
    std::string id;
    std::string alias;
    std::string budget;
    terms has;
    std::vector<team_member> members; ///< `is_admin`: org_admin
    std::vector<std::string> models;
    std::string metadata = "{}";
    std::string other = "{}";
    stamps made;

    team_member const* find_member(std::string_view user_id) const noexcept;
    friend bool operator==(organisation_record const&, organisation_record const&) = default;
};

/// LiteLLM's customer: the `user` field of requests.
struct end_user_record {
    std::string id;
    std::string alias;
    std::string budget;
    std::string default_model;
    terms has;
    bool blocked = false;
    std::string metadata = "{}";
    std::string other = "{}";
    stamps made;

    friend bool operator==(end_user_record const&, end_user_record const&) = default;
};

struct budget_record {
    std::string id;
    terms has;
    std::string other = "{}";
    stamps made;

    friend bool operator==(budget_record const&, budget_record const&) = default;
};

struct tag_record {
    std::string id; ///< its name
    std::string description;
    std::string budget;
    terms has;
    std::vector<std::string> models; ///< deployment ids or names, for show
    bool blocked = false;
    std::string metadata = "{}";
    std::string other = "{}";
    stamps made;

    friend bool operator==(tag_record const&, tag_record const&) = default;
};

/// Stored: never renumber, only append. The order of `record`'s alternatives.
enum class record_kind : std::uint8_t { key = 1, user, team, organisation, end_user, budget, tag };

inline constexpr std::size_t record_kinds = 8; ///< one above the highest number of `record_kind`

using record = std::variant<key_record, user_record, team_record, organisation_record, end_user_record,
                            budget_record, tag_record>;

record_kind kind_of(record const& one) noexcept;
std::string const& id_of(record const& one) noexcept;

/// As the store keeps it: a JSON object that read_record() turns into an equal record. Pure.
std::string write_record(record const& one);

/// Nothing for a text that write_record() of this version or an earlier one did not make.
std::optional<record> read_record(record_kind kind, std::string_view text);

using key_ptr = std::shared_ptr<key_record const>;
using user_ptr = std::shared_ptr<user_record const>;
using team_ptr = std::shared_ptr<team_record const>;
using organisation_ptr = std::shared_ptr<organisation_record const>;
using end_user_ptr = std::shared_ptr<end_user_record const>;
using budget_ptr = std::shared_ptr<budget_record const>;
using tag_ptr = std::shared_ptr<tag_record const>;

} // namespace cogate::ledger
