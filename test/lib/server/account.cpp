// What one call's account does on every path that a call can take, over a real ledger.
#include "lib/server/account.hpp"

#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(server_account)

namespace asio = boost::asio;
namespace ledger = cogate::ledger;
using cogate::attempt_bill;
using cogate::attempt_offer;
using cogate::failure;
using cogate::money;
using cogate::result;
using cogate::server::account;
using cogate::server::accounts;
using cogate::server::accounts_options;

namespace {

constexpr std::chrono::seconds patience{20};
std::vector<std::string> const no_tags;

/// A gateway's accounts with one key, and calls of it.
class desk {
public:
    explicit desk(ledger::terms terms = {}, bool allow_unpriced = false)
    {
        accounts_options options;
        options.store = place_.options();
        options.allow_unpriced = allow_unpriced;
        result<std::unique_ptr<accounts>> opened = accounts::open(std::move(options));
        BOOST_REQUIRE(opened.has_value());
        all_ = std::move(*opened);
        key_.digest = "digest-1";
        key_.has = std::move(terms);
        result<void> const made = all_->directory().change(
            [&](ledger::directory const&) { return result<ledger::record_changes>({.put = {key_}}); });
        BOOST_REQUIRE(made.has_value());
        who_.key = all_->directory().find_key("digest-1");
    }

    result<std::shared_ptr<account>> open(std::int64_t prompt_bytes = 40)
    {
        return account::open(
            *all_, who_, context_.get_executor(),
            {.call_type = "chat", .model = "m", .tags = no_tags, .prompt_bytes = prompt_bytes});
    }

    static attempt_offer offer(std::uint32_t attempt, std::int64_t nanos)
    {
        return {.call_id = "call-1",
                .attempt = attempt,
                .deployment_id = "d",
                .provider = "openai",
                .upstream_model = "gpt",
                .is_priced = true,
                .bound = money::from_nanos(nanos)};
    }

    /// And sees it as the next request will.
    template <class Change>
    void change_key(Change change)
    {
        change(key_);
        result<void> const made = all_->directory().change(
            [&](ledger::directory const&) { return result<ledger::record_changes>({.put = {key_}}); });
        BOOST_REQUIRE(made.has_value());
        who_.key = all_->directory().find_key("digest-1");
    }

    std::vector<ledger::nanos> spent_and_held()
    {
        auto const balance =
            all_->book().find({ledger::scope_kind::key, "digest-1"}, cogate::server::ledger_now());
        BOOST_REQUIRE(balance.has_value());
        return {balance->spent, balance->held};
    }

    ledger::nanos in_the_store()
    {
        BOOST_REQUIRE(all_->store().flush(patience));
        return cogate::test::spent_by(all_->store(), {ledger::scope_kind::key, "digest-1"});
    }

    accounts& all() { return *all_; }
    asio::io_context& context() { return context_; }

private:
    cogate::test::temp_ledger place_;
    asio::io_context context_{1};
    std::unique_ptr<accounts> all_;
    ledger::key_record key_;
    ledger::principal who_;
};

ledger::terms budget(std::int64_t nanos)
{
    ledger::terms out;
    out.max_budget = nanos;
    return out;
}

attempt_bill paid(std::uint32_t attempt, std::int64_t nanos)
{
    attempt_bill out;
    out.attempt = attempt;
    out.cost = money::from_nanos(nanos);
    out.status = 200;
    out.tokens.prompt_tokens = 3;
    out.tokens.completion_tokens = 4;
    return out;
}

attempt_bill nothing(std::uint32_t attempt)
{
    attempt_bill out;
    out.attempt = attempt;
    out.spent_nothing = true;
    out.status = 500;
    return out;
}

asio::awaitable<void> wait_for(std::shared_ptr<account> one, bool& done)
{
    asio::awaitable<void> rows = one->committed();
    co_await std::move(rows);
    done = true;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_offer_is_held_and_its_bill_is_spent)
{
    desk at(budget(1000));
    std::shared_ptr<account> const one = *at.open();
    BOOST_REQUIRE(one->take(desk::offer(0, 600)).has_value());
    BOOST_TEST(at.spent_and_held() == (std::vector<ledger::nanos>{0, 600}), boost::test_tools::per_element());
    one->pay(paid(0, 250));
    BOOST_TEST(at.spent_and_held() == (std::vector<ledger::nanos>{250, 0}), boost::test_tools::per_element());
    BOOST_TEST(at.in_the_store() == 250);
}

BOOST_AUTO_TEST_CASE(committed_waits_for_the_row)
{
    desk at(budget(1000));
    std::shared_ptr<account> const one = *at.open();
    BOOST_REQUIRE(one->take(desk::offer(0, 600)).has_value());
    one->pay(paid(0, 250));
    bool done = false;
    asio::co_spawn(at.context(), wait_for(one, done), asio::detached);
    at.context().run();
    BOOST_TEST(done);
    BOOST_TEST(at.all().store().figures().queued_rows == 0U);
}

BOOST_AUTO_TEST_CASE(an_attempt_that_cost_nothing_is_void)
{
    desk at(budget(1000));
    std::shared_ptr<account> const one = *at.open();
    BOOST_REQUIRE(one->take(desk::offer(0, 600)).has_value());
    one->pay(nothing(0));
    BOOST_REQUIRE(one->take(desk::offer(1, 900)).has_value());
    one->pay(paid(1, 900));
    BOOST_TEST(at.spent_and_held() == (std::vector<ledger::nanos>{900, 0}), boost::test_tools::per_element());
    BOOST_TEST(at.in_the_store() == 900);
}

BOOST_AUTO_TEST_CASE(attempts_side_by_side_are_held_each)
{
    desk at(budget(1000));
    std::shared_ptr<account> const one = *at.open();
    BOOST_REQUIRE(one->take(desk::offer(0, 600)).has_value());
    result<void> const second = one->take(desk::offer(1, 600));
    BOOST_REQUIRE(second.has_error());
    BOOST_TEST(second.error()->code == "budget_exceeded");
    BOOST_TEST(second.error()->status == 429);
    BOOST_TEST(!second.error()->retryable);
    BOOST_REQUIRE(one->take(desk::offer(2, 400)).has_value());
    one->pay(paid(2, 100));
    one->pay(paid(0, 200));
    BOOST_TEST(at.spent_and_held() == (std::vector<ledger::nanos>{300, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_unknown_cost_is_the_most_that_it_can_have_been)
{
    desk at(budget(1000));
    std::shared_ptr<account> const one = *at.open();
    BOOST_REQUIRE(one->take(desk::offer(0, 600)).has_value());
    attempt_bill bill = paid(0, 0);
    bill.cost.reset();
    one->pay(bill);
    BOOST_TEST(at.in_the_store() == 600);
}

BOOST_AUTO_TEST_CASE(without_a_price_a_budget_lets_nothing_pass_unless_allowed)
{
    attempt_offer unpriced = desk::offer(0, 0);
    unpriced.is_priced = false;
    unpriced.bound.reset();
    attempt_offer endless = unpriced;
    endless.is_priced = true;
    {
        desk at(budget(1000));
        std::shared_ptr<account> const one = *at.open();
        BOOST_TEST(one->take(unpriced).error()->code == "unknown_price");
        BOOST_TEST(one->take(endless).error()->param == "max_tokens");
        BOOST_TEST(at.spent_and_held() == (std::vector<ledger::nanos>{0, 0}),
                   boost::test_tools::per_element());
    }
    {
        desk at(budget(1000), true);
        BOOST_TEST((*at.open())->take(unpriced).has_value());
    }
    {
        desk at;
        BOOST_TEST((*at.open())->take(unpriced).has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_budget_of_the_gateway_or_of_where_a_call_goes_lets_nothing_of_unknown_price_pass)
{
    attempt_offer unpriced = desk::offer(0, 0);
    unpriced.is_priced = false;
    unpriced.bound.reset();
    using kind = ledger::scope_kind;
    ledger::budget some;
    some.limit = 1000;
    for (ledger::scope const& where :
         {ledger::scope{kind::global, ""}, ledger::scope{kind::provider, "openai"},
          ledger::scope{kind::deployment, "d"}, ledger::scope{kind::model, "m"}}) {
        desk at;
        at.all().book().set_budget(where, some, cogate::server::ledger_now());
        BOOST_TEST((*at.open())->take(unpriced).error()->code == "unknown_price");
        BOOST_TEST((*at.open())->take(desk::offer(0, 1)).has_value());
    }
    desk at;
    at.all().book().set_budget({kind::provider, "another"}, some, cogate::server::ledger_now());
    ledger::budget soft;
    soft.soft_limit = 1;
    at.all().book().set_budget({kind::global, ""}, soft, cogate::server::ledger_now());
    BOOST_TEST((*at.open())->take(unpriced).has_value());
}

BOOST_AUTO_TEST_CASE(a_change_of_a_key_holds_for_its_next_call)
{
    desk at;
    BOOST_TEST(at.open().has_value());
    at.change_key([](ledger::key_record& key) { key.has.limits.parallel_requests = 0; });
    BOOST_TEST(at.open().error()->status == 429);
    at.change_key([](ledger::key_record& key) { key.has.limits = {}; });
    BOOST_TEST(at.open().has_value());
}

BOOST_AUTO_TEST_CASE(calls_of_one_loop_hear_of_their_rows)
{
    desk at(budget(100'000));
    std::vector<std::shared_ptr<account>> all;
    std::array<bool, 50> done{};
    for (std::uint32_t i = 0; i != done.size(); ++i) {
        all.push_back(*at.open());
        attempt_offer offer = desk::offer(0, 600);
        std::string const id = "call-" + std::to_string(i);
        offer.call_id = id;
        BOOST_REQUIRE(all.back()->take(offer).has_value());
        all.back()->pay(paid(0, 250));
        if (i % 10 == 3) {
            all.back().reset(); // the caller is gone; its row is not
        } else {
            asio::co_spawn(at.context(), wait_for(all.back(), done[i]), asio::detached);
        }
    }
    at.context().run();
    for (std::size_t i = 0; i != done.size(); ++i) {
        BOOST_TEST(done[i] == (i % 10 != 3));
    }
    BOOST_TEST(at.in_the_store() == 50 * 250);
}

BOOST_AUTO_TEST_CASE(bills_that_nobody_waits_for_change_nothing)
{
    desk at(budget(1000));
    std::shared_ptr<account> const one = *at.open();
    one->pay(paid(7, 100));
    BOOST_REQUIRE(one->take(desk::offer(0, 600)).has_value());
    one->pay(paid(0, 100));
    one->pay(paid(0, 100));
    BOOST_TEST(at.spent_and_held() == (std::vector<ledger::nanos>{100, 0}), boost::test_tools::per_element());
    BOOST_TEST(at.in_the_store() == 100);
}

BOOST_AUTO_TEST_CASE(an_account_that_dies_gives_back_what_it_holds)
{
    desk at(budget(1000));
    {
        std::shared_ptr<account> const one = *at.open();
        BOOST_REQUIRE(one->take(desk::offer(0, 600)).has_value());
    }
    BOOST_TEST(at.spent_and_held() == (std::vector<ledger::nanos>{0, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(calls_at_once_end_with_their_accounts)
{
    ledger::terms terms;
    terms.limits.parallel_requests = 1;
    desk at(terms);
    {
        std::shared_ptr<account> const one = *at.open();
        result<std::shared_ptr<account>> const second = at.open();
        BOOST_REQUIRE(second.has_error());
        BOOST_TEST(second.error()->status == 429);
        BOOST_TEST(second.error()->retry_after.has_value());
    }
    BOOST_TEST(at.open().has_value());
}

BOOST_AUTO_TEST_CASE(tokens_that_were_not_used_are_free_again)
{
    ledger::terms terms;
    terms.limits.tokens_per_minute = 100;
    desk at(terms);
    for (bool const first : {true, false}) { // 90 tokens each by their bytes, 7 in truth
        result<std::shared_ptr<account>> const one = at.open(360);
        BOOST_REQUIRE(one.has_value());
        BOOST_TEST(at.open(360).has_error());
        BOOST_REQUIRE((*one)->take(desk::offer(first ? 0 : 1, 10)).has_value());
        (*one)->pay(paid(first ? 0 : 1, 10));
    }
}

BOOST_AUTO_TEST_SUITE_END()
