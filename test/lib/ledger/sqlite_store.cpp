#include "lib/ledger/sqlite/sqlite_store.hpp"

#include "lib/ledger/load_budgets.hpp"
#include "lib/ledger/sqlite/connection.hpp"
#include "lib/ledger/sqlite/schema.hpp"
#include "lib/ledger/verify.hpp"

#include "test/common/seeded.hpp"
#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <fstream>
#include <limits>
#include <span>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace cogate::ledger;
using namespace cogate::test;

scope const key{scope_kind::key, "key-1"};
constexpr auto long_enough = 30s;

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_sqlite_store)

BOOST_AUTO_TEST_CASE(what_is_acknowledged_is_there_after_opening_again)
{
    temp_ledger at;
    {
        std::unique_ptr<store> s = at.open();
        BOOST_TEST((appended(*s, ledger_event("r1", event_kind::reserve, 900)) == outcome::written));
        BOOST_TEST(spent_by(*s, key) == 0);
        BOOST_TEST((appended(*s, ledger_event("r1", event_kind::settle, 700)) == outcome::written));
        BOOST_TEST(spent_by(*s, key) == 700);
    }
    std::unique_ptr<store> s = at.open();
    for (scope const& where :
         {key, scope{scope_kind::global, ""}, scope{scope_kind::member, joined_id("team-1", "user-1")},
          scope{scope_kind::tag, "b"}, scope{scope_kind::key_model, joined_id("key-1", "gpt")}}) {
        BOOST_TEST(spent_by(*s, where) == 700);
    }
    BOOST_TEST(spent_by(*s, {scope_kind::key, "key-2"}) == 0);
    BOOST_TEST(s->figures().recovered_settled == 0u);
}

BOOST_AUTO_TEST_CASE(duplicates_replays_and_every_order_of_events_count_once)
{
    std::array<event, 4> const events{
        ledger_event("r", event_kind::reserve, 900), ledger_event("r", event_kind::sent, 0),
        ledger_event("r", event_kind::settle, 700), ledger_event("r", event_kind::voided, 0)};
    std::array<std::size_t, 4> order{0, 1, 2, 3};
    temp_ledger at;
    std::unique_ptr<store> s = at.open();
    nanos expected = 0;
    do {
        std::string const id = "r" + std::to_string(expected);
        for (std::size_t const i : order) {
            event e = events[i];
            e.request_id = id;
            for (int copy = 0; copy != 2; ++copy) {
                outcome const o = appended(*s, e);
                BOOST_TEST((o == (copy == 0 ? outcome::written : outcome::duplicate)));
            }
        }
        expected += 700;
        BOOST_REQUIRE(spent_by(*s, key) == expected);
    } while (std::next_permutation(order.begin(), order.end()));
    BOOST_TEST(s->figures().written == 24u * 4);
    BOOST_TEST(s->figures().duplicates == 24u * 4);
    verification const v = verify(at.path()).value();
    BOOST_TEST(v.is_right());
    BOOST_TEST(v.rows == 24u);
}

BOOST_AUTO_TEST_CASE(events_that_share_a_commit_count_once_too)
{
    temp_ledger at;
    sqlite_options options = at.options();
    options.queue.linger = 10s; // all wait for the one flush()
    std::unique_ptr<store> s = at.open(options);
    seeded random(5);
    std::vector<event> events;
    nanos expected = 0;
    for (int i = 0; i != 60; ++i) {
        auto const cost = static_cast<nanos>(random.below(1000));
        std::string const id = "r" + std::to_string(i);
        events.insert(events.end(), 2, ledger_event(id, event_kind::reserve, 1000));
        events.insert(events.end(), 2, ledger_event(id, event_kind::settle, cost));
        expected += cost;
    }
    for (std::size_t i = events.size() - 1; i != 0; --i) {
        std::swap(events[i], events[random.below(i + 1)]);
    }
    for (event const& e : events) {
        BOOST_REQUIRE(s->append(e).has_value());
    }
    BOOST_REQUIRE(s->flush(long_enough));
    BOOST_TEST(spent_by(*s, key) == expected);
    BOOST_TEST(s->figures().commits <= 2u);
    BOOST_TEST(s->figures().duplicates == 120u);
    BOOST_TEST(verify(at.path()).value().is_right());
}

BOOST_AUTO_TEST_CASE(attempts_of_one_call_are_separate)
{
    temp_ledger at;
    std::unique_ptr<store> s = at.open();
    appended(*s, ledger_event("r", event_kind::settle, 5, "key-1", 0));
    appended(*s, ledger_event("r", event_kind::settle, 6, "key-1", 1));
    BOOST_TEST(spent_by(*s, key) == 11);
}

BOOST_AUTO_TEST_CASE(spending_since_any_moment_is_exact)
{
    temp_ledger at;
    std::unique_ptr<store> s = at.open();
    seeded random(3);
    std::vector<std::pair<moment, nanos>> all;
    for (int i = 0; i != 200; ++i) {
        event e =
            ledger_event("r" + std::to_string(i), event_kind::settle, static_cast<nanos>(random.below(100)));
        e.started = ledger_noon + std::chrono::seconds{static_cast<int>(random.below(20'000))};
        all.emplace_back(e.started, e.amount);
        BOOST_REQUIRE(s->append(e).has_value());
    }
    BOOST_REQUIRE(s->flush(long_enough));
    std::vector<spend_query> queries;
    for (int i = 0; i != 50; ++i) {
        queries.push_back({key, ledger_noon + std::chrono::seconds{static_cast<int>(random.below(20'000))}});
    }
    queries.push_back({key, start_of_hour(hour_of(ledger_noon) + 1)});
    queries.push_back({{scope_kind::key, "nobody"}, ledger_noon});
    std::vector<nanos> const sums = s->spent(queries).value();
    for (std::size_t i = 0; i != queries.size(); ++i) {
        nanos expected = 0;
        for (auto const& [when, amount] : all) {
            expected += queries[i].where == key && when >= queries[i].since ? amount : 0;
        }
        BOOST_TEST(sums[i] == expected);
    }
}

BOOST_AUTO_TEST_CASE(a_start_settles_open_reservations_by_the_policy)
{
    for (recovery_policy const policy : {recovery_policy::reserved, recovery_policy::nothing}) {
        temp_ledger at;
        {
            std::unique_ptr<store> s = at.open();
            event waiting = ledger_event("never sent", event_kind::reserve, 300);
            waiting.flags = flag::waiting;
            event left = ledger_event("sent later", event_kind::reserve, 200);
            left.flags = flag::waiting;
            appended(*s, ledger_event("sent", event_kind::reserve, 100));
            appended(*s, waiting);
            appended(*s, left);
            appended(*s, ledger_event("sent later", event_kind::sent, 0));
            appended(*s, ledger_event("ended", event_kind::reserve, 50));
            appended(*s, ledger_event("ended", event_kind::settle, 40));
        }
        sqlite_options options = at.options();
        options.recovery = policy;
        std::unique_ptr<store> s = at.open(options);
        bool const pays = policy == recovery_policy::reserved;
        BOOST_TEST(s->figures().recovered_settled == (pays ? 2u : 0u));
        BOOST_TEST(s->figures().recovered_void == (pays ? 1u : 3u));
        BOOST_TEST(spent_by(*s, key) == (pays ? 340 : 40));
        // A late answer of the old process changes nothing.
        outcome const late = appended(*s, ledger_event("sent", event_kind::settle, 90));
        BOOST_TEST((late == (pays ? outcome::duplicate : outcome::written)));
        verification const v = verify(at.path()).value();
        BOOST_TEST(v.is_right());
        BOOST_TEST(v.open_rows == 0u);
    }
}

BOOST_AUTO_TEST_CASE(one_process_owns_a_ledger_and_its_files_are_private)
{
    temp_ledger at;
    sqlite_options options = at.options();
    options.path = (at.folder() / "new" / "folder" / "l.sqlite").string();
    std::unique_ptr<store> s = at.open(options);
    cogate::result<std::unique_ptr<store>> const second = open_sqlite(options, ledger_noon);
    BOOST_REQUIRE(second.has_error());
    BOOST_TEST(second.error()->status == 503);
    BOOST_TEST(second.error()->message.find("another gateway") != std::string::npos);
    appended(*s, ledger_event("r", event_kind::settle, 1));
    for (char const* suffix : {"", "-wal", "-shm", ".lock"}) {
        struct stat found {};
        BOOST_REQUIRE(::stat((options.path + suffix).c_str(), &found) == 0);
        BOOST_TEST((found.st_mode & 0777u) == 0600u);
    }
}

BOOST_AUTO_TEST_CASE(a_foreign_or_newer_or_broken_file_is_left_alone)
{
    temp_ledger at;
    auto const why = [&] {
        cogate::result<std::unique_ptr<store>> const r = open_sqlite(at.options(), ledger_noon);
        return r.has_error() ? r.error()->message : "opened";
    };
    {
        sqlite::connection other(at.path(), sqlite::access::create);
        other.run("CREATE TABLE mine(x)");
    }
    BOOST_TEST(why().find("another program") != std::string::npos);
    BOOST_TEST(!std::filesystem::exists(at.path() + "-wal"));
    std::filesystem::remove(at.path());
    at.open();
    {
        sqlite::connection newer(at.path(), sqlite::access::read_write);
        newer.run("PRAGMA user_version = 99");
    }
    BOOST_TEST(why().find("newer program") != std::string::npos);
    BOOST_TEST(verify(at.path()).has_error());
    std::ofstream(at.path(), std::ios::trunc) << std::string(5000, 'x');
    BOOST_TEST(why().find("not a database") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(migrations_run_once_each_and_a_failed_one_leaves_the_version_before)
{
    temp_ledger at;
    sqlite::connection db(at.path(), sqlite::access::create);
    std::array<char const*, 3> const steps{"CREATE TABLE a(x); INSERT INTO a VALUES(1)",
                                           "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x + 1",
                                           "UPDATE a SET y = 9; SELECT no_such_function()"};
    sqlite::migrate(db, std::span(steps).first(1));
    sqlite::migrate(db, std::span(steps).first(2));
    sqlite::migrate(db, std::span(steps).first(2));
    BOOST_CHECK_THROW(sqlite::migrate(db, steps), sqlite::error);
    BOOST_TEST(db.number("PRAGMA user_version") == 2);
    BOOST_TEST(db.number("SELECT y FROM a") == 2);
    BOOST_CHECK_THROW(sqlite::migrate(db, std::span(steps).first(1)), sqlite::error);
}

BOOST_AUTO_TEST_CASE(budgets_are_loaded_with_what_their_windows_have_spent)
{
    temp_ledger at;
    std::unique_ptr<store> s = at.open();
    event old = ledger_event("old", event_kind::settle, 500);
    old.started -= 24h;
    appended(*s, old);
    appended(*s, ledger_event("new", event_kind::settle, 70));
    std::vector<owned_budget> budgets{{key, {}}, {{scope_kind::team, "team-1"}, {}}};
    budgets[0].terms.limit = 100;
    budgets[0].terms.period = parse_period("1d", ledger_noon).value();
    budgets[1].terms.limit = 1000;
    book b;
    BOOST_REQUIRE(load_budgets(b, *s, budgets, ledger_noon).has_value());
    BOOST_TEST(b.find(key, ledger_noon)->available.value() == 30);
    BOOST_TEST(b.find(budgets[1].owner, ledger_noon)->available.value() == 430);
}

BOOST_AUTO_TEST_CASE(many_threads_append_and_nothing_is_lost)
{
    temp_ledger at;
    std::unique_ptr<store> s = at.open();
    std::atomic<int> acknowledged{0};
    std::vector<std::thread> threads;
    for (int t = 0; t != 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i != 250; ++i) {
                std::string const id = std::to_string(t) + '-' + std::to_string(i);
                bool const took = s->append(ledger_event(id, event_kind::reserve, 10)).has_value() &&
                                  s->append(ledger_event(id, event_kind::settle, 3), [&](outcome o) {
                                       acknowledged += o == outcome::written ? 1 : 0;
                                   }).has_value();
                acknowledged -= took ? 0 : 1'000'000;
            }
        });
    }
    for (std::thread& t : threads) {
        t.join();
    }
    BOOST_REQUIRE(s->flush(long_enough));
    BOOST_TEST(acknowledged == 1000);
    BOOST_TEST(spent_by(*s, key) == 3000);
    BOOST_TEST(verify(at.path()).value().is_right());
}

BOOST_AUTO_TEST_CASE(a_sum_stops_at_the_largest_integer_instead_of_losing_digits)
{
    temp_ledger at;
    std::unique_ptr<store> s = at.open();
    for (int i = 0; i != 9300; ++i) {
        BOOST_REQUIRE(
            s->append(ledger_event("r" + std::to_string(i), event_kind::settle, max_amount)).has_value());
    }
    BOOST_REQUIRE(s->flush(long_enough));
    BOOST_TEST(spent_by(*s, key) == std::numeric_limits<nanos>::max());
}

BOOST_AUTO_TEST_SUITE_END()
