#include "lib/ledger/event_queue.hpp"

#include "test/lib/ledger/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <future>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace cogate::ledger;
using namespace cogate::test;

constexpr std::uint8_t whole =
    static_cast<std::uint8_t>(event_kind::reserve) | static_cast<std::uint8_t>(event_kind::settle);

/// Nothing is ever due by time.
constexpr event_queue::limits patient{.linger = 1h, .gather = 1h};

event reserve(std::string const& id)
{
    return ledger_event(id, event_kind::reserve, 900);
}

event settle(std::string const& id)
{
    return ledger_event(id, event_kind::settle, 700);
}

std::vector<std::string> names(std::vector<pending_ptr> const& attempts)
{
    std::vector<std::string> out;
    for (pending_ptr const& one : attempts) {
        out.push_back(one->row.request_id);
    }
    return out;
}

acknowledgement somebody()
{
    return [](outcome) {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_event_queue)

BOOST_AUTO_TEST_CASE(events_of_an_attempt_that_meet_are_one_row)
{
    event_queue q(patient);
    BOOST_REQUIRE(q.push(settle("r"), {}).has_value()); // in any order
    BOOST_REQUIRE(q.push(reserve("r"), {}).has_value());
    BOOST_REQUIRE(q.push(reserve("r"), {}).has_value());
    q.close();
    std::vector<pending_ptr> const taken = q.take(10);
    BOOST_REQUIRE(taken.size() == 1u);
    BOOST_TEST(taken[0]->row.kinds == whole);
    BOOST_TEST(taken[0]->row.reserved == 900);
    BOOST_TEST(taken[0]->row.spent == 700);
    BOOST_TEST(taken[0]->events == 3u);
    store_figures f;
    q.figures(f);
    BOOST_TEST(f.queued_rows == 3u);
    q.done(taken);
    q.figures(f);
    BOOST_TEST(f.queued_rows == 0u);
    BOOST_TEST(f.queued_bytes == 0u);
    BOOST_TEST(q.take(10).empty());
}

BOOST_AUTO_TEST_CASE(an_end_that_is_waited_for_takes_its_reservation_along_and_leaves_the_others)
{
    event_queue q(patient);
    for (char const* id : {"a", "b", "c"}) {
        BOOST_REQUIRE(q.push(reserve(id), {}).has_value());
    }
    BOOST_REQUIRE(q.push(settle("b"), somebody()).has_value());
    std::vector<pending_ptr> const taken = q.take(10);
    BOOST_REQUIRE(taken.size() == 1u);
    BOOST_TEST(taken[0]->row.request_id == "b");
    BOOST_TEST(taken[0]->row.kinds == whole);
    q.done(taken);
    // What comes later for the same attempt is a row of its own: the store folds it.
    BOOST_REQUIRE(q.push(settle("b"), {}).has_value());
    q.close();
    BOOST_TEST(names(q.take(10)) == (std::vector<std::string>{"b", "a", "c"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_last_call_that_runs_is_not_waited_for)
{
    event_queue q(patient);
    BOOST_REQUIRE(q.push(reserve("a"), {}).has_value());
    BOOST_REQUIRE(q.push(reserve("b"), {}).has_value());
    BOOST_REQUIRE(q.push(settle("a"), somebody()).has_value());
    BOOST_TEST(names(q.take(10)) == (std::vector<std::string>{"a"}), boost::test_tools::per_element());
    BOOST_REQUIRE(q.push(reserve("c"), {}).has_value());
    BOOST_REQUIRE(q.push(settle("b"), somebody()).has_value());
    // The next commit is an hour away, while "c" runs.
    std::future<std::vector<pending_ptr>> next = std::async(std::launch::async, [&] { return q.take(10); });
    BOOST_REQUIRE(q.push(settle("c"), somebody()).has_value());
    BOOST_TEST(names(next.get()) == (std::vector<std::string>{"b", "c"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_full_batch_a_flush_and_the_end_are_due_at_once)
{
    event_queue q(patient);
    std::future<std::vector<pending_ptr>> full = std::async(std::launch::async, [&] { return q.take(2); });
    BOOST_REQUIRE(q.push(reserve("a"), {}).has_value());
    BOOST_REQUIRE(q.push(reserve("b"), {}).has_value());
    std::vector<pending_ptr> const two = full.get();
    BOOST_TEST(names(two) == (std::vector<std::string>{"a", "b"}), boost::test_tools::per_element());
    q.done(two);
    BOOST_REQUIRE(q.push(reserve("c"), {}).has_value());
    std::future<bool> flushed = std::async(std::launch::async, [&] { return q.wait_until_done(1h); });
    std::vector<pending_ptr> const third = q.take(2);
    BOOST_TEST(names(third) == (std::vector<std::string>{"c"}), boost::test_tools::per_element());
    q.done(third);
    BOOST_TEST(flushed.get());
    BOOST_REQUIRE(q.push(reserve("d"), {}).has_value());
    std::future<std::vector<pending_ptr>> last = std::async(std::launch::async, [&] { return q.take(2); });
    q.close();
    BOOST_TEST(names(last.get()) == (std::vector<std::string>{"d"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_nobody_waits_for_goes_within_its_linger)
{
    event_queue q({.linger = 2ms, .gather = 1h});
    BOOST_REQUIRE(q.push(reserve("a"), {}).has_value());
    BOOST_REQUIRE(q.push(settle("a"), {}).has_value());
    BOOST_REQUIRE(q.push(reserve("b"), {}).has_value());
    std::vector<std::string> taken;
    while (taken.size() != 2) {
        for (std::string const& name : names(q.take(10))) {
            taken.push_back(name);
        }
    }
    BOOST_TEST(taken == (std::vector<std::string>{"a", "b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_event_is_told_what_became_of_it)
{
    event_queue q(patient);
    std::vector<outcome> told(3, outcome::lost);
    auto const note = [&](std::size_t i) { return [&told, i](outcome o) { told[i] = o; }; };
    BOOST_REQUIRE(q.push(reserve("r"), note(0)).has_value());
    BOOST_REQUIRE(q.push(reserve("r"), note(1)).has_value());
    BOOST_REQUIRE(q.push(settle("r"), note(2)).has_value());
    q.close();
    std::vector<pending_ptr> const taken = q.take(10);
    BOOST_REQUIRE(taken.size() == 1u);
    // The store had the reservation before.
    for (pending_attempt::promise const& one : taken[0]->promises) {
        one.done(pending_attempt::told(one, static_cast<std::uint8_t>(event_kind::settle)));
    }
    BOOST_TEST((told == std::vector<outcome>{outcome::duplicate, outcome::duplicate, outcome::written}));
}

BOOST_AUTO_TEST_SUITE_END()
