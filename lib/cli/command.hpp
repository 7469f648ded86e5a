#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::cli {

/// Exit codes of every command.
inline constexpr int exit_good = 0;
inline constexpr int exit_failed = 1; ///< it ran and failed
inline constexpr int exit_usage = 2;  ///< bad arguments or configuration

/// A command of the program. It reads its own flags and prints its own help.
struct command {
    std::string_view name;
    std::string_view summary;
    int (*run)(std::vector<std::string> args); ///< arguments behind the name; gives the exit code
};

/// All commands, in the order of the help.
std::span<command const> commands() noexcept;

int serve_command(std::vector<std::string> args);
int chat_command(std::vector<std::string> args);
int models_command(std::vector<std::string> args);
int validate_command(std::vector<std::string> args);

/// Finds and runs a command; `args` are the program's without its own name. Answers --help and --version
/// itself.
int dispatch(std::vector<std::string> args);

} // namespace cogate::cli
