#pragma once

#include "lib/ledger/entry.hpp"

#include <cogate/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What the ledger says about the past. Every function reads one state of the file, beside a gateway that
/// writes it, and blocks. Rows of calls that still run are left out.
///
/// Failures: `service_unavailable` when the file cannot be read; `invalid_request` with code
/// "report_too_large" when an answer would pass a limit below: nothing is ever cut silently.
///
/// Retention deletes rows and keeps counters. What is read from counters covers all time; what needs rows
/// covers the hours from `rows_from()` on and says so.
namespace cogate::ledger {

/// Which rows a report is about. A plain value; the default is all of them.
struct row_filter {
    std::string request_id{};           ///< empty: any
    std::vector<scope> all_of{};        ///< rows that belong to each of these
    std::vector<scope> any_of{};        ///< and, unless empty, to one of these at least
    moment from = moment::min();        ///< started then or later ...
    moment to = moment::max();          ///< ... and earlier than this
    std::optional<bool> settled{};      ///< true: settled ones, false: those that ended without cost
    std::optional<nanos> least_spent{}; ///< that cost as much or more
    std::optional<nanos> most_spent{};  ///< that cost as much or less

    bool names_owners() const noexcept { return !all_of.empty() || !any_of.empty(); }
    /// Whether it asks for what only rows know.
    bool needs_rows() const noexcept
    {
        return !request_id.empty() || settled.has_value() || least_spent.has_value() ||
               most_spent.has_value();
    }
};

/// Bounds of one report. The default steps are some twenty seconds of one core, or four million rows.
struct report_limits {
    std::uint64_t most_steps = 250'000'000; ///< of the database's machine
    std::size_t most_cells = 100'000;       ///< of an activity, of days by owner
};

struct row_page {
    std::vector<entry> rows;
    bool has_more = false;
    std::uint64_t total = 0; ///< matching rows; 0 unless they were to be counted
};

struct page_wish {
    std::uint64_t skip = 0;
    std::size_t take = 100; ///< memory grows with it
    bool newest_first = true;
    bool counts_all = false; ///< costs a look at every row of the filter
};

/// Finished rows in the order of their start.
result<row_page> find_rows(std::string const& path, row_filter const& filter, page_wish const& page,
                           report_limits const& limits = {});

struct owner_sum {
    std::string id; ///< of the kind that was asked for
    counts of;

    friend bool operator==(owner_sum const&, owner_sum const&) = default;
};

struct owner_sums {
    std::vector<owner_sum> owners; ///< who spent most stands first, equals by id
    bool has_more = false;
    /// Rows were needed and some of the span are gone: the sums are those of the rest.
    bool lacks_rows = false;
};

/// Sums by one kind of owner over the filter's span, at most `most` of them. From counters, and rows for the
/// cut hours at both ends, when the filter names nobody, or asks for models of one key, user or team; else
/// from rows. Owners without id ("no team") have no counter and are not in it.
result<owner_sums> sums_by(std::string const& path, scope_kind kind, row_filter const& filter,
                           std::size_t most, report_limits const& limits = {});

struct day_sum {
    std::chrono::sys_days day; ///< UTC
    std::string id;
    counts of;

    friend bool operator==(day_sum const&, day_sum const&) = default;
};

/// Sums by day and owner of [from, to), both cut to the whole hour, ordered by day, then id. From counters.
/// With an `id` only of that owner.
result<std::vector<day_sum>> days_by(std::string const& path, scope_kind kind,
                                     std::optional<std::string> const& id, moment from, moment to,
                                     report_limits const& limits = {});

/// All attempts of one day that agree in everything but time.
struct activity_cell {
    std::chrono::sys_days day;
    std::string key{};
    std::string model{};
    std::string upstream_model{};
    std::string provider{};
    std::vector<std::string> entities{}; ///< of the kind that was asked for; several for tags
    counts of{}; ///< `calls`: settled attempts, `failed`: those that ended without cost
    std::int64_t cached_tokens = 0;
    std::int64_t cache_write_tokens = 0;
};

struct activity {
    std::vector<activity_cell> cells; ///< ordered by day
    /// Set where retention took rows of the span: what started before it has cells of sums alone, from the
    /// whole hours' counters of the owners that the filter names, of the entities where it names none, or of
    /// all; and where rows of the filter have no counter of their own, none.
    std::optional<moment> rows_from;
};

/// What was done by day, from rows. `entity` says which owners the cells are split by beside key, model and
/// provider.
result<activity> activity_of(std::string const& path, row_filter const& filter,
                             std::optional<scope_kind> entity, report_limits const& limits = {});

/// The start of the first hour whose rows are all there; the epoch when none were deleted.
result<moment> rows_from(std::string const& path);

} // namespace cogate::ledger
