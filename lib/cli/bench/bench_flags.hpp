#pragma once

#include "transports/load_generator/load_generator.hpp"

#include <string>
#include <variant>
#include <vector>

namespace cogate::cli {

struct bench_flags {
    transports::load::load_options load;
    std::string url;
    bool json = false;
    bool quiet = false;
};

/// Reads the flags of `cogate bench` and renders the request. The other alternative is the exit code after a message
/// or the help was printed.
std::variant<bench_flags, int> parse_bench_flags(std::vector<std::string> args);

} // namespace cogate::cli
