#include "bench/ledger/figures.hpp"

#include "lib/core/hash.hpp"
#include "lib/ledger/report.hpp"
#include "lib/ledger/sqlite/connection.hpp"
#include "lib/ledger/sqlite/sqlite_store.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

namespace cogate::ledger_bench {

namespace {

using namespace std::chrono_literals;
using namespace ledger;
using clock = std::chrono::steady_clock;

constexpr moment month{std::chrono::sys_days{std::chrono::year{2026} / 4 / 1}};
constexpr std::chrono::microseconds month_length = std::chrono::days{30};
/// Of calls under load: their counters lie in one or two hours.
constexpr std::chrono::microseconds busy_length = std::chrono::minutes{10};

double cpu_seconds()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    auto const seconds = [](timeval const& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double seconds_since(clock::time_point begin)
{
    return std::chrono::duration<double>(clock::now() - begin).count();
}

void print(std::string const& what, double figure, std::string_view unit)
{
    std::printf("%-64s %14.2f %12.*s\n", what.c_str(), figure, static_cast<int>(unit.size()), unit.data());
    std::fflush(stdout);
}

std::unique_ptr<store> open(std::string const& path, durability keep = durability::process,
                            event_queue::limits const& queue = {})
{
    sqlite_options options;
    options.path = path;
    options.keep = keep;
    options.queue = queue;
    result<std::unique_ptr<store>> opened = open_sqlite(options, month + month_length);
    if (!opened) {
        throw std::runtime_error(opened.error()->message);
    }
    return std::move(*opened);
}

/// The `i`-th of `all` calls of the month's first `length`, by owners that are drawn from the number.
event call(std::uint64_t i, std::uint64_t all, event_kind kind,
           std::chrono::microseconds length = busy_length)
{
    std::uint64_t const random = core::mix64(i + 1);
    auto const one_of = [](std::string_view stem, std::uint64_t number) {
        return std::string(stem) + std::to_string(number);
    };
    event e;
    e.request_id = "018f3c1e-7a2b-7c3d-9e4f-" + std::to_string(100'000'000'000 + random % 900'000'000'000);
    e.attempt = static_cast<std::uint32_t>(i & 0x3fffffff);
    e.kind = kind;
    attribution who;
    who.key = one_of("5f2a6b1c9d3e8f7a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0f1a2b3c", random % 200);
    who.user = one_of("user-", random % 20);
    who.team = one_of("team-", random % 5);
    who.end_user = one_of("end-user-", (random >> 8) % 1000);
    who.model = one_of("model-", (random >> 20) % 50);
    who.provider = one_of("provider-", (random >> 20) % 5);
    who.deployment = one_of("deployment-", (random >> 20) % 100);
    who.tags = {one_of("tag-", (random >> 30) % 10)};
    who.call_type = "completion";
    who.upstream_model = who.model;
    e.who = shared_attribution(std::move(who));
    e.amount = kind == event_kind::voided ? 0 : static_cast<nanos>(random % 10'000'000);
    e.tokens = {400, 50, 100, 0, 0};
    e.status = 200;
    e.started = month + length * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(all);
    e.at = e.started + 800ms;
    return e;
}

/// Waits for room, as a gateway's 503 makes its callers do.
void append(store& to, event e)
{
    auto const begin = clock::now();
    while (clock::now() - begin < 60s) {
        if (to.append(e).has_value()) {
            return;
        }
        std::this_thread::sleep_for(100us);
    }
    throw std::runtime_error("the ledger took nothing for a minute");
}

void fill(store& to, std::uint64_t rows)
{
    for (std::uint64_t i = 0; i != rows; ++i) {
        append(to, call(i, rows, event_kind::settle, month_length));
    }
    if (!to.flush(600s)) {
        throw std::runtime_error("the disk did not take the rows within ten minutes");
    }
}

template <class Report>
void measure(std::string const& name, Report report)
{
    double best = 1e9;
    for (int round = 0; round != 3; ++round) {
        auto const begin = clock::now();
        auto const answer = report();
        if (!answer) {
            throw std::runtime_error(name + ": " + answer.error()->message);
        }
        best = std::min(best, seconds_since(begin));
    }
    print("report: " + name, best * 1e3, "ms");
}

} // namespace

void measure_writing(std::string const& path, durability keep, std::uint64_t rows)
{
    std::string const name = keep == durability::process ? "process" : "power";
    std::unique_ptr<store> const to = open(path, keep);
    double const cpu = cpu_seconds();
    auto const begin = clock::now();
    for (std::uint64_t i = 0; i != rows; ++i) {
        append(*to, call(i, rows, event_kind::reserve));
        append(*to, call(i, rows, event_kind::settle));
    }
    if (!to->flush(600s)) {
        throw std::runtime_error("the disk did not take the rows within ten minutes");
    }
    double const seconds = seconds_since(begin);
    auto const count = static_cast<double>(rows);
    print("durability " + name + ": calls (reserve and settle, one row each)", count / seconds, "calls/s");
    print("durability " + name + ": CPU of a call, its making included", (cpu_seconds() - cpu) * 1e6 / count,
          "us");
    print("durability " + name + ": events of a commit",
          2 * count / static_cast<double>(to->figures().commits), "events");
}

void measure_recovery(std::string const& path, std::uint64_t open_rows)
{
    {
        // Each open reservation keeps a place of the queue: more than a gateway's limits allow at once.
        std::unique_ptr<store> const to =
            open(path, durability::process, {.rows = 2 * open_rows, .bytes = std::size_t{4} << 30});
        for (std::uint64_t i = 0; i != open_rows; ++i) {
            append(*to, call(i, open_rows, event_kind::reserve));
        }
        if (!to->flush(600s)) {
            throw std::runtime_error("the disk did not take the reservations within ten minutes");
        }
    }
    double const cpu = cpu_seconds();
    auto const begin = clock::now();
    std::unique_ptr<store> const again = open(path);
    double const seconds = seconds_since(begin);
    double const used = cpu_seconds() - cpu;
    std::string const name =
        "ready again with " + std::to_string(again->figures().recovered_settled) + " reservations";
    print(name, seconds * 1e3, "ms");
    print(name + ": CPU of it", used * 1e3, "ms");
}

void measure_lock(std::string const& path)
{
    std::unique_ptr<store> const to = open(path);
    constexpr std::uint64_t running = 5000;
    for (std::uint64_t i = 0; i != running; ++i) {
        append(*to, call(i, running, event_kind::reserve));
    }
    to->flush(60s);
    sqlite::connection other(path, sqlite::access::read_write);
    other.run("BEGIN EXCLUSIVE");
    std::chrono::nanoseconds longest{0};
    std::uint64_t refused = 0;
    auto const begin = clock::now();
    // Running calls end, and new ones are refused once the lock has lasted too long: both must not wait.
    for (std::uint64_t i = 0; i != running; ++i) {
        event settle = call(i, running, event_kind::settle);
        event fresh = call(running + i, 2 * running, event_kind::reserve);
        auto const before = clock::now();
        if (!to->append(std::move(settle)).has_value()) {
            throw std::runtime_error("a running call could not end");
        }
        refused += to->append(std::move(fresh)).has_value() ? 0 : 1;
        longest = std::max<std::chrono::nanoseconds>(longest, clock::now() - before);
        std::this_thread::sleep_for(500us);
    }
    print("locked by another for", seconds_since(begin), "s");
    print("locked: longest of " + std::to_string(running) + " x 2 appends, two at a time",
          std::chrono::duration<double, std::milli>(longest).count(), "ms");
    print("locked: new calls refused", static_cast<double>(refused), "calls");
    other.run("COMMIT");
    auto const healed = clock::now();
    if (!to->flush(60s)) {
        throw std::runtime_error("the ledger did not recover from a lock");
    }
    print("locked: all written after the lock was gone", seconds_since(healed) * 1e3, "ms");
}

void measure_reports(std::string const& path, std::uint64_t rows)
{
    std::unique_ptr<store> const to = open(path);
    auto const begin = clock::now();
    fill(*to, rows);
    print("settled rows written alone", static_cast<double>(rows) / seconds_since(begin), "rows/s");
    row_filter const all{};
    row_filter day{};
    day.from = month + std::chrono::days{10};
    day.to = day.from + std::chrono::days{1};
    row_filter week = day;
    week.to = week.from + std::chrono::days{7};
    row_filter user{};
    user.all_of = {{scope_kind::user, "user-7"}};
    std::string const of = " of " + std::to_string(rows) + " rows";
    measure("sums by key, from counters" + of, [&] { return sums_by(path, scope_kind::key, all, 1000); });
    measure("sums by end user, from counters" + of,
            [&] { return sums_by(path, scope_kind::end_user, all, 100); });
    measure("a user's sums by model, from counters",
            [&] { return sums_by(path, scope_kind::model, user, 100); });
    measure("days of the gateway, from counters",
            [&] { return days_by(path, scope_kind::global, "", moment::min(), moment::max()); });
    measure("newest 100 rows", [&] { return find_rows(path, all, {}); });
    measure("newest 100 rows of a user", [&] { return find_rows(path, user, {}); });
    measure("activity of one day of 30, from rows", [&] { return activity_of(path, day, std::nullopt); });
    measure("activity of a user, all rows looked at", [&] { return activity_of(path, user, std::nullopt); });
    measure("activity of seven days of 30, from rows", [&] { return activity_of(path, week, std::nullopt); });
    measure("a user's sums by provider, all rows looked at",
            [&] { return sums_by(path, scope_kind::provider, user, 100); });
}

} // namespace cogate::ledger_bench
