#include "lib/cli/models_table.hpp"

#include <algorithm>
#include <cstddef>
#include <iostream>

namespace cogate::cli {

void print_table(std::vector<table_row> const& rows)
{
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (table_row const& each : rows) {
        for (std::size_t i = 0; i != each.size(); ++i) {
            widths[i] = std::max(widths[i], each[i].size());
        }
    }
    for (table_row const& each : rows) {
        for (std::size_t i = 0; i != each.size(); ++i) {
            std::cout << each[i];
            if (i + 1 != each.size()) {
                std::cout << std::string(widths[i] - each[i].size() + 2, ' ');
            }
        }
        std::cout << '\n';
    }
}

} // namespace cogate::cli
