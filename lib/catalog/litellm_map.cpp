#include "lib/catalog/litellm_map.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/catalog/entry_reader.hpp"
#include "lib/catalog/litellm_fields.hpp"
#include "lib/catalog/names.hpp"
#include "lib/catalog/rates.hpp"
#include "lib/catalog/row.hpp"

namespace cogate::catalog {
namespace {

struct entry {
    model_facts facts;
    rate_collector rates;
    std::vector<uplift> uplifts;
};

void take_factor(entry& to, std::string_view name, json::value from, std::string_view field)
{
    std::optional<std::string_view> const text = number_text(from);
    std::optional<std::int64_t> const factor = text ? parse_factor(*text) : std::nullopt;
    if (factor) {
        set_uplift(to.uplifts, name, *factor);
    } else {
        to.rates.spoil(load_notice::reason::bad_price, field);
    }
}

void take_provider_entry(entry& to, json::value from)
{
    for (auto const [key, val] : from.members()) {
        if (key == "us" || key == "eu" || key == "fast") {
            take_factor(to, key, val, key);
        } else if (val.is_number() || sounds_like_money(key)) {
            to.rates.unknown("provider_specific_entry." + std::string(key));
        }
    }
}

void take_searches(entry& to, json::value from)
{
    for (auto const [key, val] : from.members()) {
        if (std::optional<meter> const what = litellm_search_meter(key)) {
            to.rates.take({*what, service_tier::standard, 0, {}}, 0, val, key);
        } else {
            to.rates.unknown("search_context_cost_per_query." + std::string(key));
        }
    }
}

// [{range:[0,256000], input_cost_per_token, ...}]: from `range[0]` on; max_results_range: [26,100] is "above 25".
void take_tiers(entry& to, json::value from)
{
    for (json::value const tier : from) {
        std::int64_t above = 0;
        for (auto const [key, val] : tier.members()) {
            if (key == "range" || key == "max_results_range") {
                std::optional<std::int64_t> const start = val[std::size_t{0}].as_int64();
                if (!start || *start < 0) {
                    to.rates.spoil(load_notice::reason::bad_price, "tiered_pricing");
                    return;
                }
                above = key == "range" || *start == 0 ? *start : *start - 1;
            }
        }
        for (auto const [key, val] : tier.members()) {
            if (std::optional<price_field> const field = litellm_price_field(key);
                field && field->above == 0) {
                to.rates.take({field->what, field->tier, above, {}}, field->power, val, key);
            } else if (sounds_like_money(key)) {
                to.rates.unknown("tiered_pricing." + std::string(key));
            }
        }
    }
}

void take_price(entry& to, price_field const& field, json::value val, std::string_view key)
{
    // The newer spelling wins wherever it stands.
    if (field.legacy && find_rate(to.rates.prices(), field.what, field.tier, field.above) != nullptr) {
        return;
    }
    to.rates.take({field.what, field.tier, field.above, {}}, field.power, val, key);
}

void take_money(entry& to, std::string_view key, json::value val)
{
    if (key == "search_context_cost_per_query" && val.is_object()) {
        take_searches(to, val);
    } else if (key == "tiered_pricing" && val.is_array()) {
        take_tiers(to, val);
    } else if (key == "provider_specific_entry" && val.is_object()) {
        take_provider_entry(to, val);
    } else if (key.starts_with(region_factor)) {
        take_factor(to, key.substr(region_factor.size()), val, key);
    } else if (key == "web_search_billing_unit") {
        to.facts.one_search_per_prompt = val.equals("per_prompt");
        if (!val.equals("per_query") && !val.equals("per_prompt")) {
            to.rates.unknown(key);
        }
    } else if (std::optional<price_field> const field = litellm_price_field(key)) {
        take_price(to, *field, val, key);
    } else if (sounds_like_money(key) && !known_not_money(key)) {
        to.rates.unknown(key);
    }
}

void take_facts(model_facts& facts, json::value from)
{
    if (json::value const mode = from["mode"]; mode.is_string() && mode.raw().size() <= 64) {
        facts.mode = mode.string();
    }
    std::int64_t const legacy = token_limit(from["max_tokens"]);
    std::int64_t const input = token_limit(from["max_input_tokens"]);
    std::int64_t const output = token_limit(from["max_output_tokens"]);
    facts.max_input_tokens = input > 0 ? input : facts.max_input_tokens;
    facts.max_output_tokens = output > 0 ? output : legacy > 0 ? legacy : facts.max_output_tokens;
    std::int64_t const vector_size = token_limit(from["output_vector_size"]);
    facts.output_vector_size = vector_size > 0 ? vector_size : facts.output_vector_size;
    if (json::value const date = from["deprecation_date"]; date.is_string() && date.raw().size() <= 64) {
        facts.deprecation = date.string();
    }
    for (auto const [key, val] : from.members()) {
        if (std::optional<capability> const what = litellm_capability(key); what && val.is_bool()) {
            set_capability(facts, *what, *val.as_bool());
        }
    }
}

struct identity {
    std::string provider;
    std::string model;
};

identity identify(std::string_view key, json::value from)
{
    std::string const listed = from["litellm_provider"].string();
    if (listed.empty() || listed.size() > longest_model_name) {
        split_name const parts = split_model(key);
        return {std::string(canonical_provider(parts.provider)), std::string(parts.model)};
    }
    std::string_view const provider = canonical_provider(listed);
    for (std::string_view const prefix : {std::string_view(listed), provider}) {
        if (key.size() > prefix.size() + 1 && key.starts_with(prefix) && key[prefix.size()] == '/') {
            key.remove_prefix(prefix.size() + 1);
            break;
        }
    }
    return {std::string(provider), std::string(key)};
}

void read_entry(std::string_view key, json::value from, catalog_builder& into, load_report& report)
{
    identity id = identify(key, from);
    model_facts const* const known = into.find(id.provider, id.model);
    entry read{known != nullptr ? *known : model_facts{}, rate_collector(key, report), {}};
    read.facts.provider = std::move(id.provider);
    read.facts.model = std::move(id.model);
    take_facts(read.facts, from);
    for (auto const [name, val] : from.members()) {
        take_money(read, name, val);
    }
    if (read.rates.any() || read.rates.spoiled()) {
        read.facts.price_lists.clear();
        price_list prices = std::move(read.rates).finished();
        move_misfiled_prices(read.facts.mode, prices);
        if (!prices.rates.empty()) {
            read.facts.price_lists.push_back(std::move(prices));
        }
        read.facts.uplifts = std::move(read.uplifts);
    }
    bool const priced = !read.facts.price_lists.empty();
    if (!into.set(std::move(read.facts), key)) {
        report.add(load_notice::reason::bad_model, key, "");
        return;
    }
    ++report.models;
    report.priced += priced ? 1 : 0;
}

void move_rates(price_list& prices, meter from, meter to)
{
    std::erase_if(prices.rates,
                  [&](rate const& each) { return each.what == to && each.price == unit_price(); });
    for (rate& each : prices.rates) {
        if (each.what == from) {
            each.what = to;
        }
    }
}

} // namespace

bool is_litellm_map(json::value root)
{
    for (auto const [name, val] : root.members()) {
        for (auto const [key, inner] : val.members()) {
            if (key == "litellm_provider" || litellm_price_field(key)) {
                return true;
            }
        }
    }
    return false;
}

void read_litellm_map(json::value root, catalog_builder& into, load_report& report)
{
    for (auto const [name, val] : root.members()) {
        if (name == "sample_spec" || name == "fallback_generalizations" || val.is_string()) {
            continue;
        }
        if (!val.is_object() || name.empty() || name.size() > longest_model_name) {
            report.add(load_notice::reason::bad_model, name, "");
            continue;
        }
        read_entry(name, val, into, report);
    }
}

void move_misfiled_prices(std::string_view mode, price_list& prices)
{
    auto const lacks = [&](meter what) {
        rate const* const found = find_rate(prices, what);
        return found == nullptr || found->price == unit_price();
    };
    bool const makes_images = mode == "image_generation" || mode == "image_edit";
    if (makes_images && lacks(meter::output_pixel)) {
        move_rates(prices, meter::input_pixel, meter::output_pixel);
    }
    if (makes_images && lacks(meter::output_image) && !charges_tokens(prices)) {
        move_rates(prices, meter::input_image, meter::output_image);
    }
    if (mode == "realtime" && lacks(meter::input_image_token)) {
        move_rates(prices, meter::input_image, meter::input_image_token);
    }
}

} // namespace cogate::catalog
