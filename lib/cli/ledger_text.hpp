#pragma once

#include "lib/ledger/verify.hpp"

#include <string>

namespace cogate::cli {

/// What `cogate ledger verify` prints: for a person, and as one JSON object. Both end with a line end.
std::string to_text(ledger::verification const& found);
std::string to_json(ledger::verification const& found);

} // namespace cogate::cli
