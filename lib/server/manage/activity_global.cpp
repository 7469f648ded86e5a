#include "lib/server/manage/activity_handlers.hpp"
#include "lib/server/manage/spend_json.hpp"
#include "lib/server/manage/spend_query.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace cogate::server::manage {
namespace {

using ledger::scope_kind;
using by_day = std::map<std::chrono::sys_days, ledger::counts>;

constexpr std::size_t most_models = 10; // as LiteLLM's charts

/// "Jan 22", as LiteLLM's charts have it.
std::string chart_date(std::chrono::sys_days day)
{
    constexpr std::array names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::chrono::year_month_day const date{day};
    auto const number = static_cast<unsigned>(date.day());
    return std::string(names[static_cast<unsigned>(date.month()) - 1]) + (number < 10 ? " 0" : " ") +
           std::to_string(number);
}

ledger::counts total(by_day const& days)
{
    ledger::counts out;
    for (auto const& [day, of] : days) {
        out += of;
    }
    return out;
}

void write_days(json::writer& to, by_day const& days)
{
    to.key("daily_data").begin_array();
    for (auto const& [day, of] : days) {
        to.begin_object().member("date", chart_date(day)).member("api_requests", of.calls + of.failed);
        to.member("total_tokens", of.prompt_tokens + of.completion_tokens).end_object();
    }
    to.end_array();
    ledger::counts const all = total(days);
    to.member("sum_api_requests", all.calls + all.failed);
    to.member("sum_total_tokens", all.prompt_tokens + all.completion_tokens);
}

result<ledger::row_filter> asked_filter(managed const& what)
{
    query asked(what.query);
    result<time_span> const span = read_dates(asked, without_dates::refused, what.now);
    if (!span) {
        return span.error();
    }
    return read_filter(what, asked, *span);
}

/// The one owner whose counters are the filter's rows by the whole hour: all of them, or the only one that it
/// names.
std::optional<ledger::scope> counted_owner(ledger::row_filter const& filter)
{
    if (filter.needs_rows() || !filter.any_of.empty() || filter.all_of.size() > 1) {
        return std::nullopt;
    }
    return filter.all_of.empty() ? ledger::scope{} : filter.all_of.front();
}

result<by_day> days_of_all(managed const& what, ledger::row_filter const& filter)
{
    by_day out;
    if (std::optional<ledger::scope> const owner = counted_owner(filter)) {
        result<std::vector<ledger::day_sum>> const days =
            ledger::days_by(what.at.ledger_path(), owner->kind, owner->id, filter.from, filter.to);
        if (!days) {
            return days.error();
        }
        for (ledger::day_sum const& one : *days) {
            out[one.day] += one.of;
        }
        return out;
    }
    result<ledger::activity> const found = ledger::activity_of(what.at.ledger_path(), filter, std::nullopt);
    if (!found) {
        return found.error();
    }
    if (found->rows_from) {
        return rows_deleted(*found->rows_from);
    }
    for (ledger::activity_cell const& cell : found->cells) {
        out[cell.day] += cell.of;
    }
    return out;
}

/// By model and day: from counters where nobody is singled out, else from rows.
result<std::map<std::string, by_day>> days_of_models(managed const& what, ledger::row_filter const& filter)
{
    std::map<std::string, by_day> out;
    if (!filter.names_owners() && !filter.needs_rows()) {
        result<std::vector<ledger::day_sum>> const days =
            ledger::days_by(what.at.ledger_path(), scope_kind::model, std::nullopt, filter.from, filter.to);
        if (!days) {
            return days.error();
        }
        for (ledger::day_sum const& one : *days) {
            out[one.id][one.day] += one.of;
        }
        return out;
    }
    result<ledger::activity> const found = ledger::activity_of(what.at.ledger_path(), filter, std::nullopt);
    if (!found) {
        return found.error();
    }
    if (found->rows_from) {
        return rows_deleted(*found->rows_from);
    }
    for (ledger::activity_cell const& cell : found->cells) {
        if (!cell.model.empty()) {
            out[cell.model][cell.day] += cell.of;
        }
    }
    return out;
}

} // namespace

result<std::string> global_activity(managed const& what)
{
    result<ledger::row_filter> const filter = asked_filter(what);
    if (!filter) {
        return filter.error();
    }
    result<by_day> const days = days_of_all(what, *filter);
    if (!days) {
        return days.error();
    }
    std::string out;
    json::writer to(out);
    to.begin_object();
    write_days(to, *days);
    to.end_object();
    return out;
}

result<std::string> global_activity_by_model(managed const& what)
{
    result<ledger::row_filter> const filter = asked_filter(what);
    if (!filter) {
        return filter.error();
    }
    result<std::map<std::string, by_day>> const models = days_of_models(what, *filter);
    if (!models) {
        return models.error();
    }
    std::vector<std::pair<std::string, std::int64_t>> ranks;
    for (auto const& [model, days] : *models) {
        ledger::counts const all = total(days);
        ranks.emplace_back(model, all.calls + all.failed);
    }
    std::stable_sort(ranks.begin(), ranks.end(),
                     [](auto const& a, auto const& b) { return a.second > b.second; });
    ranks.resize(std::min(ranks.size(), most_models));
    std::string out;
    json::writer to(out);
    to.begin_array();
    for (auto const& [model, requests] : ranks) {
        to.begin_object().member("model", model);
        write_days(to, models->at(model));
        to.end_object();
    }
    to.end_array();
    return out;
}

} // namespace cogate::server::manage
