#pragma once

#include <cogate/router_options.hpp>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace cogate::cli::replay {

struct flags {
    std::string log;
    std::string config;
    std::vector<std::string> strategies;
    std::vector<double> hedges;
    std::vector<int> races;
    std::vector<int> retries;
    std::vector<double> retry_ratios;
    bool together = false;
    std::uint64_t seed = 1;
    bool json = false;
    std::string svg;
    bool quiet = false;
};

/// The flags, or the exit code when there is nothing left to do.
std::variant<flags, int> parse_flags(std::vector<std::string> args);

/// One way to route, by name.
struct setting {
    std::string name;
    router_options router;
};

/// What is to be compared: the recorded settings, then each setting asked for, changed alone; or all of them at once.
std::vector<setting> settings_of(flags const& from, router_options const& recorded);

} // namespace cogate::cli::replay
