#include "lib/config/keys.hpp"

#include "lib/catalog/overrides.hpp"
#include "lib/config/keys/parts.hpp"

#include <algorithm>
#include <vector>

namespace cogate::config {

std::string_view to_string(section where) noexcept
{
    switch (where) {
    case section::top: return "the top level";
    case section::model: return "model_list";
    case section::litellm_params: return "litellm_params";
    case section::model_info: return "model_info";
    case section::litellm_settings: return "litellm_settings";
    case section::general_settings: return "general_settings";
    case section::router_settings: return "router_settings";
    case section::strategy_args: return "routing_strategy_args";
    case section::retry_policy: return "retry_policy";
    case section::allowed_fails_policy: return "allowed_fails_policy";
    case section::alias: return "model_group_alias";
    case section::fallback: return "a fallback";
    case section::hedge: return "hedge";
    case section::retry_budget: return "retry_budget";
    case section::admission: return "admission";
    case section::cogate: return "cogate";
    case section::deadlines: return "cogate.deadlines";
    case section::limits: return "cogate.limits";
    case section::ledger: return "cogate.ledger";
    case section::accounts: return "cogate.accounts";
    case section::provider_budget: return "provider_budget_config";
    case section::key_defaults: return "default_key_generate_params";
    case section::key_bounds: return "upperbound_key_generate_params";
    case section::user_defaults: return "default_internal_user_params";
    }
    return {};
}

std::string_view to_string(value_type type) noexcept
{
    switch (type) {
    case value_type::text: return "text";
    case value_type::choice: return "choice";
    case value_type::secret: return "secret";
    case value_type::url: return "URL";
    case value_type::integer: return "integer";
    case value_type::number: return "number";
    case value_type::bytes: return "bytes";
    case value_type::duration:
    case value_type::delay: return "seconds";
    case value_type::usd: return "USD";
    case value_type::price: return "USD/unit";
    case value_type::period: return "period";
    case value_type::boolean: return "boolean";
    case value_type::mapping: return "mapping";
    case value_type::list: return "list";
    }
    return {};
}

std::span<key const> served_keys()
{
    static std::vector<key> const rows = [] {
        std::vector<key> all;
        for (std::span<key const> const part :
             {top_and_litellm_keys(), model_list_keys(), router_keys(), own_keys(), money_keys()}) {
            all.insert(all.end(), part.begin(), part.end());
        }
        return all;
    }();
    return rows;
}

key const* find_key(section where, std::string_view name)
{
    std::span<key const> const rows = served_keys();
    auto const row_of = [&](std::string_view wanted) -> key const* {
        auto const found = std::find_if(rows.begin(), rows.end(),
                                        [&](key const& k) { return k.where == where && k.name == wanted; });
        return found == rows.end() ? nullptr : &*found;
    };
    if (key const* const own = row_of(name)) {
        return own;
    }
    return catalog::is_price_override(name) ? row_of(other_prices) : nullptr;
}

void apply_timeouts(cogate::deadlines& to, std::optional<std::chrono::milliseconds> timeout,
                    std::optional<std::chrono::milliseconds> stream_timeout) noexcept
{
    if (timeout) {
        to.first_byte = *timeout;
        to.stream_first_byte = *timeout;
    }
    if (stream_timeout) {
        to.stream_first_byte = *stream_timeout;
    }
    to.total = std::max({to.total, to.first_byte, to.stream_first_byte});
}

} // namespace cogate::config
