#include <utility>

#include "lib/catalog/embedded.hpp"
#include "lib/catalog/model_catalog.hpp"
#include "lib/catalog/row.hpp"

namespace cogate::catalog {
namespace {

constexpr std::string_view rows[] = {
#include "lib/catalog/models.def"
};

catalog_ptr parse_table()
{
    catalog_builder table;
    for (std::string_view const row : rows) {
        std::optional<model_facts> facts = parse_row(row);
        if (facts) {
            table.set_with_bare_name(*std::move(facts));
        }
    }
    return table.build();
}

} // namespace

std::span<std::string_view const> embedded_rows() noexcept
{
    return rows;
}

catalog_ptr const& model_catalog::embedded()
{
    static catalog_ptr const table = parse_table();
    return table;
}

} // namespace cogate::catalog
