#include "lib/ledger/event_queue.hpp"
#include "lib/ledger/sqlite/connection.hpp"
#include "lib/ledger/verify.hpp"

#include "test/lib/ledger/fault_vfs.hpp"
#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <sqlite3.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <string>
#include <thread>

namespace {

using namespace std::chrono_literals;
using namespace cogate::ledger;
using namespace cogate::test;

scope const key{scope_kind::key, "key-1"};

void wait_until_failing(store const& s)
{
    while (!s.figures().is_failing) {
        std::this_thread::yield();
    }
}

std::string code_of(cogate::result<void> const& r)
{
    return r.has_error() ? r.error()->code : "";
}

/// While `broken` holds, new work is refused and running work is kept; after it all is as if nothing had been.
void check_outage(temp_ledger const& at, store& s, std::function<void()> const& broken,
                  std::function<void()> const& healed)
{
    BOOST_TEST((appended(s, ledger_event("running", event_kind::reserve, 90)) == outcome::written));
    broken();
    std::promise<outcome> done;
    BOOST_REQUIRE(s.append(ledger_event("running", event_kind::settle, 70), [&](outcome o) {
                       done.set_value(o);
                   }).has_value());
    wait_until_failing(s);
    BOOST_TEST(code_of(s.append(ledger_event("new", event_kind::reserve, 5))) == "ledger_unavailable");
    BOOST_TEST(code_of(s.ready()) == "ledger_unavailable");
    BOOST_TEST(!s.figures().why.empty());
    healed();
    BOOST_TEST((done.get_future().get() == outcome::written));
    BOOST_TEST(s.ready().has_value());
    BOOST_TEST((appended(s, ledger_event("new", event_kind::settle, 5)) == outcome::written));
    BOOST_TEST(spent_by(s, key) == 75);
    BOOST_TEST(verify(at.path()).value().is_right());
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_faults)

BOOST_AUTO_TEST_CASE(a_full_broken_or_read_only_disk_refuses_new_work_and_recovers_by_itself)
{
    for (int const code :
         {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC, SQLITE_READONLY, SQLITE_CANTOPEN}) {
        temp_ledger at;
        sqlite_options options = at.options();
        options.vfs = fault_vfs::name();
        fault_vfs::count();
        std::unique_ptr<store> s = at.open(options);
        check_outage(
            at, *s, [&] { fault_vfs::refuse_from(1, code); }, [] { fault_vfs::heal(); });
    }
}

BOOST_AUTO_TEST_CASE(a_database_locked_by_another_process_refuses_new_work_and_recovers_by_itself)
{
    temp_ledger at;
    sqlite_options options = at.options();
    options.lock_patience = 0ms;
    std::unique_ptr<store> s = at.open(options);
    sqlite::connection other(at.path(), sqlite::access::read_write);
    check_outage(
        at, *s, [&] { other.run("BEGIN EXCLUSIVE"); }, [&] { other.run("COMMIT"); });
}

BOOST_AUTO_TEST_CASE(every_change_of_a_file_may_fail_and_nothing_is_lost_or_doubled)
{
    std::uint64_t points = 0;
    for (std::uint64_t n = 1;; ++n) {
        temp_ledger at;
        sqlite_options options = at.options();
        options.vfs = fault_vfs::name();
        fault_vfs::refuse_from(n, n % 2 == 0 ? SQLITE_FULL : SQLITE_IOERR_WRITE);
        cogate::result<std::unique_ptr<store>> opened = open_sqlite(options, ledger_noon);
        if (opened.has_error()) {
            BOOST_REQUIRE(opened.error()->status == 503);
            fault_vfs::heal();
            opened = open_sqlite(options, ledger_noon);
        }
        store& s = *opened.value();
        for (int i = 0; i != 6; ++i) {
            event const e = ledger_event("r" + std::to_string(i / 2),
                                         i % 2 == 0 ? event_kind::reserve : event_kind::settle, 100);
            std::promise<outcome> done;
            std::future<outcome> const written = done.get_future();
            auto const note = [&](outcome o) { done.set_value(o); };
            while (s.append(e, note).has_error()) {
                fault_vfs::heal();
            }
            while (written.wait_for(1ms) != std::future_status::ready) {
                if (s.figures().failed_commits != 0) {
                    fault_vfs::heal();
                }
            }
        }
        bool const was_hit = fault_vfs::changes() >= n;
        fault_vfs::heal();
        opened.value().reset();
        std::unique_ptr<store> again = at.open();
        BOOST_REQUIRE(spent_by(*again, key) == 300);
        verification const v = verify(at.path()).value();
        BOOST_REQUIRE(v.is_right());
        BOOST_REQUIRE(v.rows == 3u);
        if (!was_hit) {
            break;
        }
        ++points;
    }
    BOOST_TEST(points > 50u);
    BOOST_TEST_MESSAGE("changes refused: " << points);
}

BOOST_AUTO_TEST_CASE(a_full_queue_refuses_new_work_but_takes_the_end_of_all_that_runs)
{
    temp_ledger at;
    sqlite_options options = at.options();
    options.lock_patience = 1h; // only the queue is to refuse
    options.queue.rows = 64;
    std::unique_ptr<store> s = at.open(options);
    sqlite::connection other(at.path(), sqlite::access::read_write);
    other.run("BEGIN EXCLUSIVE");
    std::size_t taken = 0;
    cogate::result<void> last{};
    while (
        (last = s->append(ledger_event("r" + std::to_string(taken), event_kind::reserve, 10))).has_value()) {
        ++taken;
    }
    BOOST_TEST(code_of(last) == "ledger_full");
    BOOST_TEST(taken == 32u);
    for (std::size_t i = 0; i != taken; ++i) {
        BOOST_REQUIRE(s->append(ledger_event("r" + std::to_string(i), event_kind::settle, 7)).has_value());
    }
    BOOST_TEST(s->figures().queued_rows == 64u);
    BOOST_TEST(code_of(s->append(ledger_event("x", event_kind::settle, 7))) == "ledger_full");
    other.run("COMMIT");
    BOOST_REQUIRE(s->flush(30s));
    BOOST_TEST(s->figures().queued_rows == 0u);
    BOOST_TEST(s->figures().queued_bytes == 0u);
    BOOST_TEST(spent_by(*s, key) == 7 * 32);
}

BOOST_AUTO_TEST_CASE(the_queue_is_bounded_in_bytes_too)
{
    event_queue queue({.rows = 1000, .bytes = 20'000, .linger = 0ms, .gather = 0ms});
    event large = ledger_event("r", event_kind::reserve, 1);
    change_names(large, [](attribution& who) { who.tags.assign(16, std::string(200, 't')); });
    std::size_t taken = 0;
    while (queue.push(large, {}).has_value()) {
        ++taken;
    }
    BOOST_TEST(taken == 20'000 / (2 * memory_of(large)));
    for (std::size_t i = 0; i != taken; ++i) {
        large.kind = event_kind::voided;
        BOOST_TEST(queue.push(large, {}).has_value());
    }
    store_figures f;
    queue.figures(f);
    BOOST_TEST(f.queued_bytes <= 20'000u);
    queue.close();
    BOOST_TEST(code_of(queue.push(large, {})) == "ledger_unavailable");
}

BOOST_AUTO_TEST_CASE(closing_against_a_dead_disk_says_what_is_lost)
{
    temp_ledger at;
    sqlite_options options = at.options();
    options.vfs = fault_vfs::name();
    fault_vfs::count();
    std::unique_ptr<store> s = at.open(options);
    fault_vfs::refuse_from(1, SQLITE_IOERR_WRITE);
    std::promise<outcome> done;
    BOOST_REQUIRE(s->append(ledger_event("r", event_kind::settle, 7), [&](outcome o) {
                       done.set_value(o);
                   }).has_value());
    s.reset();
    fault_vfs::heal();
    BOOST_TEST((done.get_future().get() == outcome::lost));
    BOOST_TEST(spent_by(*at.open(), key) == 0);
}

BOOST_AUTO_TEST_CASE(invalid_events_are_refused_at_once)
{
    temp_ledger at;
    std::unique_ptr<store> s = at.open();
    event bad = ledger_event("r", event_kind::settle, -1);
    cogate::result<void> const r = s->append(bad);
    BOOST_REQUIRE(r.has_error());
    BOOST_TEST(r.error()->param == "amount");
    BOOST_TEST(s->figures().queued_rows == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
