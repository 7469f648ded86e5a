#include "lib/server/manage/spend_handlers.hpp"
#include "lib/server/manage/spend_json.hpp"
#include "lib/server/manage/spend_query.hpp"

#include <algorithm>
#include <map>

namespace cogate::server::manage {
namespace {

using ledger::scope_kind;

/// The largest owners of a kind for what the query and the caller say, each written by `write`.
template <class Write>
result<std::string> largest(managed const& what, scope_kind kind, without_dates otherwise, std::int64_t usual,
                            Write write)
{
    query asked(what.query);
    std::int64_t const most = asked.number("limit", usual, 1, 10'000);
    result<time_span> const span = read_dates(asked, otherwise, what.now);
    if (!span) {
        return span.error();
    }
    result<ledger::row_filter> const filter = read_filter(what, asked, *span);
    if (!filter) {
        return filter.error();
    }
    result<ledger::owner_sums> const sums =
        listed_sums(what, kind, *filter, span->is_asked, static_cast<std::size_t>(most));
    if (!sums) {
        return sums.error();
    }
    std::string out;
    json::writer to(out);
    to.begin_array();
    for (ledger::owner_sum const& one : sums->owners) {
        to.begin_object();
        write(to, one);
        to.end_object();
    }
    to.end_array();
    return out;
}

/// Whose days a caller asks for: `api_key`'s, else all that they may see.
result<ledger::scope> whose_days(managed const& what, query& asked)
{
    std::optional<std::string> const key = asked.one("api_key");
    if (asked.fault()) {
        return *asked.fault();
    }
    result<std::optional<ledger::scope>> const own = visible_to(what.who);
    if (!own) {
        return own.error();
    }
    if (!key) {
        return *own ? **own : ledger::scope{};
    }
    ledger::scope const wanted{scope_kind::key, digest_named(what, *key)};
    if (*own && **own != wanted) {
        ledger::key_ptr const known = what.at.directory().find_key(wanted.id);
        if (!known || **own != ledger::scope{scope_kind::user, known->user}) {
            return failure{error_kind::permission_denied, "This key may not see what another key has spent."}
                .with_param("api_key");
        }
    }
    return wanted;
}

void write_total(json::writer& to, ledger::owner_sum const& one)
{
    write_dollars(to, "total_spend", one.of.spent);
}

std::string team_name(managed const& what, std::string const& id)
{
    ledger::team_ptr const team = what.at.directory().find_team(id);
    return team && !team->alias.empty() ? team->alias : id;
}

/// LiteLLM names a span in the body of a POST; in a query it is start_date and end_date.
result<time_span> span_of_body(managed const& what)
{
    time_span out{.from = what.now - std::chrono::days{30}};
    auto const text = [&](std::string_view name) -> std::optional<std::string> {
        json::value const said = what.body[name];
        return said.exists() && !said.is_null() ? std::optional(said.is_string() ? said.string() : "?")
                                                : std::nullopt;
    };
    if (result<void> const read = put_dates(out, text("startTime"), "startTime", text("endTime"), "endTime");
        !read) {
        return read.error();
    }
    return out;
}

void write_end_users(json::writer& to, ledger::owner_sums const& sums)
{
    to.begin_array();
    for (ledger::owner_sum const& one : sums.owners) {
        to.begin_object().member("end_user", one.id).member("total_count", one.of.calls + one.of.failed);
        write_total(to, one);
        to.end_object();
    }
    to.end_array();
}

} // namespace

result<std::string> global_spend(managed const& what)
{
    query asked(what.query);
    result<time_span> const span = read_dates(asked, without_dates::all_time, what.now);
    if (!span) {
        return span.error();
    }
    result<ledger::owner_sums> const all =
        ledger::sums_by(what.at.ledger_path(), scope_kind::global, {.from = span->from, .to = span->to}, 1);
    if (!all) {
        return all.error();
    }
    std::string out;
    json::writer to(out);
    to.begin_object();
    write_dollars(to, "spend", all->owners.empty() ? 0 : all->owners.front().of.spent);
    to.key("max_budget");
    std::shared_ptr<accounts_terms const> const terms = what.at.terms();
    std::vector<ledger::owned_budget> const& budgets = terms->configured;
    auto const global = std::find_if(budgets.begin(), budgets.end(), [](ledger::owned_budget const& b) {
        return b.owner.kind == scope_kind::global && b.terms.limit;
    });
    if (global == budgets.end()) {
        to.value(nullptr);
    } else {
        to.raw(to_string(money::from_nanos(*global->terms.limit)));
    }
    to.end_object();
    return out;
}

result<std::string> global_spend_logs(managed const& what)
{
    query asked(what.query);
    result<ledger::scope> const owner = whose_days(what, asked);
    if (!owner) {
        return owner.error();
    }
    result<time_span> const span = read_dates(asked, without_dates::last_30_days, what.now);
    if (!span) {
        return span.error();
    }
    result<std::vector<ledger::day_sum>> const days =
        ledger::days_by(what.at.ledger_path(), owner->kind, owner->id, span->from, span->to);
    if (!days) {
        return days.error();
    }
    std::string out;
    json::writer to(out);
    to.begin_array();
    for (ledger::day_sum const& day : *days) {
        to.begin_object().member("date", date_text(day.day));
        write_dollars(to, "spend", day.of.spent);
        if (owner->kind == scope_kind::key) {
            to.member("api_key", owner->id);
        }
        to.end_object();
    }
    to.end_array();
    return out;
}

result<std::string> global_spend_keys(managed const& what)
{
    return largest(what, scope_kind::key, without_dates::last_30_days, 1000,
                   [&](json::writer& to, ledger::owner_sum const& one) {
                       ledger::key_ptr const key = what.at.directory().find_key(one.id);
                       to.member("api_key", one.id);
                       write_text(to, "key_alias", key ? std::string_view(key->alias) : std::string_view());
                       write_text(to, "key_name", key ? std::string_view(key->masked) : std::string_view());
                       write_total(to, one);
                   });
}

result<std::string> global_spend_models(managed const& what)
{
    return largest(what, scope_kind::model, without_dates::last_30_days, 10,
                   [](json::writer& to, ledger::owner_sum const& one) {
                       to.member("model", one.id);
                       write_total(to, one);
                       to.member("total_tokens", one.of.prompt_tokens + one.of.completion_tokens);
                   });
}

result<std::string> global_spend_provider(managed const& what)
{
    return largest(what, scope_kind::provider, without_dates::refused, 1000,
                   [](json::writer& to, ledger::owner_sum const& one) {
                       to.member("provider", one.id);
                       write_dollars(to, "spend", one.of.spent);
                   });
}

result<std::string> global_spend_teams(managed const& what)
{
    query asked(what.query);
    result<time_span> const span = read_dates(asked, without_dates::last_30_days, what.now);
    if (!span) {
        return span.error();
    }
    result<std::vector<ledger::day_sum>> const sums =
        ledger::days_by(what.at.ledger_path(), scope_kind::team, std::nullopt, span->from, span->to);
    if (!sums) {
        return sums.error();
    }
    // Two teams may have one alias, and a member of an object must not stand there twice.
    std::map<std::chrono::sys_days, std::map<std::string, ledger::nanos>> days;
    std::map<std::string, ledger::nanos> totals;
    for (ledger::day_sum const& one : *sums) {
        std::string const name = team_name(what, one.id);
        days[one.day][name] += one.of.spent;
        totals[name] += one.of.spent;
    }
    std::vector<std::pair<std::string, ledger::nanos>> ranks(totals.begin(), totals.end());
    std::stable_sort(ranks.begin(), ranks.end(),
                     [](auto const& a, auto const& b) { return a.second > b.second; });
    std::string out;
    json::writer to(out);
    to.begin_object().key("daily_spend").begin_array();
    for (auto const& [day, teams] : days) {
        to.begin_object().member("date", date_text(day));
        for (auto const& [name, amount] : teams) {
            write_dollars(to, name, amount);
        }
        to.end_object();
    }
    to.end_array().key("teams").begin_array();
    for (auto const& [name, amount] : ranks) {
        to.value(name);
    }
    to.end_array().key("total_spend_per_team").begin_array();
    for (auto const& [name, amount] : ranks) {
        to.begin_object().member("team_id", name);
        write_dollars(to, "total_spend", amount);
        to.end_object();
    }
    to.end_array().end_object();
    return out;
}

result<std::string> global_spend_end_users(managed const& what)
{
    query asked(what.query);
    bool const has_body = what.body.is_object();
    result<time_span> const span =
        has_body ? span_of_body(what) : read_dates(asked, without_dates::last_30_days, what.now);
    if (!span) {
        return span.error();
    }
    result<ledger::row_filter> filter = read_filter(what, asked, *span);
    if (!filter) {
        return filter.error();
    }
    json::value const key = what.body["api_key"];
    if (key.exists() && !key.is_null()) {
        if (!key.is_string()) {
            return failure{error_kind::invalid_request, "'api_key' must be a string."}.with_param("api_key");
        }
        filter->all_of.push_back({scope_kind::key, digest_named(what, key.string())});
    }
    result<ledger::owner_sums> const sums =
        listed_sums(what, scope_kind::end_user, *filter, span->is_asked, 100);
    if (!sums) {
        return sums.error();
    }
    std::string out;
    json::writer to(out);
    write_end_users(to, *sums);
    return out;
}

} // namespace cogate::server::manage
