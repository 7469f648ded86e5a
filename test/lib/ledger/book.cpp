#include "lib/ledger/book.hpp"

#include "test/lib/ledger/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace cogate::ledger;
using cogate::test::ledger_noon;

scope const key{scope_kind::key, "k"};
scope const team{scope_kind::team, "t"};
std::vector<scope> const both{key, team};

budget limited(nanos limit, std::string_view period = {})
{
    budget b;
    b.limit = limit;
    if (!period.empty()) {
        b.period = parse_period(period, ledger_noon).value();
    }
    return b;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_book)

BOOST_AUTO_TEST_CASE(a_reservation_holds_in_every_scope_or_in_none)
{
    book b;
    b.set_budget(key, limited(100), ledger_noon);
    b.set_budget(team, limited(50), ledger_noon);
    admission no = b.reserve(both, 60, ledger_noon);
    BOOST_REQUIRE(!no.has_value());
    BOOST_TEST((no.error().where == team));
    BOOST_TEST(no.error().available == 50);
    BOOST_TEST(b.held() == 0);
    admission yes = b.reserve(both, 50, ledger_noon);
    BOOST_REQUIRE(yes.has_value());
    BOOST_TEST(b.find(key, ledger_noon)->held == 50);
    BOOST_TEST(b.find(team, ledger_noon)->available.value() == 0);
}

BOOST_AUTO_TEST_CASE(settling_books_the_true_cost_and_frees_the_rest)
{
    book b;
    b.set_budget(key, limited(100), ledger_noon);
    admission a = b.reserve(both, 80, ledger_noon);
    BOOST_TEST(a->settle(30).above_reserved == 0);
    BOOST_TEST(a->settle(30).above_reserved == 0);
    a->release();
    BOOST_TEST(b.find(key, ledger_noon)->spent == 30);
    BOOST_TEST(b.find(team, ledger_noon)->spent == 30);
    BOOST_TEST(b.held() == 0);
    admission over = b.reserve(both, 10, ledger_noon);
    BOOST_TEST(over->settle(25).above_reserved == 15);
    BOOST_TEST(b.find(key, ledger_noon)->spent == 55);
}

BOOST_AUTO_TEST_CASE(leaving_gives_the_amount_back_on_every_path)
{
    book b;
    b.set_budget(key, limited(100), ledger_noon);
    {
        admission a = b.reserve(both, 80, ledger_noon);
        reservation moved = std::move(*a);
        admission second = b.reserve(both, 20, ledger_noon);
        moved = std::move(*second);
        BOOST_TEST(b.find(key, ledger_noon)->held == 20);
    }
    BOOST_TEST(b.held() == 0);
    BOOST_TEST(b.find(key, ledger_noon)->spent == 0);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_whole_is_cut_down_to_what_fits)
{
    book b;
    b.set_budget(key, limited(100), ledger_noon);
    b.set_budget(team, limited(70), ledger_noon);
    admission cut = b.reserve(both, 90, 10, ledger_noon);
    BOOST_REQUIRE(cut.has_value());
    BOOST_TEST(cut->amount() == 70);
    BOOST_TEST(!b.reserve(both, 90, 10, ledger_noon).has_value());
}

BOOST_AUTO_TEST_CASE(a_new_window_starts_from_zero_and_old_calls_belong_to_the_old_one)
{
    book b;
    b.set_budget(key, limited(100, "1d"), ledger_noon);
    admission old = b.reserve(both, 100, ledger_noon);
    BOOST_TEST(
        (b.reserve(both, 1, ledger_noon).error().resets_at.value() == ledger_noon + 13h + 39min + 30s));
    moment const tomorrow = ledger_noon + 24h;
    admission fresh = b.reserve(both, 100, tomorrow);
    BOOST_REQUIRE(fresh.has_value());
    old->settle(90);
    BOOST_TEST(b.find(key, tomorrow)->spent == 0);
    BOOST_TEST(b.find(key, tomorrow)->held == 100);
    BOOST_TEST(b.find(team, tomorrow)->spent == 90);
    // A clock that steps back does not bring yesterday's window back.
    BOOST_TEST(!b.reserve(both, 1, ledger_noon).has_value());
}

BOOST_AUTO_TEST_CASE(a_temporary_increase_ends_by_itself)
{
    book b;
    budget terms = limited(100);
    terms.extra = 50;
    terms.extra_until = ledger_noon + 1h;
    b.set_budget(key, terms, ledger_noon);
    BOOST_TEST(b.reserve(both, 150, ledger_noon + 59min).has_value());
    BOOST_TEST(!b.reserve(both, 101, ledger_noon + 1h).has_value());
}

BOOST_AUTO_TEST_CASE(a_soft_limit_is_reported_once_per_window_and_refuses_nothing)
{
    book b;
    budget terms;
    terms.soft_limit = 50;
    terms.period = parse_period("1d", ledger_noon).value();
    b.set_budget(key, terms, ledger_noon);
    auto const reports = [&](moment now) {
        return b.reserve(both, 30, now)->settle(30).soft_limits_reached.size();
    };
    BOOST_TEST(reports(ledger_noon) == 0u);
    BOOST_TEST(reports(ledger_noon) == 1u);
    BOOST_TEST(reports(ledger_noon) == 0u);
    BOOST_TEST(reports(ledger_noon + 24h) == 0u);
    BOOST_TEST(reports(ledger_noon + 24h) == 1u);
}

BOOST_AUTO_TEST_CASE(a_changed_budget_keeps_what_is_held_and_spent)
{
    book b;
    b.set_budget(key, limited(100), ledger_noon);
    b.reserve(both, 20, ledger_noon)->settle(20);
    admission open = b.reserve(both, 30, ledger_noon);
    b.set_budget(key, limited(60, "1d"), ledger_noon);
    BOOST_TEST(b.find(key, ledger_noon)->available.value() == 10);
    open->settle(30);
    BOOST_TEST(b.find(key, ledger_noon)->available.value() == 10);
    b.set_budget(key, limited(60), ledger_noon, 5);
    BOOST_TEST(b.find(key, ledger_noon)->available.value() == 55);
    b.reset(key, ledger_noon);
    BOOST_TEST(b.find(key, ledger_noon)->spent == 0);
}

BOOST_AUTO_TEST_CASE(a_scope_without_a_budget_is_followed_so_that_one_can_be_set_later)
{
    book b;
    b.reserve(both, 40, ledger_noon)->settle(40);
    b.set_budget(key, limited(50), ledger_noon);
    BOOST_TEST(!b.reserve(both, 11, ledger_noon).has_value());
    BOOST_TEST(b.reserve(both, 10, ledger_noon).has_value());
}

BOOST_AUTO_TEST_CASE(invented_ids_take_memory_only_when_their_kind_has_a_budget)
{
    book b;
    std::vector<scope> const stranger{{scope_kind::end_user, "x"}, {scope_kind::tag, "y"}};
    BOOST_TEST(b.reserve(stranger, 1'000, ledger_noon).has_value());
    BOOST_TEST(b.accounts() == 0u);
    b.set_default(scope_kind::end_user, limited(100), ledger_noon);
    BOOST_TEST(!b.reserve(stranger, 1'000, ledger_noon).has_value());
    BOOST_TEST(b.reserve(stranger, 100, ledger_noon).has_value());
    b.set_default(scope_kind::end_user, std::nullopt, ledger_noon);
    BOOST_TEST(b.reserve(stranger, 1'000, ledger_noon).has_value());
}

BOOST_AUTO_TEST_CASE(a_full_book_refuses_what_it_cannot_watch)
{
    book b(book::options{.max_accounts = 2});
    b.set_default(scope_kind::end_user, limited(100), ledger_noon);
    auto const ask = [&](char const* id) {
        std::vector<scope> const one{{scope_kind::end_user, id}};
        return b.reserve(one, 10, ledger_noon);
    };
    ask("a")->settle(10);
    ask("b")->settle(10);
    admission no = ask("c");
    BOOST_REQUIRE(!no.has_value());
    BOOST_TEST((no.error().why == refusal::reason::book_is_full));
    BOOST_TEST(ask("a").has_value());
    std::vector<scope> const unlimited{{scope_kind::team, "t"}};
    BOOST_TEST(b.reserve(unlimited, 10, ledger_noon).has_value());
    BOOST_TEST(b.accounts() == 2u);
}

BOOST_AUTO_TEST_CASE(accounts_that_say_nothing_make_place_but_never_one_of_the_same_call)
{
    book b(book::options{.max_accounts = 2});
    b.set_default(scope_kind::end_user, limited(100), ledger_noon);
    for (int i = 0; i != 50; ++i) {
        std::vector<scope> const two{{scope_kind::end_user, "a" + std::to_string(i)},
                                     {scope_kind::end_user, "b" + std::to_string(i)}};
        admission held = b.reserve(two, 60, ledger_noon);
        BOOST_REQUIRE(held.has_value());
        BOOST_TEST(b.held() == 120);
    }
    BOOST_TEST(b.accounts() == 2u);
    BOOST_TEST(b.held() == 0);
}

BOOST_AUTO_TEST_CASE(a_forgotten_scope_settles_without_effect)
{
    book b;
    b.set_budget(key, limited(100), ledger_noon);
    admission open = b.reserve(both, 100, ledger_noon);
    b.erase(key);
    b.set_budget(key, limited(100), ledger_noon);
    open->settle(100);
    BOOST_TEST(b.find(key, ledger_noon)->available.value() == 100);
    BOOST_TEST(b.find(team, ledger_noon)->spent == 100);
}

BOOST_AUTO_TEST_CASE(charges_without_reservation_are_never_refused)
{
    book b;
    b.set_budget(key, limited(100), ledger_noon);
    std::vector<scope> const twice{key, key, team};
    BOOST_TEST(b.charge(twice, 130, ledger_noon).soft_limits_reached.empty());
    BOOST_TEST(b.find(key, ledger_noon)->spent == 130);
    BOOST_TEST(b.find(key, ledger_noon)->available.value() == 0);
    BOOST_TEST(!b.reserve(both, 1, ledger_noon).has_value());
    BOOST_TEST(b.reserve(both, 0, ledger_noon).has_value());
}

BOOST_AUTO_TEST_CASE(amounts_out_of_range_are_refused)
{
    book b;
    for (auto const& [wanted, least] :
         {std::pair<nanos, nanos>{-1, -1}, {5, 6}, {5, -1}, {max_amount + 1, 0}}) {
        admission no = b.reserve(both, wanted, least, ledger_noon);
        BOOST_REQUIRE(!no.has_value());
        BOOST_TEST((no.error().why == refusal::reason::invalid_amount));
    }
}

BOOST_AUTO_TEST_SUITE_END()
