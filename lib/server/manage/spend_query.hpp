#pragma once

#include "lib/ledger/report.hpp"
#include "lib/server/manage/handler.hpp"
#include "lib/server/manage/query.hpp"

#include <cogate/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cogate::server::manage {

/// A span of time [from, to).
struct time_span {
    ledger::moment from = ledger::moment::min();
    ledger::moment to = ledger::moment::max();
    bool is_asked = false; ///< the request named one of its ends

    friend bool operator==(time_span const&, time_span const&) = default;
};

/// What stands for dates that a request does not name.
enum class without_dates {
    all_time,
    last_30_days, ///< up to now, from the midnight 29 days before today's
    refused,      ///< both must be there
};

/// The first moment and the end of what a text names in UTC: a day ("2026-01-31") or a second ("2026-01-31
/// 10:20:30", also with 'T', a fraction that is dropped, and 'Z' or "+00:00").
std::optional<std::pair<ledger::moment, ledger::moment>> parse_date(std::string_view text) noexcept;

/// Puts the ends that are there into a span. Failures: `invalid_request` that names the wrong one, the first
/// where it is not before the second.
result<void> put_dates(time_span& into, std::optional<std::string> const& start, std::string_view start_name,
                       std::optional<std::string> const& end, std::string_view end_name);

/// `start_date` and `end_date` in UTC, as parse_date() reads them. A day as the end is in the span whole, a
/// second too. Failures: `invalid_request` that names the parameter.
result<time_span> read_dates(query& from, without_dates otherwise, ledger::moment now);

/// What a caller sees: their user's rows, or, where the key has no user, the key's. Nothing: everybody's.
/// Failures: `authentication` for nobody.
result<std::optional<ledger::scope>> visible_to(ledger::principal const& who);

/// The id, which rows have, of the key that a request means: the key, or the id itself.
std::string digest_named(managed const& what, std::string_view key);

/// `api_key`, `user_id`, `request_id`, `team_id`, `end_user`, `model` and `key_alias` of a query, and what
/// the caller may see, all of which rows must belong to. Failures: `permission_denied` where they ask for
/// another user, and visible_to()'s.
result<ledger::row_filter> read_filter(managed const& what, query& from, time_span const& span);

/// For answers that have no place to say so: `invalid_request`, code "rows_deleted", when retention took rows
/// of an asked span. `rows_from` is the first moment whose rows are there.
failure rows_deleted(ledger::moment rows_from);

/// sums_by() for a list: with all its rows, or, where the span was not asked for, of the rows that are left.
/// Failures: as sums_by(), and rows_deleted().
result<ledger::owner_sums> listed_sums(managed const& what, ledger::scope_kind kind,
                                       ledger::row_filter filter, bool is_asked, std::size_t most);

/// "2026-01-31".
std::string date_text(std::chrono::sys_days day);

} // namespace cogate::server::manage
