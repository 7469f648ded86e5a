#pragma once

#include "lib/cli/bench/bench_flags.hpp"
#include "transports/load_generator/load_generator.hpp"

#include <string>

namespace cogate::cli {

/// The report as one JSON object with a line end; times in microseconds.
std::string report_json(const transports::load::load_report& report, const bench_flags& flags);

/// The report as a table for people.
std::string report_table(const transports::load::load_report& report, const bench_flags& flags);

} // namespace cogate::cli
