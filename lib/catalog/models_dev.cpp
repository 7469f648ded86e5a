#include "lib/catalog/models_dev.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "lib/catalog/entry_reader.hpp"
#include "lib/catalog/meter.hpp"
#include "lib/catalog/names.hpp"
#include "lib/catalog/rates.hpp"

namespace cogate::catalog {
namespace {

constexpr int per_million = 6;

constexpr std::array cost_names = std::to_array<std::pair<std::string_view, meter>>({
    {"input", meter::input_token},
    {"output", meter::output_token},
    {"cache_read", meter::cache_read_token},
    {"cache_write", meter::cache_write_token},
    {"reasoning", meter::reasoning_token},
    {"input_audio", meter::input_audio_token},
    {"output_audio", meter::output_audio_token},
});

bool has_word_for(rate const& each) noexcept
{
    bool const tier = each.tier == service_tier::standard || each.tier == service_tier::priority ||
                      each.tier == service_tier::fast;
    return tier && std::any_of(cost_names.begin(), cost_names.end(),
                               [&](auto const& named) { return named.second == each.what; });
}

void take_tiers(rate_collector& rates, json::value tiers, service_tier tier);

void take_cost(rate_collector& rates, json::value cost, service_tier tier, std::int64_t above)
{
    bool const tiered = cost["tiers"].is_array();
    for (auto const [key, val] : cost.members()) {
        auto const named = std::find_if(cost_names.begin(), cost_names.end(),
                                        [key = key](auto const& each) { return each.first == key; });
        if (named != cost_names.end()) {
            rates.take({named->second, tier, above, {}}, per_million, val, key);
        } else if (key == "tiers" && above == 0) {
            take_tiers(rates, val, tier);
        } else if (key == "context_over_200k" && above == 0) {
            if (!tiered) {
                take_cost(rates, val, tier, 200'000);
            }
        } else if (key != "tier" || above == 0) {
            rates.unknown("cost." + std::string(key));
        }
    }
}

void take_tiers(rate_collector& rates, json::value tiers, service_tier tier)
{
    for (json::value const each : tiers) {
        std::int64_t const size = token_limit(each["tier"]["size"]);
        if (!each["tier"]["type"].equals("context") || size == 0) {
            rates.spoil(load_notice::reason::bad_price, "cost.tiers");
            return;
        }
        take_cost(rates, each, tier, size);
    }
}

void take_modes(rate_collector& rates, json::value modes)
{
    for (auto const [name, mode] : modes.members()) {
        json::value const cost = mode["cost"];
        if (!cost.is_object()) {
            continue;
        }
        json::value const body = mode["provider"]["body"];
        json::value const wanted = body["service_tier"] ? body["service_tier"] : body["speed"];
        std::optional<service_tier> const tier = tier_of(wanted.string());
        if (tier && *tier != service_tier::standard) {
            take_cost(rates, cost, *tier, 0);
        } else {
            rates.unknown("experimental.modes." + std::string(name) + ".cost");
        }
    }
}

void drop_meaningless_cache_prices(price_list& prices)
{
    std::vector<rate> const all = prices.rates;
    std::erase_if(prices.rates, [&](rate const& each) {
        return each.what == meter::cache_read_token && each.price == unit_price() &&
               std::any_of(all.begin(), all.end(), [&](rate const& other) {
                   return other.what == meter::input_token && other.price > unit_price() &&
                          other.tier == each.tier && other.above == each.above;
               });
    });
}

bool same_price(price_list const& a, price_list const& b, meter what) noexcept
{
    rate const* const x = find_rate(a, what);
    rate const* const y = find_rate(b, what);
    return x != nullptr && y != nullptr && x->price == y->price;
}

// What the file calls the output price of a model that makes images.
void move_image_output(price_list& prices, model_facts const& known)
{
    rate const* const output = find_rate(prices, meter::output_token);
    if (output == nullptr) {
        return;
    }
    rate image = *output;
    image.what = meter::output_image_token;
    for (price_list const& list : known.price_lists) {
        rate const* const text = find_rate(list, meter::output_token);
        if (text != nullptr && same_price(list, prices, meter::input_token) &&
            find_rate(list, meter::output_image_token) != nullptr) {
            rate const kept = *text;
            set_rate(prices, kept);
            break;
        }
    }
    set_rate(prices, image);
}

void replace_prices(model_facts& facts, price_list prices)
{
    for (price_list& list : facts.price_lists) {
        if (same_price(list, prices, meter::input_token) && same_price(list, prices, meter::output_token)) {
            for (rate const& each : list.rates) {
                if (!has_word_for(each) && find_rate(prices, each.what, each.tier, each.above) == nullptr) {
                    prices.rates.push_back(each);
                }
            }
            list.rates = std::move(prices.rates);
            return;
        }
    }
    facts.price_lists.clear();
    facts.uplifts.clear();
    if (!prices.rates.empty()) {
        facts.price_lists.push_back(std::move(prices));
    }
}

bool holds(json::value array, std::string_view word)
{
    return std::any_of(array.begin(), array.end(), [&](json::value each) { return each.equals(word); });
}

void take_facts(model_facts& facts, json::value from)
{
    std::int64_t const context = token_limit(from["limit"]["context"]);
    std::int64_t const output = token_limit(from["limit"]["output"]);
    facts.max_input_tokens = context > 0 ? context : facts.max_input_tokens;
    facts.max_output_tokens = output > 0 ? output : facts.max_output_tokens;
    if (facts.mode.empty()) {
        facts.mode = "chat";
    }
    json::value const modalities = from["modalities"];
    for (auto const& [word, what] :
         {std::pair{"image", capability::vision}, std::pair{"pdf", capability::pdf_input},
          std::pair{"audio", capability::audio_input}, std::pair{"video", capability::video_input}}) {
        set_capability(facts, what, holds(modalities["input"], word));
    }
    set_capability(facts, capability::image_output, holds(modalities["output"], "image"));
    set_capability(facts, capability::audio_output, holds(modalities["output"], "audio"));
    for (auto const& [name, what] :
         {std::pair{"tool_call", capability::tools}, std::pair{"reasoning", capability::reasoning},
          std::pair{"structured_output", capability::json_schema}}) {
        if (std::optional<bool> const can = from[name].as_bool()) {
            set_capability(facts, what, *can);
        }
    }
    if (json::value const status = from["status"]; status.is_string() && status.raw().size() <= 64) {
        facts.deprecation = status.string();
    }
}

void read_model(std::string_view provider, std::string_view name, json::value from, catalog_builder& into,
                load_report& report)
{
    std::string const label = std::string(provider).append(1, '/').append(name);
    model_facts const* const known = into.find(provider, name);
    model_facts facts = known != nullptr ? *known : model_facts{};
    facts.provider = provider;
    facts.model = name;
    take_facts(facts, from);
    rate_collector rates(label, report);
    if (json::value const cost = from["cost"]; cost.is_object()) {
        take_cost(rates, cost, service_tier::standard, 0);
    } else if (cost && !cost.is_null()) {
        rates.spoil(load_notice::reason::bad_price, "cost");
    }
    take_modes(rates, from["experimental"]["modes"]);
    if (rates.any() || rates.spoiled()) {
        price_list prices = std::move(rates).finished();
        drop_meaningless_cache_prices(prices);
        if (facts.can(capability::image_output)) {
            move_image_output(prices, facts);
        }
        replace_prices(facts, std::move(prices));
    }
    bool const priced = !facts.price_lists.empty();
    if (!into.set(std::move(facts))) {
        report.add(load_notice::reason::bad_model, label, "");
        return;
    }
    ++report.models;
    report.priced += priced ? 1 : 0;
}

} // namespace

bool is_models_dev(json::value root)
{
    for (auto const [name, val] : root.members()) {
        if (val["models"].is_object()) {
            return true;
        }
    }
    return false;
}

void read_models_dev(json::value root, catalog_builder& into, load_report& report)
{
    for (auto const [provider, val] : root.members()) {
        std::string_view const canonical = canonical_provider(provider);
        if (!val["models"].is_object() || canonical.empty() || canonical.size() > longest_model_name) {
            report.add(load_notice::reason::bad_model, provider, "");
            continue;
        }
        for (auto const [name, model] : val["models"].members()) {
            if (!model.is_object() || name.empty() || name.size() > longest_model_name) {
                report.add(load_notice::reason::bad_model, name, "");
                continue;
            }
            read_model(canonical, name, model, into, report);
        }
    }
}

} // namespace cogate::catalog
