/// cogate_ledger_bench [--rows N] [--folder DIR] [--only PART]: the ledger's figures on this machine and disk.
///
/// What it measures: rows per second through the store with group commits, in both durabilities; how soon a
/// ledger that holds 100,000 open reservations is ready after a crash; what reports cost over N rows (default
/// a million); and the longest append() while another process holds the database's lock. Times are of the
/// wall; CPU is of the whole process. PART is writing, recovery, lock or reports.
#include "bench/ledger/figures.hpp"

#include "lib/core/text.hpp"

#include <stdlib.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace {

/// A folder for the run, gone with it.
class scratch {
public:
    explicit scratch(std::filesystem::path const& below)
    {
        std::string name = (below / "cogate-ledger-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error("cannot make a folder below " + below.string());
        }
        path_ = name;
    }
    ~scratch()
    {
        std::error_code ec;
        std::filesystem::remove_all(path_, ec);
    }
    scratch(scratch const&) = delete;
    scratch& operator=(scratch const&) = delete;

    std::string file(std::string_view name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

int usage(bool asked)
{
    std::fprintf(asked ? stdout : stderr,
                 "usage: cogate_ledger_bench [--rows N] [--folder DIR] [--only PART]\n");
    return asked ? 0 : 2;
}

} // namespace

int main(int argc, char** argv)
{
    std::uint64_t rows = 1'000'000;
    std::filesystem::path folder = std::filesystem::temp_directory_path();
    std::string_view only;
    for (int i = 1; i < argc; ++i) {
        std::string_view const word = argv[i];
        if (word == "--help") {
            return usage(true);
        }
        if (i + 1 == argc) {
            return usage(false);
        }
        std::string_view const value = argv[++i];
        std::optional<std::uint64_t> const number = cogate::core::parse_int<std::uint64_t>(value);
        if (word == "--rows" && number && *number >= 1000) {
            rows = *number;
        } else if (word == "--folder") {
            folder = value;
        } else if (word == "--only") {
            only = value;
        } else {
            return usage(false);
        }
    }
    try {
        scratch const at(folder);
        using cogate::ledger::durability;
        std::printf("%-64s %14s %12s\n", "ledger", "figure", "unit");
        auto const part = [&](std::string_view name) { return only.empty() || only == name; };
        if (part("writing")) {
            cogate::ledger_bench::measure_writing(at.file("process.sqlite"), durability::process, rows / 5);
            cogate::ledger_bench::measure_writing(at.file("power.sqlite"), durability::power, rows / 5);
        }
        if (part("recovery")) {
            cogate::ledger_bench::measure_recovery(at.file("open.sqlite"), 100'000);
        }
        if (part("lock")) {
            cogate::ledger_bench::measure_lock(at.file("locked.sqlite"));
        }
        if (part("reports")) {
            cogate::ledger_bench::measure_reports(at.file("reports.sqlite"), rows);
        }
    } catch (std::exception const& fault) {
        std::fprintf(stderr, "cogate_ledger_bench: %s\n", fault.what());
        return 1;
    }
    return 0;
}
