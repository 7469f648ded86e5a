#include "lib/server/accounts.hpp"

#include "lib/server/account.hpp"
#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ledger = cogate::ledger;

using cogate::money;
using cogate::result;
using cogate::server::account;
using cogate::server::accounts;
using cogate::server::accounts_options;
using cogate::server::accounts_terms;

namespace {

constexpr std::chrono::seconds patience{20};
std::vector<std::string> const no_tags;

/// A gateway whose end users may spend ten nano-dollars each.
class shop {
public:
    shop() { start(); }

    void start()
    {
        all_.reset();
        accounts_options options;
        options.store = place_.options();
        options.terms.end_user_budget.emplace().limit = 10;
        result<std::unique_ptr<accounts>> opened = accounts::open(std::move(options));
        BOOST_REQUIRE_MESSAGE(opened.has_value(), (opened ? std::string() : opened.error()->message));
        all_ = std::move(*opened);
    }

    result<std::shared_ptr<account>> call(boost::asio::any_io_executor where, std::string_view end_user)
    {
        ledger::principal master;
        master.is_master = true;
        return account::open(*all_, master, std::move(where),
                             {.call_type = "chat", .model = "m", .end_user = end_user, .tags = no_tags});
    }
    result<std::shared_ptr<account>> call(std::string_view end_user)
    {
        return call(context_.get_executor(), end_user);
    }

    /// Whether the end user could pay for a call of this cost, which is then paid.
    bool buy(std::string_view end_user, std::int64_t nanos)
    {
        result<std::shared_ptr<account>> made = call(end_user);
        BOOST_REQUIRE(made.has_value());
        return buy(**made, nanos);
    }
    bool buy(account& by, std::int64_t nanos)
    {
        std::string const id = "call-" + std::to_string(++calls_);
        result<void> const taken = by.take({.call_id = id,
                                            .deployment_id = "d",
                                            .provider = "openai",
                                            .upstream_model = "gpt",
                                            .is_priced = true,
                                            .bound = money::from_nanos(nanos)});
        if (taken) {
            by.pay({.cost = money::from_nanos(nanos), .status = 200});
        }
        return taken.has_value();
    }

    accounts& all() { return *all_; }

private:
    cogate::test::temp_ledger place_;
    boost::asio::io_context context_{1};
    std::unique_ptr<accounts> all_;
    int calls_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(server_accounts)

BOOST_AUTO_TEST_CASE(a_start_does_not_give_end_users_their_default_budget_anew)
{
    shop at;
    BOOST_TEST(at.buy("e", 7));
    BOOST_TEST(!at.buy("e", 4));
    BOOST_REQUIRE(at.all().store().flush(patience));
    at.start();
    BOOST_TEST(!at.buy("e", 4));
    BOOST_TEST(at.buy("e", 3));
    BOOST_TEST(at.buy("f", 10));
}

BOOST_AUTO_TEST_CASE(what_has_no_price_is_not_for_end_users_with_a_default_budget)
{
    shop at;
    cogate::attempt_offer const offer{
        .call_id = "c", .deployment_id = "d", .provider = "openai", .upstream_model = "gpt"};
    result<std::shared_ptr<account>> const theirs = at.call("e");
    BOOST_REQUIRE(theirs.has_value());
    result<void> const refused = (*theirs)->take(offer);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error()->code == "unknown_price");
    result<std::shared_ptr<account>> const nobodys = at.call("");
    BOOST_REQUIRE(nobodys.has_value());
    BOOST_TEST((*nobodys)->take(offer).has_value());
}

// As at the end of a server whose calls were cut off: the row is committed when nobody is left to be told.
BOOST_AUTO_TEST_CASE(a_row_may_be_committed_after_its_loop_is_gone)
{
    shop at;
    for (int i = 0; i != 20; ++i) {
        auto loop = std::make_unique<boost::asio::io_context>(1);
        {
            result<std::shared_ptr<account>> const made =
                at.call(loop->get_executor(), "e" + std::to_string(i));
            BOOST_REQUIRE(made.has_value());
            BOOST_TEST(at.buy(**made, 1));
        }
        loop.reset();
    }
    BOOST_TEST(at.all().store().flush(patience));
    BOOST_TEST(at.all().store().figures().queued_rows == 0U);
}

BOOST_AUTO_TEST_CASE(work_that_was_taken_is_done_and_later_work_is_refused)
{
    shop at;
    int done = 0;
    for (int i = 0; i != 10; ++i) {
        BOOST_REQUIRE(at.all().later([&done] { ++done; }));
    }
    at.all().finish();
    BOOST_TEST(done == 10);
    BOOST_TEST(!at.all().later([&done] { ++done; }));
    at.all().finish();
    BOOST_TEST(done == 10);
}

BOOST_AUTO_TEST_CASE(reports_wait_for_each_other_and_nobody_waits_for_them)
{
    shop at;
    std::promise<void> go_on;
    std::future<void> const told = go_on.get_future();
    BOOST_REQUIRE(at.all().report_later([&told] { told.wait(); }));
    int taken = 0;
    while (taken != 1000 && at.all().report_later([] {})) {
        ++taken;
    }
    BOOST_TEST(taken < 1000); // bounded, whatever the first one does
    BOOST_TEST(taken >= 63);
    std::promise<void> changed;
    BOOST_REQUIRE(at.all().later([&changed] { changed.set_value(); }));
    BOOST_TEST((changed.get_future().wait_for(patience) == std::future_status::ready));
    go_on.set_value();
    at.all().finish();
}

BOOST_AUTO_TEST_CASE(budgets_of_the_configuration_follow_it)
{
    shop at;
    BOOST_TEST(at.buy("e", 7));
    BOOST_TEST(at.buy("", 5));
    accounts_terms terms = *at.all().terms();
    auto const with_budget = [&](ledger::scope owner, std::int64_t limit) {
        ledger::budget budget;
        budget.limit = limit;
        terms.configured.push_back({std::move(owner), budget});
    };
    auto const change = [&] { BOOST_TEST_REQUIRE(at.all().change_terms(terms).has_value()); };
    with_budget({ledger::scope_kind::global, {}}, 20); // 12 are spent
    change();
    BOOST_TEST(!at.buy("", 9));
    BOOST_TEST(at.buy("", 8));
    BOOST_TEST(!at.buy("", 1));
    terms.configured.clear(); // limits nobody any more, and what was spent is not forgotten
    change();
    BOOST_TEST(at.buy("", 100));
    with_budget({ledger::scope_kind::provider, "openai"}, 121);
    with_budget({ledger::scope_kind::deployment, "d"}, 1000);
    change();
    BOOST_TEST(!at.buy("", 2));
    BOOST_TEST(at.buy("", 1));
    terms.configured.front().terms.limit = 122;
    change();
    BOOST_TEST(!at.buy("", 2));
    BOOST_TEST(at.buy("", 1));
}

BOOST_AUTO_TEST_CASE(the_default_budget_of_end_users_follows_the_configuration)
{
    shop at;
    BOOST_TEST(at.buy("e", 7));
    accounts_terms terms = *at.all().terms();
    terms.end_user_budget->limit = 8;
    BOOST_TEST_REQUIRE(at.all().change_terms(terms).has_value());
    BOOST_TEST(!at.buy("e", 2));
    BOOST_TEST(at.buy("e", 1));
    terms.end_user_budget.reset();
    BOOST_TEST_REQUIRE(at.all().change_terms(terms).has_value());
    BOOST_TEST(at.buy("e", 100));
    BOOST_TEST(at.buy("f", 100));
    terms.end_user_budget.emplace().limit = 101;
    BOOST_TEST_REQUIRE(at.all().change_terms(terms).has_value());
    BOOST_TEST(!at.buy("e", 1));
    BOOST_TEST(!at.buy("f", 2));
    BOOST_TEST(at.buy("f", 1));
}

BOOST_AUTO_TEST_CASE(limits_of_records_follow_the_configuration)
{
    shop at;
    accounts_terms terms = *at.all().terms();
    terms.limits.users = 1;
    BOOST_TEST_REQUIRE(at.all().change_terms(terms).has_value());
    auto const make = [&](std::string id) {
        return at.all().directory().change([&](ledger::directory const&) {
            ledger::user_record user;
            user.id = id;
            return result<ledger::record_changes>(ledger::record_changes{{user}, {}});
        });
    };
    BOOST_TEST(make("a").has_value());
    result<void> const second = make("b");
    BOOST_REQUIRE(!second.has_value());
    BOOST_TEST(second.error()->code == "too_many_records");
}

BOOST_AUTO_TEST_SUITE_END()
