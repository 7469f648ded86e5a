#pragma once

#include <string>
#include <vector>

namespace cogate::cli {

/// `cogate ledger`: verify, export and retain over the ledger of a gateway, which may be running meanwhile.
int ledger_command(std::vector<std::string> args);

} // namespace cogate::cli
