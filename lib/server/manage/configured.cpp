#include "lib/server/manage/configured.hpp"

#include "lib/ledger/accounts/obligations.hpp"
#include "lib/ledger/period.hpp"

#include <cogate/money.hpp>

#include <algorithm>
#include <array>
#include <chrono>

namespace cogate::server::manage {
namespace {

using namespace ledger;

/// The limits that are whole numbers, by the names of their fields.
struct rate_field {
    std::string_view name;
    std::optional<std::int64_t> rate_limits::*member;
};

constexpr std::array rate_fields{rate_field{"tpm_limit", &rate_limits::tokens_per_minute},
                                 rate_field{"rpm_limit", &rate_limits::requests_per_minute},
                                 rate_field{"max_parallel_requests", &rate_limits::parallel_requests}};

constexpr std::chrono::seconds endless = std::chrono::seconds::max();

std::chrono::seconds length_of(std::string_view period) noexcept
{
    using namespace std::chrono;
    using unit = budget_period::unit;
    budget_period const read = parse_period(period, {}).value_or(budget_period{});
    switch (read.in) {
    case unit::second: return seconds{read.every};
    case unit::minute: return minutes{read.every};
    case unit::hour: return hours{read.every};
    case unit::day: return days{read.every};
    case unit::month: return days{30 * read.every};
    case unit::never: break;
    }
    return endless;
}

/// Nothing says nothing.
template <class T>
void lower(std::optional<T>& to, std::optional<T> const& most)
{
    if (most && (!to || *to > *most)) {
        to = most;
    }
}

/// Where neither the request nor a budget record that it names says something.
template <class T>
void give(std::optional<T>& to, std::optional<T> const& said, std::optional<T> usual,
          std::optional<T> const& callers, std::optional<T> const& most)
{
    if (said || !usual) {
        return;
    }
    lower(usual, callers);
    lower(usual, most);
    to = usual;
}

std::optional<moment> end_of_life(std::string const& duration, moment now)
{
    return duration.empty() ? std::nullopt : end_of(duration, now);
}

failure above_bound(std::string_view field, std::string const& most)
{
    std::string const name(field);
    return failure{error_kind::invalid_request,
                   "'" + name + "' is above the most that this gateway gives a key, which is " + most + '.'}
        .with_code("above_upper_bound")
        .with_param(name);
}

template <class T>
bool is_above(std::optional<T> const& now, std::optional<T> const& had, std::optional<T> const& most)
{
    return most && now != had && (!now || *now > *most);
}

/// What nobody asked for is the bound, or lower.
void fill_from_bounds(owner_terms const& most, terms const& asked, std::optional<moment> const& asked_end,
                      moment now, key_record& key)
{
    if (!asked.max_budget) {
        lower(key.has.max_budget, most.has.max_budget);
    }
    if (asked.budget_duration.empty() &&
        is_longer_period(key.has.budget_duration, most.has.budget_duration)) {
        key.has.budget_duration = most.has.budget_duration;
    }
    for (rate_field const& one : rate_fields) {
        if (!(asked.limits.*one.member)) {
            lower(key.has.limits.*one.member, most.has.limits.*one.member);
        }
    }
    if (!asked_end) {
        lower(key.expires, end_of_life(most.duration, now));
    }
}

} // namespace

bool is_longer_period(std::string_view a, std::string_view b) noexcept
{
    return length_of(a) > length_of(b);
}

void give_defaults(fields& from, managed const& at, directory const& in, key_record& key)
{
    std::shared_ptr<accounts_terms const> const terms_now = at.at.terms();
    owner_terms const& usual = terms_now->owners.key_defaults;
    owner_terms const& most = terms_now->owners.key_bounds;
    key_record const* const caller = at.who.is_admin() ? nullptr : at.who.key.get();
    terms const callers = caller != nullptr ? effective(caller->has, caller->budget, in) : terms{};
    terms const said = effective(key.has, key.budget, in);

    give(key.has.max_budget, said.max_budget, usual.has.max_budget, callers.max_budget, most.has.max_budget);
    if (said.budget_duration.empty() && !from.has("budget_duration")) {
        std::string_view every = usual.has.budget_duration;
        if (is_longer_period(every, most.has.budget_duration)) {
            every = most.has.budget_duration;
        }
        if (callers.max_budget && is_longer_period(callers.budget_duration, every)) {
            every = callers.budget_duration;
        }
        key.has.budget_duration = every;
    }
    for (rate_field const& one : rate_fields) {
        give(key.has.limits.*one.member, said.limits.*one.member, usual.has.limits.*one.member,
             callers.limits.*one.member, most.has.limits.*one.member);
    }
    if (from.value("duration").equals("-1")) {
        if (!most.duration.empty()) {
            from.blame("duration",
                       "is above the most that this gateway gives a key, which is " + most.duration + '.');
        }
    } else {
        give(key.expires, key.expires, end_of_life(usual.duration, at.now),
             caller != nullptr ? caller->expires : std::nullopt, end_of_life(most.duration, at.now));
    }
    if (key.models.empty() && (caller == nullptr || caller->models.empty())) {
        key.models = usual.models;
    }
}

void give_defaults(managed const& at, user_record& user)
{
    std::shared_ptr<accounts_terms const> const terms_now = at.at.terms();
    owner_terms const& usual = terms_now->owners.user_defaults;
    terms const said = effective(user.has, user.budget, at.at.directory());
    std::optional<nanos> const any_money;
    std::optional<std::int64_t> const any_rate;
    give(user.has.max_budget, said.max_budget, usual.has.max_budget, any_money, any_money);
    if (said.budget_duration.empty()) {
        user.has.budget_duration = usual.has.budget_duration;
    }
    for (rate_field const& one : rate_fields) {
        give(user.has.limits.*one.member, said.limits.*one.member, usual.has.limits.*one.member, any_rate,
             any_rate);
    }
    if (user.models.empty()) {
        user.models = usual.models;
    }
}

result<void> hold_to_bounds(managed const& at, directory const& in, key_record const& before,
                            key_record const& asked, key_record& key)
{
    std::shared_ptr<accounts_terms const> const terms_now = at.at.terms();
    owner_terms const& most = terms_now->owners.key_bounds;
    if (before.digest.empty()) {
        fill_from_bounds(most, effective(asked.has, asked.budget, in), asked.expires, at.now, key);
    }
    terms const had = effective(before.has, before.budget, in);
    terms const now = effective(key.has, key.budget, in);
    if (is_above(now.max_budget, had.max_budget, most.has.max_budget)) {
        return above_bound("max_budget", to_string(money::from_nanos(*most.has.max_budget)));
    }
    if (now.budget_duration != had.budget_duration &&
        is_longer_period(now.budget_duration, most.has.budget_duration)) {
        return above_bound("budget_duration", most.has.budget_duration);
    }
    for (rate_field const& one : rate_fields) {
        std::optional<std::int64_t> const& limit = most.has.limits.*one.member;
        if (is_above(now.limits.*one.member, had.limits.*one.member, limit)) {
            return above_bound(one.name, std::to_string(*limit));
        }
    }
    if (is_above(key.expires, before.expires, end_of_life(most.duration, at.now))) {
        return above_bound("duration", most.duration);
    }
    return {};
}

} // namespace cogate::server::manage
