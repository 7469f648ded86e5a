#include "lib/server/manage/spend_query.hpp"

#include "lib/catalog/row.hpp"
#include "lib/core/text.hpp"
#include "lib/ledger/export.hpp"
#include "lib/server/manage/lookup.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace cogate::server::manage {
namespace {

using namespace std::chrono;

std::optional<int> two_digits(std::string_view text, int below) noexcept
{
    std::optional<unsigned> const number = text.size() == 2 ? core::parse_int<unsigned>(text) : std::nullopt;
    return number && static_cast<int>(*number) < below ? std::optional(static_cast<int>(*number))
                                                       : std::nullopt;
}

/// Without a fraction of a second and a zone that is UTC.
std::string_view without_tail(std::string_view time) noexcept
{
    for (std::string_view const zone : {"Z", "+00:00"}) {
        if (time.ends_with(zone)) {
            time.remove_suffix(zone.size());
            break;
        }
    }
    std::size_t const point = time.find('.');
    bool const has_fraction = point != std::string_view::npos && point + 1 != time.size() &&
                              point + 11 > time.size() &&
                              time.find_first_not_of("0123456789", point + 1) == std::string_view::npos;
    return has_fraction ? time.substr(0, point) : time;
}

failure bad(std::string_view name, std::string_view what)
{
    return failure{error_kind::invalid_request, "'" + std::string(name) + "' " + std::string(what)}
        .with_param(std::string(name));
}

constexpr std::string_view wanted = "must be a date in UTC: 2026-01-31 or 2026-01-31 10:20:30.";

void add_owner(ledger::row_filter& to, ledger::scope_kind kind, std::optional<std::string> id)
{
    if (id) {
        to.all_of.push_back({kind, *std::move(id)});
    }
}

} // namespace

std::optional<std::pair<ledger::moment, ledger::moment>> parse_date(std::string_view text) noexcept
{
    std::optional<sys_seconds> const day = catalog::parse_day(text.substr(0, 10));
    if (!day) {
        return std::nullopt;
    }
    if (text.size() == 10) {
        return std::pair<ledger::moment, ledger::moment>(*day, *day + days{1});
    }
    std::string_view const time = without_tail(text.substr(10));
    if (time.size() != 9 || (time[0] != ' ' && time[0] != 'T') || time[3] != ':' || time[6] != ':') {
        return std::nullopt;
    }
    std::optional<int> const hour = two_digits(time.substr(1, 2), 24);
    std::optional<int> const minute = two_digits(time.substr(4, 2), 60);
    std::optional<int> const second = two_digits(time.substr(7, 2), 60);
    if (!hour || !minute || !second) {
        return std::nullopt;
    }
    sys_seconds const at = *day + hours{*hour} + minutes{*minute} + seconds{*second};
    return std::pair<ledger::moment, ledger::moment>(at, at + seconds{1});
}

result<void> put_dates(time_span& into, std::optional<std::string> const& start, std::string_view start_name,
                       std::optional<std::string> const& end, std::string_view end_name)
{
    auto const from = parse_date(start.value_or(""));
    auto const to = parse_date(end.value_or(""));
    if (start && !from) {
        return bad(start_name, wanted);
    }
    if (end && !to) {
        return bad(end_name, wanted);
    }
    if (from) {
        into.from = from->first;
    }
    if (to) {
        into.to = to->second;
    }
    if (into.from >= into.to) {
        return bad(start_name, "must not be later than '" + std::string(end_name) + "'.");
    }
    into.is_asked = from || to;
    return {};
}

result<time_span> read_dates(query& from, without_dates otherwise, ledger::moment now)
{
    time_span out;
    std::optional<std::string> const start = from.one("start_date");
    std::optional<std::string> const end = from.one("end_date");
    if (from.fault()) {
        return *from.fault();
    }
    if (otherwise == without_dates::refused && (!start || !end)) {
        return bad(start ? "end_date" : "start_date", "is needed: a date in UTC, such as 2026-01-31.");
    }
    if (otherwise == without_dates::last_30_days) {
        out.from = floor<days>(now) - days{29};
    }
    if (result<void> const read = put_dates(out, start, "start_date", end, "end_date"); !read) {
        return read.error();
    }
    return out;
}

result<std::optional<ledger::scope>> visible_to(ledger::principal const& who)
{
    if (who.is_admin() || who.is_viewer()) {
        return std::optional<ledger::scope>();
    }
    if (who.user) {
        return std::optional(ledger::scope{ledger::scope_kind::user, who.user->id});
    }
    if (who.key && !who.key->user.empty()) {
        return std::optional(ledger::scope{ledger::scope_kind::user, who.key->user});
    }
    if (who.key && !who.key->digest.empty()) {
        return std::optional(ledger::scope{ledger::scope_kind::key, who.key->digest});
    }
    return failure{error_kind::authentication, "A key is needed to see what was spent."};
}

std::string digest_named(managed const& what, std::string_view key)
{
    return key.starts_with("sk-") ? digest_named(key, what.at.directory(), what.at.digester())
                                  : std::string(key);
}

result<ledger::row_filter> read_filter(managed const& what, query& from, time_span const& span)
{
    using ledger::scope_kind;
    ledger::row_filter out{
        .request_id = from.one("request_id").value_or(""), .from = span.from, .to = span.to};
    if (std::optional<std::string> const key = from.one("api_key")) {
        add_owner(out, scope_kind::key, digest_named(what, *key));
    }
    if (std::optional<std::string> const alias = from.one("key_alias")) {
        ledger::key_ptr const key = what.at.directory().find_key_by_alias(*alias);
        if (!key) {
            return failure{error_kind::not_found, "No key has this alias."}.with_param("key_alias");
        }
        add_owner(out, scope_kind::key, key->digest);
    }
    std::optional<std::string> user = from.one("user_id");
    add_owner(out, scope_kind::team, from.one("team_id"));
    add_owner(out, scope_kind::end_user, from.one("end_user"));
    add_owner(out, scope_kind::model, from.one("model"));
    if (from.fault()) {
        return *from.fault();
    }
    result<std::optional<ledger::scope>> const own = visible_to(what.who);
    if (!own) {
        return own.error();
    }
    if (*own && user && **own != ledger::scope{scope_kind::user, *user}) {
        return failure{error_kind::permission_denied, "This key may not see what another user has spent."}
            .with_param("user_id");
    }
    if (*own) {
        out.all_of.push_back(**own);
    } else {
        add_owner(out, scope_kind::user, std::move(user));
    }
    return out;
}

failure rows_deleted(ledger::moment rows_from)
{
    return failure{error_kind::invalid_request,
                   "The rows from before " + ledger::rfc3339(rows_from) +
                       " have been deleted; ask for a span that starts then or later."}
        .with_code("rows_deleted")
        .with_param("start_date");
}

result<ledger::owner_sums> listed_sums(managed const& what, ledger::scope_kind kind,
                                       ledger::row_filter filter, bool is_asked, std::size_t most)
{
    result<ledger::owner_sums> sums = ledger::sums_by(what.at.ledger_path(), kind, filter, most);
    if (!sums || !sums->lacks_rows) {
        return sums;
    }
    result<ledger::moment> const kept = ledger::rows_from(what.at.ledger_path());
    if (!kept) {
        return kept.error();
    }
    if (is_asked) {
        return rows_deleted(*kept);
    }
    filter.from = *kept;
    return ledger::sums_by(what.at.ledger_path(), kind, filter, most);
}

std::string date_text(std::chrono::sys_days day)
{
    year_month_day const date{day};
    std::array<char, 32> out{};
    int const size = std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return std::string(out.data(), static_cast<std::size_t>(size));
}

} // namespace cogate::server::manage
