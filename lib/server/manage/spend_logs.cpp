#include "lib/server/manage/spend_handlers.hpp"
#include "lib/server/manage/spend_json.hpp"
#include "lib/server/manage/spend_query.hpp"

#include <algorithm>
#include <map>

namespace cogate::server::manage {
namespace {

/// An answer without pages; each row takes about 1 KiB of it.
constexpr std::size_t most_rows = 10'000;

/// Sums of one day as LiteLLM's summary has them.
struct summary {
    ledger::nanos spent = 0;
    std::map<std::string, ledger::nanos> keys, users, models;
};

void add(std::map<std::string, ledger::nanos>& to, std::string const& id, ledger::nanos amount)
{
    if (!id.empty()) {
        to[id] += amount;
    }
}

void write_amounts(json::writer& to, std::string_view name,
                   std::map<std::string, ledger::nanos> const& amounts)
{
    to.key(name).begin_object();
    for (auto const& [id, amount] : amounts) {
        write_dollars(to, id, amount);
    }
    to.end_object();
}

std::map<std::chrono::sys_days, summary> summarised(ledger::activity const& what)
{
    std::map<std::chrono::sys_days, summary> days;
    for (ledger::activity_cell const& cell : what.cells) {
        summary& day = days[cell.day];
        day.spent += cell.of.spent;
        add(day.keys, cell.key, cell.of.spent);
        add(day.models, model_of(cell.model, cell.upstream_model), cell.of.spent);
        add(day.users, cell.entities.empty() ? std::string() : cell.entities.front(), cell.of.spent);
    }
    return days;
}

result<std::string> by_day(managed const& what, ledger::row_filter const& filter)
{
    result<ledger::activity> const activity =
        ledger::activity_of(what.at.ledger_path(), filter, ledger::scope_kind::user);
    if (!activity) {
        return activity.error();
    }
    if (activity->rows_from) {
        return rows_deleted(*activity->rows_from);
    }
    std::map<std::chrono::sys_days, summary> days = summarised(*activity);
    if (days.empty()) {
        return std::string("[]");
    }
    // LiteLLM goes on with empty days from the last one that has rows to the end that was asked for.
    auto const last =
        std::chrono::floor<std::chrono::days>(std::min(filter.to, what.now) - std::chrono::microseconds{1});
    for (auto day = days.rbegin()->first + std::chrono::days{1}; day <= last; day += std::chrono::days{1}) {
        days[day];
    }
    std::string out;
    json::writer to(out);
    to.begin_array();
    for (auto const& [day, sums] : days) {
        to.begin_object().member("startTime", date_text(day));
        write_dollars(to, "spend", sums.spent);
        write_amounts(to, "users", sums.users);
        write_amounts(to, "models", sums.models);
        for (auto const& [key, amount] : sums.keys) {
            write_dollars(to, key, amount);
        }
        to.end_object();
    }
    to.end_array();
    return out;
}

void write_rows(json::writer& to, std::vector<ledger::entry> const& rows, ledger::directory const& in)
{
    to.begin_array();
    for (ledger::entry const& e : rows) {
        write_spend_log(to, e, in);
    }
    to.end_array();
}

/// `status_filter`, `min_spend` and `max_spend` of the pages of rows.
result<void> read_conditions(query& from, ledger::row_filter& into)
{
    auto const bad = [](std::string_view name, std::string_view wanted) {
        return failure{error_kind::invalid_request,
                       "The query parameter '" + std::string(name) + "' must be " + std::string(wanted)}
            .with_param(std::string(name));
    };
    if (std::optional<std::string> const status = from.one("status_filter")) {
        if (*status != "success" && *status != "failure") {
            return bad("status_filter", "success or failure.");
        }
        into.settled = *status == "success";
    }
    for (auto const& [name, limit] :
         {std::pair{"min_spend", &into.least_spent}, std::pair{"max_spend", &into.most_spent}}) {
        std::optional<std::string> const text = from.one(name);
        if (!text) {
            continue;
        }
        std::optional<money> const amount = money::parse(*text);
        if (!amount) {
            return bad(name, "an amount of dollars.");
        }
        *limit = amount->nanos();
    }
    return {};
}

} // namespace

result<std::string> spend_logs(managed const& what)
{
    query asked(what.query);
    result<time_span> const span = read_dates(asked, without_dates::all_time, what.now);
    if (!span) {
        return span.error();
    }
    result<ledger::row_filter> const filter = read_filter(what, asked, *span);
    bool const wants_summary = asked.flag("summarize", true);
    if (asked.fault()) {
        return *asked.fault();
    }
    if (!filter) {
        return filter.error();
    }
    bool const has_both = span->from != ledger::moment::min() && span->to != ledger::moment::max();
    if (wants_summary && has_both) {
        return by_day(what, *filter);
    }
    result<ledger::row_page> const rows =
        ledger::find_rows(what.at.ledger_path(), *filter, {.take = most_rows});
    if (!rows) {
        return rows.error();
    }
    if (rows->has_more) {
        return failure{error_kind::invalid_request,
                       "More than " + std::to_string(most_rows) +
                           " rows match; ask for fewer days, or in pages at /spend/logs/v2."}
            .with_code("report_too_large");
    }
    std::string out;
    json::writer to(out);
    write_rows(to, rows->rows, what.at.directory());
    return out;
}

result<std::string> spend_logs_paged(managed const& what)
{
    query asked(what.query);
    result<time_span> const span = read_dates(asked, without_dates::refused, what.now);
    if (!span) {
        return span.error();
    }
    result<ledger::row_filter> filter = read_filter(what, asked, *span);
    std::int64_t const page = asked.number("page", 1, 1, 1'000'000);
    std::int64_t const size = asked.number("page_size", 50, 1, 1000);
    if (!filter) {
        return filter.error();
    }
    if (result<void> const read = read_conditions(asked, *filter); !read) {
        return read.error();
    }
    if (asked.fault()) {
        return *asked.fault();
    }
    ledger::page_wish const wish{.skip = static_cast<std::uint64_t>((page - 1) * size),
                                 .take = static_cast<std::size_t>(size),
                                 .counts_all = true};
    result<ledger::row_page> const rows = ledger::find_rows(what.at.ledger_path(), *filter, wish);
    if (!rows) {
        return rows.error();
    }
    auto const pages =
        (rows->total + static_cast<std::uint64_t>(size) - 1) / static_cast<std::uint64_t>(size);
    std::string out;
    json::writer to(out);
    to.begin_object().key("data");
    write_rows(to, rows->rows, what.at.directory());
    to.member("total", rows->total)
        .member("page", page)
        .member("page_size", size)
        .member("total_pages", pages);
    to.end_object();
    return out;
}

} // namespace cogate::server::manage
