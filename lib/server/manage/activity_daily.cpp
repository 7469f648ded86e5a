#include "lib/core/text.hpp"
#include "lib/ledger/export.hpp"
#include "lib/server/manage/activity_breakdown.hpp"
#include "lib/server/manage/activity_handlers.hpp"
#include "lib/server/manage/spend_json.hpp"
#include "lib/server/manage/spend_query.hpp"

#include <algorithm>
#include <limits>

namespace cogate::server::manage {
namespace {

using ledger::scope_kind;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_days;

/// Each is some 1 KiB of the answer, in its model, its group, its provider and its key.
constexpr std::size_t most_cells = 30'000;

/// Which days of a span a page is.
struct day_page {
    std::int64_t number = 1;
    std::int64_t pages = 1;
    time_span of;
};

/// Whole days of `span` from its end backwards, `size` of them to a page.
day_page paged(time_span const& span, std::int64_t number, std::int64_t size)
{
    sys_days const first = floor<days>(span.from);
    sys_days const last = floor<days>(span.to - std::chrono::microseconds{1});
    std::int64_t const count = (last - first).count() + 1;
    day_page out{number, (count + size - 1) / size, span};
    if (number > out.pages) {
        out.of.to = out.of.from;
        return out;
    }
    sys_days const page_last = last - days{(number - 1) * size};
    out.of.to = std::min(span.to, ledger::moment{page_last + days{1}});
    out.of.from = std::max(span.from, ledger::moment{page_last - days{size - 1}});
    return out;
}

/// Whose activity it is, and how it is split beside key, model and provider.
struct subject {
    std::optional<scope_kind> entity;
    std::vector<std::string> ids; ///< entities that are listed; empty: all
};

std::string write_activity(managed const& what, ledger::activity const& found, subject const& of,
                           day_page const& page)
{
    std::map<sys_days, activity_day, std::greater<>> by_day;
    activity_metrics totals;
    auto const shows = [&](std::string const& id) {
        return of.ids.empty() || std::find(of.ids.begin(), of.ids.end(), id) != of.ids.end();
    };
    for (ledger::activity_cell const& cell : found.cells) {
        // What belongs to no team is no team's activity.
        if (!of.entity || !cell.entities.empty()) {
            by_day[cell.day].add(cell, shows);
            totals.add(cell);
        }
    }
    std::string out;
    json::writer to(out);
    to.begin_object().key("results").begin_array();
    for (auto const& [day, sums] : by_day) {
        write_day(to, day, sums, what.at.directory());
    }
    to.end_array().key("metadata").begin_object();
    write_metrics(to, totals, "total_");
    to.member("page", page.number)
        .member("total_pages", page.pages)
        .member("has_more", page.number < page.pages);
    if (found.rows_from) {
        to.member("rows_from", ledger::rfc3339(*found.rows_from));
    }
    to.end_object().end_object();
    return out;
}

result<std::string> daily(managed const& what, query& asked, subject const& of, ledger::row_filter filter,
                          std::int64_t size)
{
    std::int64_t const number = asked.number("page", 1, 1, 1'000'000);
    if (asked.fault()) {
        return *asked.fault();
    }
    // Tomorrow and later have no rows; pages of nothing help nobody.
    ledger::moment const soon = floor<days>(what.now) + days{2};
    time_span const span{filter.from,
                         std::max(std::min(filter.to, soon), filter.from + std::chrono::microseconds{1})};
    day_page const page = paged(span, number, size);
    filter.from = page.of.from;
    filter.to = page.of.to;
    result<ledger::activity> const found =
        ledger::activity_of(what.at.ledger_path(), filter, of.entity, {.most_cells = most_cells});
    if (!found) {
        return found.error();
    }
    return write_activity(what, *found, of, page);
}

std::int64_t page_size(query& asked)
{
    return asked.number("page_size", 50, 1, 1000);
}

/// "a,b", or the parameter more than once.
std::vector<std::string> list_of(query const& asked, std::string_view name)
{
    std::vector<std::string> out;
    for (std::string const& value : asked.all(name)) {
        for (std::string_view const piece : core::split(value, ',')) {
            if (std::string id(core::trim(piece));
                !id.empty() && std::find(out.begin(), out.end(), id) == out.end()) {
                out.push_back(std::move(id));
            }
        }
    }
    return out;
}

result<ledger::row_filter> asked_filter(managed const& what, query& asked)
{
    result<time_span> const span = read_dates(asked, without_dates::refused, what.now);
    if (!span) {
        return span.error();
    }
    return read_filter(what, asked, *span);
}

std::vector<std::string> administered_teams(managed const& what)
{
    std::vector<std::string> out;
    for (ledger::team_ptr const& team : what.at.directory().teams()) {
        if (what.who.administers_team(team->id)) {
            out.push_back(team->id);
        }
    }
    return out;
}

} // namespace

result<std::string> user_daily_activity(managed const& what)
{
    query asked(what.query);
    result<ledger::row_filter> const filter = asked_filter(what, asked);
    if (!filter) {
        return filter.error();
    }
    std::int64_t const size = page_size(asked);
    return daily(what, asked, {}, *filter, size);
}

result<std::string> user_aggregated_activity(managed const& what)
{
    query asked(what.query);
    result<ledger::row_filter> const filter = asked_filter(what, asked);
    return filter ? daily(what, asked, {}, *filter, 1'000'000) : result<std::string>(filter.error());
}

result<std::string> team_daily_activity(managed const& what)
{
    query asked(what.query);
    result<ledger::row_filter> filter = asked_filter(what, asked);
    if (!filter) {
        return filter.error();
    }
    result<std::optional<ledger::scope>> const own = visible_to(what.who);
    if (!own) {
        return own.error();
    }
    subject of{scope_kind::team, list_of(asked, "team_ids")};
    if (*own) {
        // Whoever administers a team sees all of it, others what is theirs in it.
        if (of.ids.empty()) {
            of.ids = administered_teams(what);
        }
        bool const administers =
            !of.ids.empty() && std::all_of(of.ids.begin(), of.ids.end(), [&](std::string const& id) {
                return what.who.administers_team(id);
            });
        if (administers) {
            std::erase(filter->all_of, **own);
        }
    }
    for (std::string const& id : of.ids) {
        filter->any_of.push_back({scope_kind::team, id});
    }
    std::int64_t const size = page_size(asked);
    return daily(what, asked, of, *filter, size);
}

result<std::string> tag_daily_activity(managed const& what)
{
    query asked(what.query);
    result<ledger::row_filter> filter = asked_filter(what, asked);
    if (!filter) {
        return filter.error();
    }
    subject const of{scope_kind::tag, list_of(asked, "tags")};
    for (std::string const& id : of.ids) {
        filter->any_of.push_back({scope_kind::tag, id});
    }
    std::int64_t const size = page_size(asked);
    return daily(what, asked, of, *filter, size);
}

} // namespace cogate::server::manage
