#pragma once

#include <string>
#include <vector>

namespace cogate::cli {

using table_row = std::vector<std::string>;

/// Prints columns two spaces apart to standard output; the last one is not padded. The first row is the widest in
/// columns.
void print_table(std::vector<table_row> const& rows);

} // namespace cogate::cli
