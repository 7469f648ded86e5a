#include "lib/cli/replay.hpp"

#include "lib/cli/command.hpp"
#include "lib/cli/replay/flags.hpp"
#include "lib/cli/replay/known_deployments.hpp"
#include "lib/cli/replay/lanes.hpp"
#include "lib/cli/replay/print.hpp"
#include "lib/cli/replay/read_log.hpp"
#include "lib/policy/simulation/simulator.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <optional>
#include <utility>

#include <unistd.h>

namespace cogate::cli {

namespace {

using namespace replay;

/// A line on a terminal that is written over and gone at the end.
class progress_line {
public:
    explicit progress_line(bool shown) : shown_(shown) {}
    ~progress_line()
    {
        if (written_) {
            std::fputs("\r\033[K", stderr);
        }
    }
    progress_line(progress_line const&) = delete;
    progress_line& operator=(progress_line const&) = delete;

    void write(std::string const& text)
    {
        if (shown_) {
            std::fprintf(stderr, "\r\033[K%s", text.c_str());
            written_ = true;
        }
    }

private:
    bool shown_;
    bool written_ = false;
};

std::optional<recording> read(flags const& asked, known_deployments const& known, progress_line& progress)
{
    std::ifstream file;
    if (asked.log != "-") {
        file.open(asked.log, std::ios::binary);
        if (!file) {
            std::cerr << "cogate replay: cannot open " << asked.log << '\n';
            return std::nullopt;
        }
    }
    result<recording> found = read_log(
        asked.log == "-" ? std::cin : file, asked.log == "-" ? "stdin" : asked.log, known.aliases,
        [&](std::uint64_t bytes, std::size_t calls) {
            progress.write(std::to_string(bytes >> 20) + " MiB read, " + std::to_string(calls) + " calls");
        });
    if (!found) {
        progress.write("");
        std::cerr << found.error()->message << '\n';
        return std::nullopt;
    }
    if (found->calls().empty()) {
        progress.write("");
        std::cerr << "cogate replay: there is no call to replay in " << asked.log << '\n';
        return std::nullopt;
    }
    return std::move(*found);
}

std::optional<comparison> compare(flags const& asked, known_deployments const& known, progress_line& progress)
{
    std::optional<recording> const calls = read(asked, known, progress);
    if (!calls) {
        return std::nullopt;
    }
    comparison out;
    out.left_out = calls->left_out();
    out.what = make_input(*calls, known, asked.seed);
    out.rows.push_back(outcome_of(*calls, out.what));
    std::vector<setting> settings = settings_of(asked, known.router);
    for (setting& each : settings) {
        progress.write("replaying " + std::to_string(calls->calls().size()) + " calls: " + each.name);
        policy::simulation::input what = out.what;
        what.options = std::move(each.router);
        result<policy::simulation::report> const done = policy::simulation::run(what);
        if (!done) {
            progress.write("");
            std::cerr << "cogate replay: " << done.error()->message << '\n';
            return std::nullopt;
        }
        out.rows.push_back(outcome_of(each.name, *done, what));
    }
    return out;
}

bool write_picture(std::string const& path, comparison const& what)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << to_picture(what) << std::flush;
    if (!file) {
        std::cerr << "cogate replay: cannot write " << path << '\n';
    }
    return static_cast<bool>(file);
}

} // namespace

int replay_command(std::vector<std::string> args)
{
    auto const parsed = parse_flags(std::move(args));
    if (int const* const code = std::get_if<int>(&parsed)) {
        return *code;
    }
    flags const& asked = std::get<flags>(parsed);
    std::optional<known_deployments> const known = load_known_deployments(asked.config);
    if (!known) {
        return exit_usage;
    }
    std::optional<comparison> done;
    {
        progress_line progress(!asked.quiet && ::isatty(STDERR_FILENO) == 1);
        done = compare(asked, *known, progress);
    }
    if (!done) {
        return exit_failed;
    }
    std::cout << (asked.json ? to_json(*done) : to_table(*done)) << std::flush;
    return asked.svg.empty() || write_picture(asked.svg, *done) ? exit_good : exit_failed;
}

} // namespace cogate::cli
