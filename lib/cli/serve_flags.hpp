#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cogate::cli {

/// The flags of `cogate serve`; what is absent is decided by the configuration.
struct serve_flags {
    std::string config{};
    std::optional<std::string> host{};
    std::optional<std::uint16_t> port{};
    std::optional<unsigned> workers{};
    std::optional<std::string> access_log{};
    std::optional<std::string> prices{};
    std::optional<std::string> data{};
    bool no_ledger = false;
};

/// The other alternative is the exit code after a message or the help was printed.
std::variant<serve_flags, int> parse_serve_flags(std::vector<std::string> args);

} // namespace cogate::cli
