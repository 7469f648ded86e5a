#include "lib/config/keys/parts.hpp"
#include "lib/config/keys/stores.hpp"

#include <algorithm>
#include <array>

namespace cogate::config {

namespace {

std::span<std::string_view const> acknowledgements() noexcept
{
    static constexpr std::array<std::string_view, 2> names{"committed", "queued"};
    return names;
}

std::span<std::string_view const> durabilities() noexcept
{
    static constexpr std::array<std::string_view, 2> names{"process", "power"};
    return names;
}

std::span<std::string_view const> recoveries() noexcept
{
    static constexpr std::array<std::string_view, 2> names{"reserved", "nothing"};
    return names;
}

std::span<std::string_view const> roles() noexcept
{
    static constexpr std::array<std::string_view, 4> names{"internal_user", "internal_user_viewer",
                                                           "proxy_admin", "proxy_admin_viewer"};
    return names;
}

void store_limit(target& to, value const& v)
{
    to.budget->limit = v.number;
}

void store_period(target& to, value const& v)
{
    to.budget->period = v.text;
}

template <std::string key_terms::*Member>
void term_text(target& to, value const& v)
{
    to.terms->*Member = v.text;
}

template <std::optional<std::int64_t> key_terms::*Member>
void term_number(target& to, value const& v)
{
    to.terms->*Member = v.number;
}

void term_budget(target& to, value const& v)
{
    to.terms->max_budget = money::from_nanos(v.number);
}

template <std::size_t cogate::ledger::record_limits::*Member>
void store_most(target& to, value const& v)
{
    to.all.keys.limits.*Member = static_cast<std::size_t>(v.number);
}

constexpr std::int64_t many = 1'000'000'000'000;
constexpr std::int64_t most_records = 100'000'000;
constexpr auto ledger = section::ledger;
constexpr auto accounts = section::accounts;
constexpr auto provider = section::provider_budget;
using enum value_type;

constexpr std::array ledger_rows{
    key{ledger, "acknowledge", choice, "committed",
        "an answer's last byte leaves once its row is committed, or queued (a crash may lose the newest "
        "rows)",
        [](target& to, value const& v) {
            to.all.ledger.acknowledge =
                v.text == "queued" ? acknowledgement::queued : acknowledgement::committed;
        },
        0, 0, &acknowledgements},
    key{ledger, "durability", choice, "process",
        "committed rows survive the death of the process, or the loss of power, too (slower)",
        [](target& to, value const& v) {
            to.all.ledger.durability = v.text == "power" ? durability::power : durability::process;
        },
        0, 0, &durabilities},
    key{ledger, "recovery", choice, "reserved",
        "what calls that a crash cut off are charged: what was reserved, or nothing",
        [](target& to, value const& v) {
            to.all.ledger.recovery = v.text == "nothing" ? recovery::nothing : recovery::reserved;
        },
        0, 0, &recoveries},
    key{ledger, "allow_unpriced", boolean, "false", "let budgeted keys use models without a known price",
        [](target& to, value const& v) { to.all.ledger.allow_unpriced = v.yes; }},

    key{accounts, "max_keys", integer, "100000", "virtual keys; one takes some KiB of memory",
        &store_most<&cogate::ledger::record_limits::keys>, 1, most_records},
    key{accounts, "max_keys_per_user", integer, "10000", "virtual keys of one user",
        &store_most<&cogate::ledger::record_limits::keys_of_user>, 1, most_records},
    key{accounts, "max_users", integer, "100000", "users", &store_most<&cogate::ledger::record_limits::users>,
        1, most_records},
    key{accounts, "max_teams", integer, "100000", "teams", &store_most<&cogate::ledger::record_limits::teams>,
        1, most_records},
    key{accounts, "max_customers", integer, "100000", "customers that /customer/new made",
        &store_most<&cogate::ledger::record_limits::end_users>, 1, most_records},
    key{accounts, "max_other_records", integer, "100000", "organizations, budgets and tags, of each kind",
        &store_most<&cogate::ledger::record_limits::others>, 1, most_records},
    key{accounts, "max_members", integer, "100000", "members of one team or organization",
        &store_most<&cogate::ledger::record_limits::members>, 1, most_records},

    key{provider, "budget_limit", usd, "", "what calls to the provider may cost in one period", &store_limit},
    key{provider, "time_period", period, "", "when it starts anew: 30s, 12h, 1d, 1mo; without one never",
        &store_period},
    key{provider, "max_budget", usd, "", "another name of budget_limit", &store_limit},
    key{provider, "budget_duration", period, "", "another name of time_period", &store_period},
};

/// The rows that the three sections share.
constexpr auto terms_rows(section where, std::string_view what)
{
    return std::array{
        key{where, "max_budget", usd, "", what, &term_budget},
        key{where, "budget_duration", period, "", "when it starts anew",
            &term_text<&key_terms::budget_duration>},
        key{where, "tpm_limit", integer, "", "tokens per minute", &term_number<&key_terms::tpm_limit>, 0,
            many},
        key{where, "rpm_limit", integer, "", "requests per minute", &term_number<&key_terms::rpm_limit>, 0,
            many},
        key{where, "max_parallel_requests", integer, "", "calls at one time",
            &term_number<&key_terms::max_parallel_requests>, 0, many},
    };
}

constexpr auto default_rows = terms_rows(section::key_defaults, "budget of a new key that is not given one");
constexpr auto bound_rows = terms_rows(section::key_bounds, "highest budget of a new key");
constexpr auto user_rows = terms_rows(section::user_defaults, "budget of a new user that is not given one");

constexpr std::array other_rows{
    key{section::key_defaults, "duration", period, "", "life of a new key that is not given one",
        &term_text<&key_terms::duration>},
    key{section::key_bounds, "duration", period, "", "longest life of a new key",
        &term_text<&key_terms::duration>},
    key{section::key_defaults, "models", list, "", "models of a new key that is not given any"},
    key{section::user_defaults, "models", list, "", "models of a new user that is not given any"},
    key{section::user_defaults, "user_role", choice, "internal_user",
        "role of a new user that is not given one", &term_text<&key_terms::user_role>, 0, 0, &roles},
};

constexpr auto rows = [] {
    std::array<key, ledger_rows.size() + 3 * default_rows.size() + other_rows.size()> all{};
    auto at = std::copy(ledger_rows.begin(), ledger_rows.end(), all.begin());
    at = std::copy(default_rows.begin(), default_rows.end(), at);
    at = std::copy(bound_rows.begin(), bound_rows.end(), at);
    at = std::copy(user_rows.begin(), user_rows.end(), at);
    std::copy(other_rows.begin(), other_rows.end(), at);
    return all;
}();

} // namespace

std::span<key const> money_keys() noexcept
{
    return rows;
}

} // namespace cogate::config
