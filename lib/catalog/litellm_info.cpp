#include "lib/catalog/litellm_info.hpp"

#include "lib/catalog/decimal.hpp"
#include "lib/catalog/litellm_fields.hpp"
#include "lib/catalog/rates.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::catalog {
namespace {

void write_limit(json::writer& out, std::string_view name, std::int64_t limit)
{
    if (limit > 0) {
        out.member(name, limit);
    }
}

void write_searches(json::writer& out, price_list const& prices)
{
    bool open = false;
    for (auto const& [name, what] : litellm_search_meters()) {
        if (rate const* const found = find_rate(prices, what)) {
            if (!std::exchange(open, true)) {
                out.key("search_context_cost_per_query").begin_object();
            }
            out.raw_member(name, to_string(found->price));
        }
    }
    if (open) {
        out.end_object();
    }
}

void write_prices(json::writer& out, price_list const& prices)
{
    for (rate const& each : prices.rates) {
        if (std::optional<litellm_price_name> const named = litellm_name_of(each)) {
            out.raw_member(named->name, to_string(each.price, named->power));
        }
    }
    write_searches(out, prices);
}

void write_uplifts(json::writer& out, std::vector<uplift> const& uplifts)
{
    for (uplift const& each : uplifts) {
        std::string const factor = decimal_text(each.millionths, 6);
        if (each.name == "fast") {
            out.key("provider_specific_entry").begin_object().raw_member(each.name, factor).end_object();
        } else {
            out.raw_member(std::string(region_factor) + each.name, factor);
        }
    }
}

} // namespace

void write_litellm_info(json::writer& out, model_facts const& facts, std::chrono::sys_seconds when)
{
    write_limit(out, "max_tokens", facts.max_output_tokens);
    write_limit(out, "max_input_tokens", facts.max_input_tokens);
    write_limit(out, "max_output_tokens", facts.max_output_tokens);
    write_limit(out, "output_vector_size", facts.output_vector_size);
    if (price_list const* const prices = facts.prices_at(when)) {
        write_prices(out, *prices);
        write_uplifts(out, facts.uplifts);
        if (facts.one_search_per_prompt) {
            out.member("web_search_billing_unit", "per_prompt");
        }
    }
    out.member("litellm_provider", facts.provider);
    if (!facts.mode.empty()) {
        out.member("mode", facts.mode);
    }
    for (auto const& [name, what] : litellm_capabilities()) {
        out.member(name, facts.can(what));
    }
    if (!facts.deprecation.empty()) {
        out.member("deprecation_date", facts.deprecation);
    }
}

} // namespace cogate::catalog
