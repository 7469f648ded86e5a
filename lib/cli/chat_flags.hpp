#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cogate::cli {

/// The flags of `cogate chat`.
struct chat_flags {
    std::string text{}; ///< the arguments joined by spaces
    std::string model{};
    std::string system{};
    std::string config{};
    std::string base_url{};
    std::string api_key_env{}; ///< name of a variable
    std::optional<std::int64_t> max_tokens{};
    std::string temperature{}; ///< a JSON number as written; empty: absent
    std::optional<bool> stream{};
    bool json = false;
};

/// The other alternative is the exit code after a message or the help was printed.
std::variant<chat_flags, int> parse_chat_flags(std::vector<std::string> args);

} // namespace cogate::cli
