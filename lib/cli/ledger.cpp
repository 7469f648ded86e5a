#include "lib/cli/ledger.hpp"

#include "lib/cli/arguments.hpp"
#include "lib/cli/command.hpp"
#include "lib/cli/ledger_place.hpp"
#include "lib/cli/ledger_text.hpp"
#include "lib/cli/ledger_time.hpp"
#include "lib/ledger/export.hpp"
#include "lib/ledger/retain.hpp"
#include "lib/ledger/verify.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace cogate::cli {

namespace {

/// A ledger that could not be read at all is not one that was read and found wrong.
constexpr int exit_unreadable = exit_usage;

// A gateway that waits for the file gets its turn between two slices.
constexpr std::chrono::milliseconds pause_of_retention{5};

struct flags {
    std::string data = default_data_folder;
    std::string database{};
    bool json = false;
    std::string format = "csv";
    std::string output = "-";
    std::string from{};
    std::string to{};
    std::string key{};
    std::string before{};
    std::string keep{};
    std::size_t slice = 1000;
};

void complain(std::string_view what)
{
    std::cerr << "cogate ledger: " << what << '\n';
}

int usage(std::string_view what)
{
    complain(what);
    return exit_usage;
}

/// The file, if there is one; nothing after a message.
std::optional<std::string> find_ledger(flags const& asked)
{
    result<std::string> file = ledger_file(asked.data, asked.database);
    if (!file) {
        complain(file.error()->message);
        return std::nullopt;
    }
    std::error_code ec;
    if (!std::filesystem::is_regular_file(*file, ec)) {
        complain("there is no ledger at " + *file +
                 "; name its folder with --data or its file with --database");
        return std::nullopt;
    }
    return std::move(*file);
}

int verify(std::string const& file, flags const& asked)
{
    result<ledger::verification> const found = ledger::verify(file);
    if (!found) {
        complain(found.error()->message);
        return exit_unreadable;
    }
    std::cout << (asked.json ? to_json(*found) : to_text(*found)) << std::flush;
    return found->is_right() ? exit_good : exit_failed;
}

bool read_time(std::string const& text, std::string_view flag, ledger::moment& into)
{
    if (text.empty()) {
        return true;
    }
    std::optional<ledger::moment> const when = parse_moment(text);
    if (!when) {
        complain(std::string(flag) + ": '" + text +
                 "' is no time; write 2026-04-15 or 2026-04-15T10:20:30Z, in UTC");
        return false;
    }
    into = *when;
    return true;
}

struct close_file {
    void operator()(std::FILE* file) const noexcept
    {
        if (file != stdout) {
            std::fclose(file);
        }
    }
};

int write_rows(std::string const& file, ledger::export_range const& range, flags const& asked)
{
    std::unique_ptr<std::FILE, close_file> const out(
        asked.output == "-" ? stdout : std::fopen(asked.output.c_str(), "wbe"));
    if (!out) {
        complain("cannot write " + asked.output);
        return exit_failed;
    }
    auto const format = asked.format == "jsonl" ? ledger::export_format::jsonl : ledger::export_format::csv;
    auto const sink = [&out](std::string_view text) {
        return std::fwrite(text.data(), 1, text.size(), out.get()) == text.size();
    };
    result<std::uint64_t> const rows = ledger::export_rows(file, format, range, sink);
    if (!rows) {
        complain(rows.error()->message);
        return exit_failed;
    }
    if (std::fflush(out.get()) != 0 || std::ferror(out.get()) != 0) {
        complain("cannot write " + (asked.output == "-" ? std::string("to standard output") : asked.output) +
                 "; the export is not complete");
        return exit_failed;
    }
    std::cerr << *rows << (*rows == 1 ? " row\n" : " rows\n");
    return exit_good;
}

int export_ledger(std::string const& file, flags const& asked)
{
    ledger::export_range range;
    range.key = asked.key;
    if (!read_time(asked.from, "--from", range.from) || !read_time(asked.to, "--to", range.to)) {
        return exit_usage;
    }
    if (range.from >= range.to) {
        return usage("--from must be earlier than --to");
    }
    return write_rows(file, range, asked);
}

int retain(std::string const& file, flags const& asked)
{
    ledger::moment const now =
        std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    ledger::retention what{.before = now, .slice = asked.slice};
    if (!read_time(asked.before, "--before", what.before)) {
        return exit_usage;
    }
    if (!asked.keep.empty()) {
        std::optional<ledger::moment> const start = moment_before(now, asked.keep);
        if (!start) {
            return usage("--keep: '" + asked.keep + "' is no length of time; write 90d, 12w, 6mo or 36h");
        }
        what.before = *start;
    }
    if (what.before > now) {
        return usage("--before lies in the future");
    }
    what.between = [](std::uint64_t) {
        std::this_thread::sleep_for(pause_of_retention);
        return true;
    };
    result<std::uint64_t> const deleted = ledger::retain(file, what);
    if (!deleted) {
        complain(deleted.error()->message);
        return exit_failed;
    }
    ledger::moment const hour = ledger::start_of_hour(ledger::hour_of(what.before));
    std::cout << *deleted << (*deleted == 1 ? " row" : " rows") << " from before " << ledger::rfc3339(hour)
              << " deleted; counters and open reservations stay\n";
    return exit_good;
}

void add_place(CLI::App& to, flags& into)
{
    auto* const data =
        to.add_option("-d,--data", into.data, "Folder of the gateway's data")->capture_default_str();
    to.add_option("--database", into.database, "The ledger's file, or sqlite:///PATH as in database_url")
        ->excludes(data);
}

CLI::App* add_verify(CLI::App& app, flags& into)
{
    CLI::App* const out = app.add_subcommand(
        "verify", "Recomputes every counter from the rows and compares. Exit code 0: right; 1: wrong;\n"
                  "2: the ledger could not be read.");
    add_place(*out, into);
    out->add_flag("--json", into.json, "One JSON object instead of text");
    out->footer("Examples:\n  cogate ledger verify\n  cogate ledger verify --data /var/lib/cogate --json");
    return out;
}

CLI::App* add_export(CLI::App& app, flags& into)
{
    CLI::App* const out = app.add_subcommand(
        "export", "Writes the rows, one call's attempt each, oldest first, as CSV or JSONL.");
    add_place(*out, into);
    out->add_option("-f,--format", into.format, "How rows are written")
        ->capture_default_str()
        ->check(CLI::IsMember({"csv", "jsonl"}));
    out->add_option("-o,--output", into.output, "File; - is standard output")->capture_default_str();
    out->add_option("--from", into.from,
                    "Calls that started then or later (2026-04-15, 2026-04-15T10:20:30Z)");
    out->add_option("--to", into.to, "Calls that started before");
    out->add_option("--key", into.key, "Calls of one virtual key: its digest, as the rows have it");
    out->footer("Examples:\n  cogate ledger export > calls.csv\n"
                "  cogate ledger export --format jsonl --from 2026-04-01 --to 2026-05-01 -o april.jsonl");
    return out;
}

CLI::App* add_retain(CLI::App& app, flags& into)
{
    CLI::App* const out = app.add_subcommand(
        "retain",
        "Deletes old rows in small slices; a running gateway goes on meanwhile. Totals stay right.");
    add_place(*out, into);
    CLI::Option_group* limit = out->add_option_group("Which rows go");
    limit->add_option("--before", into.before,
                      "Those that started before (2026-04-15), cut to the whole hour");
    limit->add_option("--keep", into.keep, "Those older than this (90d, 12w, 6mo)");
    limit->require_option(1);
    out->add_option("--slice", into.slice, "Rows of one transaction")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000'000));
    out->footer("Examples:\n  cogate ledger retain --keep 90d\n  cogate ledger retain --before 2026-01-01");
    return out;
}

} // namespace

int ledger_command(std::vector<std::string> args)
{
    CLI::App app("Looks after the record of what calls cost, also while a gateway writes it.",
                 "cogate ledger");
    app.footer("`cogate ledger COMMAND --help` says more.\n\n"
               "Examples:\n  cogate ledger verify\n  cogate ledger export --from 2026-04-01 > calls.csv\n"
               "  cogate ledger retain --keep 90d");
    app.require_subcommand(1);
    flags asked;
    std::pair<CLI::App*, int (*)(std::string const&, flags const&)> const commands[] = {
        {add_verify(app, asked), &verify},
        {add_export(app, asked), &export_ledger},
        {add_retain(app, asked), &retain},
    };
    if (auto const done = read_arguments(app, std::move(args))) {
        return *done;
    }
    std::optional<std::string> const file = find_ledger(asked);
    if (!file) {
        return exit_unreadable;
    }
    for (auto const& [command, run] : commands) {
        if (command->parsed()) {
            return run(*file, asked);
        }
    }
    return exit_usage;
}

} // namespace cogate::cli
