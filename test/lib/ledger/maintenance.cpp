#include "lib/ledger/export.hpp"
#include "lib/ledger/retain.hpp"
#include "lib/ledger/sqlite/connection.hpp"
#include "lib/ledger/verify.hpp"

#include "lib/core/json.hpp"
#include "lib/core/text.hpp"

#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace cogate::ledger;
using namespace cogate::test;

scope const key{scope_kind::key, "key-1"};

// 40 calls, one every ten minutes from 10:20:30; the last but one is void, the last open.
void fill(temp_ledger const& at)
{
    std::unique_ptr<store> s = at.open();
    for (int i = 0; i != 40; ++i) {
        std::string const id = "r" + std::to_string(100 + i);
        event e = ledger_event(id,
                               i == 39   ? event_kind::reserve
                               : i == 38 ? event_kind::voided
                                         : event_kind::settle,
                               1000 + i);
        e.started += i * 10min;
        BOOST_REQUIRE(s->append(e).has_value());
    }
    BOOST_REQUIRE(s->flush(30s));
}

std::string exported(temp_ledger const& at, export_format format, export_range const& range = {})
{
    std::string out;
    auto const sink = [&](std::string_view text) {
        out += text;
        return true;
    };
    BOOST_REQUIRE(export_rows(at.path(), format, range, sink).has_value());
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_maintenance)

BOOST_AUTO_TEST_CASE(verify_finds_every_kind_of_wrong_counter)
{
    temp_ledger at;
    fill(at);
    verification const right = verify(at.path()).value();
    BOOST_TEST(right.is_right());
    BOOST_TEST(right.rows == 40u);
    BOOST_TEST(right.open_rows == 1u);
    BOOST_TEST(right.spent == 38 * 1000 + 37 * 38 / 2);
    auto const wrong_after = [&](char const* harm) {
        temp_ledger copy;
        std::filesystem::copy_file(at.path(), copy.path());
        sqlite::connection(copy.path(), sqlite::access::read_write).run(harm);
        verification const v = verify(copy.path()).value();
        BOOST_TEST(v.is_right() == (v.differences == 0));
        return v;
    };
    verification const more = wrong_after("UPDATE counters SET spent = spent + 1 WHERE kind = 6 AND hour = "
                                          "(SELECT max(hour) FROM counters WHERE calls != 0)");
    BOOST_REQUIRE(more.first_differences.size() == 1u);
    BOOST_TEST((more.first_differences[0].where == key));
    BOOST_TEST(more.first_differences[0].counted.spent == more.first_differences[0].summed.spent + 1);
    BOOST_TEST(wrong_after("DELETE FROM counters WHERE kind = 6").differences == 7u);
    BOOST_TEST(wrong_after("INSERT INTO counters VALUES(6,'ghost',495000,1,1,0,0,0)").differences == 1u);
    BOOST_TEST(wrong_after("DELETE FROM entries WHERE request_id = 'r100'").differences > 0u);
    BOOST_TEST(wrong_after("UPDATE entries SET spent = spent + 1 WHERE request_id = 'r100'").differences >
               0u);
    BOOST_TEST(verify((at.folder() / "none").string()).has_error());
}

BOOST_AUTO_TEST_CASE(retention_takes_old_rows_in_slices_and_keeps_the_totals)
{
    temp_ledger at;
    fill(at);
    std::unique_ptr<store> s = at.open(); // settles the open row at its 1039
    nanos const before = spent_by(*s, key);
    int pauses = 0;
    retention what{ledger_noon + 3h, 5, [&](std::uint64_t) {
                       ++pauses;
                       return true;
                   }};
    // 13:20:30 is cut to 13:00: sixteen calls started before.
    BOOST_TEST(retain(at.path(), what).value() == 16u);
    BOOST_TEST(pauses == 3);
    BOOST_TEST(retain(at.path(), what).value() == 0u);
    BOOST_TEST(spent_by(*s, key) == before);
    BOOST_TEST(verify(at.path()).value().is_right());
    BOOST_TEST(verify(at.path()).value().rows == 24u);
    // A replay of what is gone has no effect, not even after the next start; newer events have.
    BOOST_TEST((appended(*s, ledger_event("r100", event_kind::settle, 1000)) == outcome::expired));
    BOOST_TEST(spent_by(*s, key) == before);
    event fresh = ledger_event("fresh", event_kind::settle, 5);
    fresh.started += 4h;
    BOOST_TEST((appended(*s, fresh) == outcome::written));
    BOOST_TEST(verify(at.path()).value().is_right());
}

BOOST_AUTO_TEST_CASE(retention_leaves_open_reservations_and_lets_them_end)
{
    temp_ledger at;
    std::unique_ptr<store> s = at.open();
    appended(*s, ledger_event("open", event_kind::reserve, 50));
    BOOST_TEST(retain(at.path(), {ledger_noon + 24h}).value() == 0u);
    BOOST_TEST((appended(*s, ledger_event("open", event_kind::settle, 40)) == outcome::written));
    BOOST_TEST(spent_by(*s, key) == 40);
    BOOST_TEST(retain(at.path(), {ledger_noon + 24h}).value() == 1u);
}

BOOST_AUTO_TEST_CASE(names_go_with_the_last_row_of_their_day)
{
    temp_ledger at;
    auto const names_of = [&](char const* key) {
        sqlite::connection in(at.path(), sqlite::access::read_only);
        return in.number(
            ("SELECT count(*) FROM attributions WHERE key = '" + std::string(key) + "'").c_str());
    };
    std::unique_ptr<store> s = at.open();
    appended(*s, ledger_event("gone", event_kind::settle, 1, "gone"));
    appended(*s, ledger_event("open", event_kind::reserve, 50, "open"));
    for (int day = 0; day != 2; ++day) {
        event e = ledger_event("kept" + std::to_string(day), event_kind::settle, 1, "kept");
        e.started += std::chrono::days{day};
        appended(*s, e);
    }
    BOOST_TEST(names_of("kept") == 2);
    BOOST_TEST(retain(at.path(), {ledger_noon + 24h}).value() == 2u);
    BOOST_TEST(names_of("gone") == 0);
    BOOST_TEST(names_of("open") == 1);
    BOOST_TEST(names_of("kept") == 1);
    // The writer does not rely on what it knew before.
    BOOST_TEST((appended(*s, ledger_event("gone", event_kind::settle, 1, "gone")) == outcome::expired));
    BOOST_TEST(names_of("gone") == 0);
    BOOST_TEST((appended(*s, ledger_event("open", event_kind::settle, 40, "open")) == outcome::written));
    event fresh = ledger_event("fresh", event_kind::settle, 5, "gone");
    fresh.started += 24h;
    BOOST_TEST((appended(*s, fresh) == outcome::written));
    BOOST_TEST(names_of("gone") == 1);
    BOOST_TEST(retain(at.path(), {ledger_noon + 24h}).value() == 1u);
    BOOST_TEST(names_of("open") == 0);
    BOOST_TEST(verify(at.path()).value().is_right());
}

BOOST_AUTO_TEST_CASE(a_row_that_has_lost_its_names_is_found)
{
    temp_ledger at;
    fill(at);
    sqlite::connection(at.path(), sqlite::access::read_write).run("DELETE FROM attributions");
    cogate::result<verification> const found = verify(at.path());
    BOOST_REQUIRE(found.has_error());
    BOOST_TEST(found.error()->message.find("attribution") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(retention_stops_when_told_to)
{
    temp_ledger at;
    fill(at);
    retention const what{ledger_noon + 100h, 10, [](std::uint64_t deleted) { return deleted < 20; }};
    BOOST_TEST(retain(at.path(), what).value() == 20u);
}

BOOST_AUTO_TEST_CASE(lines_of_json_are_exported_in_order_and_exactly)
{
    temp_ledger at;
    fill(at);
    std::string const text = exported(at, export_format::jsonl);
    std::vector<std::string_view> const lines = cogate::core::split(text, '\n');
    BOOST_REQUIRE(lines.size() == 41u);
    BOOST_TEST(
        lines[0] ==
        R"({"request_id":"r100","attempt":0,"state":"settled","call_type":"completion","status":200,)"
        R"("key":"key-1","user":"user-1","team":"team-1","organisation":"","end_user":"","model":"gpt",)"
        R"("upstream_model":"","provider":"openai","deployment":"","tags":["a","b"],"reserved":"0",)"
        R"("spent":"0.000001","prompt_tokens":100,"completion_tokens":20,"cached_tokens":10,)"
        R"("cache_write_tokens":5,"reasoning_tokens":3,"flags":"","started":"2026-04-15T10:20:30.000000Z",)"
        R"("ended":"2026-04-15T10:20:31.500000Z","first_token":""})");
    for (std::string_view const line : std::span(lines).first(40)) {
        cogate::json::document read;
        cogate::json::parse_error wrong;
        BOOST_TEST(read.parse(line, wrong));
    }
    BOOST_TEST(lines[38].find("\"void\"") != std::string_view::npos);
    BOOST_TEST(lines[39].find("\"open\"") != std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(csv_quotes_what_must_be_quoted_and_defuses_formulas)
{
    temp_ledger at;
    {
        std::unique_ptr<store> s = at.open();
        event e = ledger_event("r,1", event_kind::settle, 12, "=HYPERLINK(\"x\")");
        e.flags = flag::estimated | flag::cancelled;
        appended(*s, e);
    }
    std::string const text = exported(at, export_format::csv);
    std::vector<std::string_view> const lines = cogate::core::split(text, '\n');
    BOOST_REQUIRE(lines.size() == 3u);
    BOOST_TEST(lines[0].starts_with("request_id,attempt,state,"));
    BOOST_TEST(lines[1].starts_with("\"r,1\",0,settled,completion,200,\"'=HYPERLINK(\"\"x\"\")\",user-1,"));
    BOOST_TEST(lines[1].find(",\"[\"\"a\"\",\"\"b\"\"]\",0,0.000000012,100,") != std::string_view::npos);
    BOOST_TEST(lines[1].find(",estimated cancelled,") != std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(an_export_has_a_range_and_ends_when_its_sink_is_full)
{
    temp_ledger at;
    fill(at);
    auto const count = [&](export_range const& range) {
        std::string const text = exported(at, export_format::jsonl, range);
        return std::count(text.begin(), text.end(), '\n');
    };
    BOOST_TEST(count({ledger_noon + 10min, ledger_noon + 30min, {}}) == 2);
    BOOST_TEST(count({moment::min(), moment::max(), "key-1"}) == 40);
    BOOST_TEST(count({moment::min(), moment::max(), "other"}) == 0);
    BOOST_TEST(
        export_rows(at.path(), export_format::csv, {}, [](std::string_view) { return false; }).value() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
