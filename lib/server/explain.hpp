#pragma once

#include <cogate/observer.hpp>

#include <span>
#include <string>

namespace cogate::server {

/// The value of `x-cogate-route`: a JSON array with one object per attempt, in the order of their beginning:
/// {"deployment","group","reason","score","start_ms","first_byte_ms","first_token_ms","end_ms","status","cost_usd","outcome"}.
/// Times are milliseconds since the call began; what did not happen is left out. `outcome` is "ok", "cancelled",
/// "running" or the error's type. Printable ASCII, at most 4 KiB: later attempts are left out beyond that.
std::string explain(std::span<attempt_trace const> route);

} // namespace cogate::server
