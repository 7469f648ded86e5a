#pragma once

#include "lib/cli/replay/recording.hpp"

#include <cogate/result.hpp>

#include <cstdint>
#include <functional>
#include <istream>
#include <map>
#include <string>

namespace cogate::cli::replay {

/// Hears how far the reading is, about every quarter of a megabyte.
using read_progress = std::function<void(std::uint64_t bytes, std::size_t calls)>;

/// Reads a whole access log. The failure begins with "name:line: ". A last line without its end is left out when it is
/// not whole: the log is still being written. Bounded: lines of at most 256 KiB, and `recording`'s limits.
/// `aliases` as there.
result<recording> read_log(std::istream& from, std::string const& name,
                           std::map<std::string, std::string> aliases, read_progress const& progress);

} // namespace cogate::cli::replay
