#include "lib/catalog/overrides.hpp"

#include <optional>
#include <string>

#include "lib/catalog/litellm_fields.hpp"
#include "lib/catalog/litellm_map.hpp"
#include "lib/catalog/rates.hpp"
#include "lib/catalog/row.hpp"

namespace cogate::catalog {
namespace {

bool is_region_factor(std::string_view name) noexcept
{
    return name.size() > region_factor.size() && name.starts_with(region_factor);
}

failure bad_override(std::string_view name, std::string message)
{
    return failure(error_kind::invalid_request, std::string(name) + " " + std::move(message))
        .with_code("bad_price")
        .with_param(std::string(name));
}

} // namespace

bool is_price_override(std::string_view name) noexcept
{
    return litellm_price_field(name).has_value() || is_region_factor(name);
}

result<model_facts> apply_overrides(model_facts base,
                                    std::span<std::pair<std::string_view, std::string_view> const> overrides)
{
    if (base.price_lists.empty() && !overrides.empty()) {
        base.price_lists.emplace_back();
    }
    price_list wanted;
    for (auto const& [name, text] : overrides) {
        if (is_region_factor(name)) {
            std::optional<std::int64_t> const factor = parse_factor(text);
            if (!factor) {
                return bad_override(name, "must be a factor above 0, at most 100");
            }
            set_uplift(base.uplifts, name.substr(region_factor.size()), *factor);
            continue;
        }
        std::optional<price_field> const field = litellm_price_field(name);
        if (!field) {
            return bad_override(name, "is no price that cogate knows");
        }
        std::optional<unit_price> const price = unit_price::parse(text, field->power);
        if (!price) {
            return bad_override(name, "must be a price in dollars, not negative");
        }
        set_rate(wanted, {field->what, field->tier, field->above, *price});
    }
    move_misfiled_prices(base.mode, wanted);
    for (price_list& list : base.price_lists) {
        for (rate const& each : wanted.rates) {
            set_rate(list, each);
        }
    }
    return base;
}

} // namespace cogate::catalog
