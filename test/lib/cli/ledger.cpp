#include "lib/cli/ledger.hpp"

#include "lib/cli/command.hpp"
#include "lib/cli/ledger_place.hpp"
#include "lib/cli/ledger_text.hpp"
#include "lib/cli/ledger_time.hpp"
#include "lib/ledger/sqlite/connection.hpp"
#include "test/lib/cli/silence.hpp"
#include "test/lib/ledger/temp_ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace cogate;
using namespace cogate::cli;

namespace {

using namespace std::chrono_literals;

struct answer {
    int code;
    std::string text;
};

answer run(std::vector<std::string> args)
{
    silence const kept;
    int const code = ledger_command(std::move(args));
    return {code, kept.text()};
}

std::string slurp(std::string const& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Two settled calls of 2026-04-15, three hours apart.
void fill(test::temp_ledger const& at)
{
    auto const store = at.open();
    ledger::event first = test::ledger_event("first", ledger::event_kind::settle, 1'500'000'000);
    ledger::event second = test::ledger_event("second", ledger::event_kind::settle, 1);
    second.started += 3h;
    BOOST_TEST((test::appended(*store, first) == ledger::outcome::written));
    BOOST_TEST((test::appended(*store, second) == ledger::outcome::written));
}

bool has(std::string const& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_ledger)

BOOST_AUTO_TEST_CASE(help_and_wrong_arguments)
{
    for (char const* name : {"verify", "export", "retain"}) {
        answer const help = run({name, "--help"});
        BOOST_TEST(help.code == exit_good);
        BOOST_TEST(has(help.text, "Examples:"));
        BOOST_TEST(run({name, "--no-such-flag"}).code == exit_usage);
    }
    BOOST_TEST(has(run({"--help"}).text, "Examples:"));
    BOOST_TEST(run({}).code == exit_usage);
    BOOST_TEST(run({"verfy"}).code == exit_usage);
    BOOST_TEST(run({"retain"}).code == exit_usage);
    BOOST_TEST(run({"retain", "--keep", "1d", "--before", "2026-01-01"}).code == exit_usage);
    BOOST_TEST(run({"export", "--format", "xml"}).code == exit_usage);
    BOOST_TEST(run({"verify", "--data", "a", "--database", "b"}).code == exit_usage);
    answer const nowhere = run({"verify", "--data", "/nonexistent"});
    BOOST_TEST(nowhere.code == exit_usage);
    BOOST_TEST(has(nowhere.text, "there is no ledger at /nonexistent/ledger.sqlite; "
                                 "name its folder with --data"));
    answer const other = run({"verify", "--database", "postgresql://user:secret@host/db"});
    BOOST_TEST(other.code == exit_usage);
    BOOST_TEST(!has(other.text, "secret"));
}

BOOST_AUTO_TEST_CASE(verify_says_right_or_what_is_wrong)
{
    test::temp_ledger at;
    fill(at);
    answer const right = run({"verify", "--data", at.folder().string()});
    BOOST_TEST(right.code == exit_good);
    BOOST_TEST(has(right.text, "2 rows (0 open), $1.500000001 spent"));
    BOOST_TEST(has(right.text, "right: every counter is the sum of its rows\n"));
    answer const json = run({"verify", "--database", "sqlite:///" + at.path(), "--json"});
    BOOST_TEST(json.code == exit_good);
    BOOST_TEST(json.text.starts_with(
        R"({"right":true,"integrity":"ok","rows":2,"open_rows":0,"spent":"1.500000001",)"));

    ledger::sqlite::connection(at.path(), ledger::sqlite::access::read_write)
        .run("UPDATE counters SET spent = spent + 1 WHERE kind = 6 AND spent > "
             "1000");
    answer const wrong = run({"verify", "--database", at.path()});
    BOOST_TEST(wrong.code == exit_failed);
    BOOST_TEST(has(wrong.text, "wrong counter: key key-1, hour 2026-04-15T10Z:\n "
                               " counted $1.500000001, 1 calls"));
    BOOST_TEST(wrong.text.ends_with("WRONG\n"));
    answer const told = run({"verify", "--database", at.path(), "--json"});
    BOOST_TEST(told.code == exit_failed);
    BOOST_TEST(
        has(told.text,
            R"("differences":1,"first_differences":[{"kind":"key","id":"key-1","hour":"2026-04-15T10Z",)"
            R"("counted":{"spent":"1.500000001","calls":1,)"));

    std::ofstream(at.path(), std::ios::trunc) << "this is no database, and long enough to be read as one";
    BOOST_TEST(run({"verify", "--database", at.path()}).code == exit_usage);
}

BOOST_AUTO_TEST_CASE(export_writes_rows_of_a_time)
{
    test::temp_ledger at;
    fill(at);
    std::string const out = (at.folder() / "rows").string();
    answer const all = run({"export", "--database", at.path(), "-o", out});
    BOOST_TEST(all.code == exit_good);
    BOOST_TEST(has(all.text, "2 rows\n"));
    BOOST_TEST(slurp(out).starts_with("request_id,attempt,state,"));
    answer const late =
        run({"export", "--database", at.path(), "-o", out, "-f", "jsonl", "--from", "2026-04-15T12:00Z"});
    BOOST_TEST(late.code == exit_good);
    BOOST_TEST(slurp(out).starts_with(R"({"request_id":"second",)"));
    BOOST_TEST(run({"export", "--database", at.path(), "-o", out, "--key", "nobody"}).code == exit_good);
    BOOST_TEST(run({"export", "--database", at.path(), "--from", "yesterday"}).code == exit_usage);
    BOOST_TEST(run({"export", "--database", at.path(), "--from", "2026-05-01", "--to", "2026-04-01"}).code ==
               exit_usage);
    BOOST_TEST(run({"export", "--database", at.path(), "-o", "/nonexistent/rows"}).code == exit_failed);
    answer const full = run({"export", "--database", at.path(), "-o", "/dev/full"});
    BOOST_TEST(full.code == exit_failed);
    BOOST_TEST(has(full.text, "cannot write /dev/full; the export is not complete"));
}

BOOST_AUTO_TEST_CASE(retain_deletes_what_is_older)
{
    test::temp_ledger at;
    fill(at);
    answer const done = run({"retain", "--database", at.path(), "--before", "2026-04-15T12:30Z"});
    BOOST_TEST(done.code == exit_good);
    BOOST_TEST(has(done.text, "1 row from before 2026-04-15T12:00:00.000000Z deleted"));
    BOOST_TEST(run({"verify", "--database", at.path()}).code == exit_good);
    BOOST_TEST(run({"retain", "--database", at.path(), "--before", "9999-01-01"}).code == exit_usage);
    BOOST_TEST(run({"retain", "--database", at.path(), "--keep", "soon"}).code == exit_usage);
    BOOST_TEST(run({"retain", "--database", at.path(), "--keep", "1d", "--slice", "0"}).code == exit_usage);
    BOOST_TEST(has(run({"retain", "--database", at.path(), "--keep", "1s"}).text, "1 row from before"));
}

BOOST_AUTO_TEST_CASE(times_are_utc)
{
    using namespace std::chrono;
    ledger::moment const day = sys_days{2026y / April / 15};
    BOOST_TEST((parse_moment("2026-04-15") == day));
    BOOST_TEST((parse_moment("2026-04-15T10:20Z") == day + 10h + 20min));
    BOOST_TEST((parse_moment("2026-04-15T10:20:30Z") == day + 10h + 20min + 30s));
    for (char const* text : {"", "2026-4-15", "2026-02-30", "2026-04-15T10:20", "2026-04-15T24:00Z",
                             "2026-04-15T10:60Z", "2026-04-15 10:20Z", "2026-04-15T10:20:30+02:00",
                             "2026-04-15T1:020Z", "2026-04-15T-1:20Z", "2026-04-15TZ", "2026-04-15Z"}) {
        BOOST_TEST(!parse_moment(text).has_value(), text);
    }
    BOOST_TEST((moment_before(day, "36h") == day - 36h));
    BOOST_TEST((moment_before(day, "2w") == day - days{14}));
    BOOST_TEST((moment_before(day, "12mo") == ledger::moment{sys_days{2025y / April / 15}}));
    BOOST_TEST((moment_before(ledger::moment{sys_days{2026y / March / 31}} + 5h, "1mo") ==
                ledger::moment{sys_days{2026y / February / 28}} + 5h));
    BOOST_TEST(!moment_before(day, "0d").has_value());
    BOOST_TEST(!moment_before(day, "-1d").has_value());
}

BOOST_AUTO_TEST_CASE(the_ledger_lies_where_it_was_put)
{
    BOOST_TEST(ledger_file(default_data_folder, "").value() == "./cogate-data/ledger.sqlite");
    BOOST_TEST(ledger_file("/a", "").value() == "/a/ledger.sqlite");
    BOOST_TEST(ledger_file("/a", "sqlite:///b/c.db").value() == "b/c.db");
    BOOST_TEST(ledger_file("/a", "sqlite:////b/c.db").value() == "/b/c.db");
    BOOST_TEST(ledger_file("/a", "c.db").value() == "c.db");
    BOOST_TEST(ledger_file("/a", "postgresql://x").error()->message ==
               "a ledger lies in SQLite (sqlite:///PATH), not in postgresql");
    BOOST_TEST(ledger_file("/a", "sqlite:///").has_error());
}

BOOST_AUTO_TEST_SUITE_END()
