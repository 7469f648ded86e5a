#include "lib/cli/bench/bench.hpp"

#include "lib/cli/bench/bench_flags.hpp"
#include "lib/cli/bench/bench_report.hpp"

#include <unistd.h>

#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <utility>

namespace cogate::cli {

namespace {

void print_progress(const transports::load::load_progress& state)
{
    std::fprintf(stderr, "\r%6.1f s  %10.1f per second  %10llu good  %llu failed ", state.seconds, state.rate,
                 static_cast<unsigned long long>(state.completed),
                 static_cast<unsigned long long>(state.failed));
}

} // namespace

int bench_command(std::vector<std::string> args)
{
    const auto parsed = parse_bench_flags(std::move(args));
    if (const int* const code = std::get_if<int>(&parsed)) {
        return *code;
    }
    const bench_flags& flags = std::get<bench_flags>(parsed);
    const bool shows_progress = !flags.quiet && ::isatty(STDERR_FILENO) == 1;
    try {
        const std::function<void(const transports::load::load_progress&)> none;
        const auto report = transports::load::run_load(flags.load, shows_progress ? print_progress : none);
        if (shows_progress) {
            std::fputs("\r\033[K", stderr);
        }
        std::cout << (flags.json ? report_json(report, flags) : report_table(report, flags)) << std::flush;
        if (report.connects == 0) {
            std::cerr << "cogate bench: nothing answers at " << flags.url << "; is the server running?\n";
        }
        return report.good() ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "cogate bench: " << error.what() << '\n';
        return 1;
    }
}

} // namespace cogate::cli
