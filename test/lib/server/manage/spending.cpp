#include "lib/server/manage/spending.hpp"

#include "lib/ledger/accounts/record_store.hpp"

#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace ledger = cogate::ledger;
using namespace cogate::server::manage;
using cogate::test::ledger_noon;
using cogate::test::temp_ledger;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

constexpr ledger::nanos dollar = 1'000'000'000;
ledger::scope const the_key{ledger::scope_kind::key, "k"};

ledger::budget daily(ledger::nanos limit)
{
    ledger::budget out;
    out.limit = limit;
    out.period = ledger::parse_period("1d", ledger_noon).value();
    return out;
}

void book_call(ledger::store& to, std::string const& id, ledger::nanos cost, ledger::moment at)
{
    ledger::event e;
    e.request_id = id;
    e.kind = ledger::event_kind::reserve;
    ledger::attribution who;
    who.key = "k";
    e.who = ledger::shared_attribution(std::move(who));
    e.amount = cost;
    e.started = e.at = at;
    BOOST_REQUIRE(cogate::test::appended(to, e) == ledger::outcome::written);
    e.kind = ledger::event_kind::settle;
    BOOST_REQUIRE(cogate::test::appended(to, e) == ledger::outcome::written);
}

} // namespace

BOOST_AUTO_TEST_SUITE(server_manage_spending)

BOOST_AUTO_TEST_CASE(a_mark_reads_back_beside_what_is_kept)
{
    spend_mark const mark{ledger_noon, 5};
    std::string const other = with_mark(R"({"a":1,"spend_reset_at":7})", mark);
    BOOST_CHECK(mark_of(other) == mark);
    BOOST_TEST(other.find("\"a\":1") != std::string::npos);
    BOOST_CHECK(mark_of("{}") == spend_mark{});
    BOOST_CHECK(mark_of(R"({"spend_reset_at":"x"})") == spend_mark{});
}

BOOST_AUTO_TEST_CASE(marks_outlive_a_start)
{
    temp_ledger folder;
    std::unique_ptr<ledger::store> const rows = folder.open();
    std::unique_ptr<ledger::record_store> const kept = ledger::make_memory_records();
    std::unique_ptr<ledger::directory> const in = ledger::directory::open(*kept).value();
    ledger::key_record key;
    key.digest = "k";
    key.other = with_mark("{}", {ledger_noon + minutes{10}, dollar / 2});
    BOOST_REQUIRE(in->change([&](auto const&) {
                        return cogate::result<ledger::record_changes>({{key}, {}});
                    }).has_value());
    book_call(*rows, "before", 3 * dollar, ledger_noon);
    book_call(*rows, "after", dollar, ledger_noon + minutes{20});

    ledger::book book;
    ledger::moment const now = ledger_noon + hours{1};
    book.set_budget(the_key, daily(9 * dollar), now, 4 * dollar); // as load_budgets() does
    BOOST_REQUIRE(apply_marks(book, *rows, *in, now).has_value());
    BOOST_TEST(book.find(the_key, now)->spent == dollar + dollar / 2);

    // a mark of an earlier window says nothing
    ledger::moment const tomorrow = now + hours{24};
    book.set_budget(the_key, daily(9 * dollar), tomorrow, dollar);
    BOOST_REQUIRE(apply_marks(book, *rows, *in, tomorrow).has_value());
    BOOST_TEST(book.find(the_key, tomorrow)->spent == dollar);
}

BOOST_AUTO_TEST_CASE(without_a_budget_the_ledger_is_asked)
{
    temp_ledger folder;
    std::unique_ptr<ledger::store> const rows = folder.open();
    book_call(*rows, "before", 3 * dollar, ledger_noon);
    book_call(*rows, "after", dollar, ledger_noon + minutes{20});
    ledger::book book;
    ledger::moment const now = ledger_noon + hours{1};
    BOOST_TEST(spending(book, *rows, now).of(the_key) == 4 * dollar);
    BOOST_TEST(spending(book, *rows, now).of(the_key, {ledger_noon + minutes{10}, 7}) == dollar + 7);
    BOOST_TEST(spending(book, *rows, now).of({ledger::scope_kind::key, "unknown"}) == 0);
    book.set_budget(the_key, daily(9 * dollar), now, dollar);
    BOOST_TEST(spending(book, *rows, now).of(the_key) == dollar);
    BOOST_CHECK((spending(book, *rows, now).resets_at(the_key, "", ledger_noon) ==
                 std::chrono::floor<std::chrono::days>(ledger_noon) + std::chrono::days{1}));
}

BOOST_AUTO_TEST_SUITE_END()
