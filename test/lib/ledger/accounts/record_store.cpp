#include "lib/ledger/accounts/record_store.hpp"

#include "lib/ledger/sqlite/connection.hpp"
#include "lib/ledger/sqlite/schema.hpp"
#include "lib/ledger/verify.hpp"

#include "test/lib/ledger/accounts/samples.hpp"
#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace cogate::ledger;
using namespace cogate::test;

namespace {

using contents = std::map<std::pair<record_kind, std::string>, record>;

contents all_of(record_store& in)
{
    contents out;
    BOOST_REQUIRE(in.read_all([&](record&& one) {
                        BOOST_TEST(out.emplace(std::pair(kind_of(one), id_of(one)), std::move(one)).second);
                    }).has_value());
    return out;
}

/// Seeded changes on the store and on a map: always equal.
void check_against_map(record_store& s, contents& expected, std::uint64_t seed, int rounds)
{
    random_records make(seed);
    for (int i = 0; i != rounds; ++i) {
        record_changes what;
        for (std::size_t n = make.random().below(4); n != 0; --n) {
            what.removed.push_back({make.kind(), make.id()});
        }
        for (std::size_t n = make.random().below(4); n != 0; --n) {
            what.put.push_back(make.any());
        }
        BOOST_REQUIRE(s.write(what).has_value());
        for (record_name const& gone : what.removed) {
            expected.erase({gone.kind, gone.id});
        }
        for (record const& one : what.put) {
            expected.insert_or_assign({kind_of(one), id_of(one)}, one);
        }
    }
    BOOST_TEST((all_of(s) == expected));
}

std::unique_ptr<record_store> opened(temp_ledger const& at, durability keep = durability::process)
{
    return std::move(open_sqlite_records(at.path(), keep).value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_accounts_record_store)

BOOST_AUTO_TEST_CASE(memory_keeps_what_was_written)
{
    contents expected;
    std::unique_ptr<record_store> const s = make_memory_records();
    check_against_map(*s, expected, 1, 200);
}

BOOST_AUTO_TEST_CASE(sqlite_keeps_what_was_written_over_openings)
{
    temp_ledger at;
    contents expected;
    for (std::uint64_t round = 1; round != 4; ++round) {
        std::unique_ptr<store> const money = at.open();
        std::unique_ptr<record_store> const s =
            opened(at, round == 2 ? durability::power : durability::process);
        BOOST_TEST((all_of(*s) == expected));
        check_against_map(*s, expected, round, 40);
        appended(*money, ledger_event("r" + std::to_string(round), event_kind::settle, 5));
    }
    BOOST_TEST(!expected.empty());
    BOOST_TEST(verify(at.path()).value().is_right());
}

BOOST_AUTO_TEST_CASE(the_ledger_goes_on_beside_the_records)
{
    temp_ledger at;
    std::unique_ptr<store> const money = at.open();
    std::unique_ptr<record_store> const s = opened(at);
    random_records make(9);
    for (int i = 0; i != 200; ++i) {
        BOOST_TEST((appended(*money, ledger_event("r" + std::to_string(i), event_kind::settle, 3)) ==
                    outcome::written));
        BOOST_TEST(s->write({{make.any()}, {}}).has_value());
    }
    BOOST_TEST(spent_by(*money, {scope_kind::key, "key-1"}) == 600);
    BOOST_TEST(money->figures().failed_commits == 0u);
}

BOOST_AUTO_TEST_CASE(a_ledger_of_the_first_version_is_brought_up)
{
    temp_ledger at;
    {
        sqlite::connection old(at.path(), sqlite::access::create);
        sqlite::migrate(old, sqlite::migrations().first(1));
        BOOST_TEST(old.number("PRAGMA user_version") == 1);
    }
    BOOST_TEST(open_sqlite_records(at.path()).has_error()); // the ledger comes first
    {
        std::unique_ptr<store> const money = at.open();
        BOOST_TEST((appended(*money, ledger_event("r", event_kind::settle, 7)) == outcome::written));
        BOOST_TEST(opened(at)->write({{named<budget_record>("b")}, {}}).has_value());
    }
    BOOST_TEST(all_of(*opened(at)).size() == 1u);
    verification const checked = verify(at.path()).value();
    BOOST_TEST(checked.is_right());
    BOOST_TEST(checked.rows == 1u);
}

BOOST_AUTO_TEST_CASE(no_ledger_no_records)
{
    temp_ledger at;
    auto const missing = open_sqlite_records(at.path());
    BOOST_REQUIRE(missing.has_error());
    BOOST_TEST(missing.error()->code == "ledger_unavailable");
    BOOST_TEST((missing.error()->kind == cogate::error_kind::service_unavailable));
}

BOOST_AUTO_TEST_CASE(a_record_of_another_program_is_named)
{
    temp_ledger at;
    at.open();
    {
        sqlite::connection by_hand(at.path(), sqlite::access::read_write);
        by_hand.run(
            "INSERT INTO records VALUES(2, 'someone', '{\"id\":\"someone\",\"from\":\"the future\"}')");
    }
    auto const read = opened(at)->read_all([](record&&) {});
    BOOST_REQUIRE(read.has_error());
    BOOST_TEST(read.error()->message.find("'someone'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_write_that_fails_changes_nothing)
{
    temp_ledger at;
    at.open();
    std::unique_ptr<record_store> const s = opened(at);
    BOOST_REQUIRE(s->write({{named<budget_record>("b"), named<budget_record>("c")}, {}}).has_value());
    contents const before = all_of(*s);
    {
        sqlite::connection by_hand(at.path(), sqlite::access::read_write);
        by_hand.run("CREATE TRIGGER no BEFORE INSERT ON records WHEN new.id = 'second' "
                    "BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    }
    auto const refused = s->write(
        {{named<budget_record>("first"), named<budget_record>("second")}, {{record_kind::budget, "b"}}});
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error()->code == "ledger_unavailable");
    BOOST_TEST((all_of(*s) == before));
    BOOST_TEST(s->write({{named<budget_record>("third")}, {}}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
