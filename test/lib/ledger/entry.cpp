#include "lib/ledger/entry.hpp"

#include "test/lib/ledger/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

namespace {

using namespace cogate::ledger;
using cogate::test::change_names;
using cogate::test::ledger_event;

entry folded(std::vector<event> const& events)
{
    entry out;
    for (event const& e : events) {
        merge(out, e);
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_entry)

BOOST_AUTO_TEST_CASE(every_order_of_every_set_of_events_with_repetition_gives_the_same_row)
{
    std::vector<event> const all{
        ledger_event("r", event_kind::reserve, 900), ledger_event("r", event_kind::sent, 0),
        ledger_event("r", event_kind::settle, 700), ledger_event("r", event_kind::voided, 0)};
    std::size_t orders = 0;
    for (unsigned set = 1; set != 16; ++set) {
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i != all.size(); ++i) {
            if ((set >> i & 1u) != 0) {
                order.insert(order.end(), 2, i);
            }
        }
        std::vector<event> once;
        for (std::size_t i = 0; i != order.size(); i += 2) {
            once.push_back(all[order[i]]);
        }
        entry const expected = folded(once);
        do {
            std::vector<event> events;
            for (std::size_t const i : order) {
                events.push_back(all[i]);
            }
            BOOST_REQUIRE((folded(events) == expected));
            ++orders;
        } while (std::next_permutation(order.begin(), order.end()));
    }
    BOOST_TEST(orders == 4 * 1 + 6 * 6 + 4 * 90 + 2520u);
}

BOOST_AUTO_TEST_CASE(a_reservation_is_open_until_settle_or_void)
{
    entry row = folded({ledger_event("r", event_kind::reserve, 900)});
    BOOST_TEST(row.is_open());
    BOOST_TEST(counts_of(row).is_zero());
    BOOST_TEST(merge(row, ledger_event("r", event_kind::voided, 0)));
    BOOST_TEST(!row.is_open());
    BOOST_TEST(row.is_void());
    BOOST_TEST((counts_of(row) == counts{0, 0, 1, 0, 0}));
}

BOOST_AUTO_TEST_CASE(money_known_to_be_spent_outranks_a_void)
{
    entry const row =
        folded({ledger_event("r", event_kind::voided, 0), ledger_event("r", event_kind::settle, 700)});
    BOOST_TEST(row.is_settled());
    BOOST_TEST(!row.is_void());
    BOOST_TEST((counts_of(row) == counts{700, 1, 0, 100, 20}));
}

BOOST_AUTO_TEST_CASE(a_second_event_of_a_kind_has_no_effect_whatever_it_says)
{
    entry row = folded({ledger_event("r", event_kind::settle, 700)});
    entry const before = row;
    BOOST_TEST(!merge(row, ledger_event("r", event_kind::settle, 1)));
    BOOST_TEST((row == before));
}

BOOST_AUTO_TEST_CASE(a_late_reservation_of_an_ended_attempt_holds_nothing)
{
    entry const row =
        folded({ledger_event("r", event_kind::settle, 700), ledger_event("r", event_kind::reserve, 900)});
    BOOST_TEST(!row.is_open());
    BOOST_TEST(row.reserved == 900);
    BOOST_TEST(row.status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ledger_event_rules)

BOOST_AUTO_TEST_CASE(what_cannot_be_booked_is_refused_by_name)
{
    auto const field = [](auto change) {
        event e = ledger_event("r", event_kind::settle, 1);
        change(e);
        cogate::result<void> const r = validate(e);
        return r.has_value() ? std::string() : r.error()->param;
    };
    BOOST_TEST(field([](event&) {}) == "");
    BOOST_TEST(field([](event& e) { e.request_id.clear(); }) == "request_id");
    BOOST_TEST(field([](event& e) { e.request_id.assign(129, 'x'); }) == "request_id");
    BOOST_TEST(field([](event& e) { e.request_id = "a\nb"; }) == "request_id");
    BOOST_TEST(field([](event& e) {
                   change_names(e, [](attribution& w) { w.end_user.assign(257, 'x'); });
               }) == "who");
    BOOST_TEST(field([](event& e) { change_names(e, [](attribution& w) { w.tags.assign(33, "t"); }); }) ==
               "who");
    BOOST_TEST(field([](event& e) {
                   change_names(e, [](attribution& w) { w.tags = {std::string("a\x1f") + "b"}; });
               }) == "who");
    BOOST_TEST(field([](event& e) { e.amount = -1; }) == "amount");
    BOOST_TEST(field([](event& e) { e.amount = max_amount + 1; }) == "amount");
    BOOST_TEST(field([](event& e) { e.tokens.prompt = -5; }) == "tokens");
    BOOST_TEST(field([](event& e) { e.tokens.reasoning = max_tokens + 1; }) == "tokens");
    BOOST_TEST(field([](event& e) { e.started = {}; }) == "started");
}

BOOST_AUTO_TEST_CASE(an_attribution_spends_from_each_of_its_scopes_once)
{
    attribution who;
    who.key = "k";
    who.user = "u";
    who.team = "t";
    who.model = "m";
    who.tags = {"x", "y", "x"};
    scope_list const scopes = scopes_of(who);
    std::vector<scope> const expected{{scope_kind::global, ""},
                                      {scope_kind::team, "t"},
                                      {scope_kind::member, "t\x1fu"},
                                      {scope_kind::user, "u"},
                                      {scope_kind::key, "k"},
                                      {scope_kind::tag, "x"},
                                      {scope_kind::tag, "y"},
                                      {scope_kind::model, "m"},
                                      {scope_kind::key_model, "k\x1fm"},
                                      {scope_kind::user_model, "u\x1fm"},
                                      {scope_kind::team_model, "t\x1fm"}};
    BOOST_TEST((std::vector<scope>(scopes.begin(), scopes.end()) == expected));
}

BOOST_AUTO_TEST_SUITE_END()
