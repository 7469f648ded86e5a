// What older programs wrote is read, ended and counted as if this one had written it.
#include "lib/ledger/export.hpp"
#include "lib/ledger/sqlite/connection.hpp"
#include "lib/ledger/sqlite/schema.hpp"
#include "lib/ledger/verify.hpp"

#include "test/common/seeded.hpp"
#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace {

using namespace std::chrono_literals;
using namespace cogate::ledger;
using namespace cogate::test;

/// Calls of three days by a few owners; every tenth is still open.
void fill(temp_ledger const& at)
{
    std::unique_ptr<store> s = at.open();
    seeded random(7);
    for (int i = 0; i != 300; ++i) {
        event_kind const kind = i % 10 == 0   ? event_kind::reserve
                                : i % 10 == 1 ? event_kind::voided
                                              : event_kind::settle;
        event e = ledger_event("r" + std::to_string(i), kind, static_cast<nanos>(random.below(1000)),
                               "key-" + std::to_string(random.below(3)));
        change_names(e, [&](attribution& who) {
            who.end_user = random.one_in(2) ? "end-" + std::to_string(random.below(50)) : "";
            who.upstream_model = "model-" + std::to_string(random.below(2));
            who.tags.resize(random.below(3));
        });
        e.started += std::chrono::minutes{static_cast<int>(random.below(3 * 24 * 60))};
        e.at = e.started + 1s;
        BOOST_REQUIRE(s->append(std::move(e)).has_value());
    }
    BOOST_REQUIRE(s->flush(30s));
}

/// The same rows in a ledger of the version before rows shared their names.
void copy_as_version_2(temp_ledger const& from, temp_ledger const& to)
{
    sqlite::connection old(to.path(), sqlite::access::create);
    sqlite::migrate(old, sqlite::migrations().first(2));
    old.run(("ATTACH '" + from.path() + "' AS now").c_str());
    old.run(
        "INSERT INTO main.entries SELECT request_id, attempt, kinds, reserved, spent, key, user, team, "
        "organisation, end_user, model, provider, deployment, tags, prompt_tokens, completion_tokens, "
        "cached_tokens, cache_write_tokens, reasoning_tokens, flags, status, started, ended, first_token, "
        "call_type, upstream_model FROM now.attempts;"
        "INSERT INTO main.counters SELECT * FROM now.counters;"
        "DETACH now");
}

std::string exported(temp_ledger const& at)
{
    std::string out;
    auto const sink = [&](std::string_view text) {
        out += text;
        return true;
    };
    BOOST_REQUIRE(export_rows(at.path(), export_format::jsonl, {}, sink).has_value());
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_migration)

BOOST_AUTO_TEST_CASE(a_ledger_of_version_2_is_the_same_after_its_migration)
{
    temp_ledger now;
    fill(now);
    temp_ledger old;
    copy_as_version_2(now, old);
    BOOST_TEST(verify(old.path()).has_error()); // a reader does not migrate
    std::string const before = exported(now);
    {
        sqlite::connection in(old.path(), sqlite::access::read_write);
        sqlite::migrate(in, sqlite::migrations());
        BOOST_TEST(in.number("SELECT count(*) FROM sqlite_schema WHERE name = 'old_entries'") == 0);
    }
    BOOST_TEST(exported(old) == before);
    verification const found = verify(old.path()).value();
    BOOST_TEST(found.is_right());
    BOOST_TEST(found.rows == 300u);
    BOOST_TEST(found.open_rows == 30u);
}

BOOST_AUTO_TEST_CASE(its_open_reservations_end_and_its_rows_are_known_again)
{
    temp_ledger now;
    fill(now);
    temp_ledger old;
    copy_as_version_2(now, old);
    sqlite_options options = old.options();
    options.recovery = recovery_policy::reserved;
    std::unique_ptr<store> s = old.open(options); // migrates
    BOOST_TEST(s->figures().recovered_settled == 30u);
    BOOST_TEST((appended(*s, ledger_event("r2", event_kind::settle, 5)) == outcome::duplicate));
    BOOST_TEST((appended(*s, ledger_event("new", event_kind::settle, 5)) == outcome::written));
    verification const found = verify(old.path()).value();
    BOOST_TEST(found.is_right());
    BOOST_TEST(found.rows == 301u);
    BOOST_TEST(found.open_rows == 0u);
}

BOOST_AUTO_TEST_CASE(an_empty_ledger_of_any_version_is_brought_to_the_newest)
{
    for (std::size_t version = 0; version <= sqlite::migrations().size(); ++version) {
        temp_ledger at;
        {
            sqlite::connection db(at.path(), sqlite::access::create);
            sqlite::migrate(db, sqlite::migrations().first(version));
        }
        std::unique_ptr<store> s = at.open();
        BOOST_TEST((appended(*s, ledger_event("r", event_kind::settle, 5)) == outcome::written));
        BOOST_TEST(verify(at.path()).value().is_right());
    }
}

BOOST_AUTO_TEST_SUITE_END()
