#include "lib/engine/routes.hpp"

#include "lib/catalog/load.hpp"
#include "lib/catalog/overrides.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::engine {
namespace {

catalog::catalog_ptr load_map(std::string const& text)
{
    catalog::catalog_ptr const& built_in = catalog::model_catalog::embedded();
    if (text.empty()) {
        return built_in;
    }
    result<catalog::loaded_catalog> loaded = catalog::load_prices(text, *built_in);
    if (!loaded) {
        throw std::invalid_argument("price map: " + loaded.error()->message);
    }
    return std::move(loaded->catalog);
}

// Nano-dollars per million tokens are 1e-15 dollars per token.
std::string per_token(std::int64_t nanos_per_million)
{
    return std::to_string(nanos_per_million) + "e-15";
}

bool has_own_facts(deployment const& given)
{
    return given.input_cost || given.output_cost || !given.prices.empty() || given.max_input_tokens ||
           given.max_output_tokens;
}

std::shared_ptr<model_facts const> with_own_facts(model_facts base, deployment const& given)
{
    std::string const in = per_token(given.input_cost.value_or(0));
    std::string const out = per_token(given.output_cost.value_or(0));
    std::vector<std::pair<std::string_view, std::string_view>> own;
    own.reserve(given.prices.size() + 2);
    if (given.input_cost) {
        own.emplace_back("input_cost_per_token", in);
    }
    if (given.output_cost) {
        own.emplace_back("output_cost_per_token", out);
    }
    own.insert(own.end(), given.prices.begin(), given.prices.end()); // of one price the last counts
    result<model_facts> made = catalog::apply_overrides(std::move(base), own);
    if (!made) {
        throw std::invalid_argument("deployment '" + given.model_name + "': " + made.error()->message);
    }
    if (given.max_input_tokens) {
        made->max_input_tokens = *given.max_input_tokens;
    }
    if (given.max_output_tokens) {
        made->max_output_tokens = *given.max_output_tokens;
    }
    return std::make_shared<model_facts const>(std::move(*made));
}

} // namespace

void routes::add_prices(gateway_options const& options)
{
    prices_ = load_map(options.price_map);
    for (std::size_t i = 0; i != deployments_.size(); ++i) {
        served_deployment& served = deployments_[i];
        served.prices = prices_;
        if (i >= options.deployments.size()) {
            continue;
        }
        cogate::deployment const& given = options.deployments[i];
        bool const one_model = !policy::is_pattern(served.upstream);
        model_facts const* const known =
            one_model || !given.base_model.empty()
                ? prices_->find_deployment(served.provider->name, served.upstream, given.base_model)
                : nullptr;
        if (has_own_facts(given)) {
            served.own_facts = with_own_facts(known != nullptr ? *known : model_facts{}, given);
        } else if (known != nullptr) {
            served.own_facts = std::shared_ptr<model_facts const>(prices_, known);
        }
    }
}

} // namespace cogate::engine
