#pragma once

#include <string>
#include <vector>

namespace cogate::cli {

/// `cogate bench`: puts load on a chat endpoint (OpenAI's or Anthropic's) and reports rates and latencies. `args` are those behind
/// the command's name, in order. Returns the exit code: 0 (all answers good), 1 (some were not, or no server) or
/// 2 (bad arguments).
int bench_command(std::vector<std::string> args);

} // namespace cogate::cli
