#pragma once
/// How answers about keys are shown: pure, and safe for a terminal.

#include "lib/cli/models_table.hpp"
#include "lib/core/json/document.hpp"

#include <string>
#include <vector>

namespace cogate::cli {

/// One line per member that says something, names in a column: no nulls, no empty texts, lists and objects.
std::string member_lines(json::value object);

/// A row of the table of keys; `table_row{...}` of its head is key_columns().
table_row key_row(json::value key);
table_row key_columns();

} // namespace cogate::cli
