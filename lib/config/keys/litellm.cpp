#include "lib/config/keys/parts.hpp"
#include "lib/config/keys/stores.hpp"

#include <array>
#include <cstddef>

namespace cogate::config {

namespace {

constexpr auto top = section::top;
constexpr auto calls = section::litellm_settings;
constexpr auto general = section::general_settings;
using enum value_type;

constexpr std::array rows{
    key{top, "model_list", list, "", "deployments; entries with one model_name form a model group"},
    key{top, "litellm_settings", mapping, "", "LiteLLM's settings of calls"},
    key{top, "general_settings", mapping, "", "LiteLLM's settings of the proxy"},
    key{top, "router_settings", mapping, "", "LiteLLM's settings of routing, and ours"},
    key{top, "environment_variables", mapping, "", "variables for os.environ/NAME and provider keys"},
    key{top, "cogate", mapping, "", "keys of cogate's own"},

    key{calls, "drop_params", boolean, "false",
        "leave out OpenAI parameters that a provider lacks, for all deployments",
        [](target& to, value const& v) { to.all.gateway.parameters.drop_params = v.yes; }},
    key{calls, "request_timeout", duration, "600", "request sent to answer begun", &store_timeout},
    key{calls, "num_retries", integer, "2", "as in router_settings, which goes before",
        &store_router_count<&router_options::num_retries>, 0, 1'000},
    key{calls, "fallbacks", list, "", "as in router_settings, which goes before"},
    key{calls, "default_fallbacks", list, "", "as in router_settings, which goes before"},
    key{calls, "context_window_fallbacks", list, "", "as in router_settings, which goes before"},
    key{calls, "content_policy_fallbacks", list, "", "as in router_settings, which goes before"},
    key{calls, "allowed_fails", integer, "", "as in router_settings, which goes before", &store_allowed_fails,
        0, 1'000'000},
    key{calls, "cooldown_time", delay, "5", "as in router_settings, which goes before",
        &store_router_time<&router_options::cooldown_time>},

    key{calls, "max_budget", usd, "", "what all calls together may cost in one period",
        [](target& to, value const& v) { to.budget->limit = v.number; }},
    key{calls, "budget_duration", period, "",
        "when max_budget starts anew: 30s, 12h, 1d, 1mo; without one never",
        [](target& to, value const& v) { to.budget->period = v.text; }},
    key{calls, "max_end_user_budget", usd, "", "what each end user without a budget of their own may spend",
        [](target& to, value const& v) { to.all.ledger.end_user_budget = money::from_nanos(v.number); }},
    key{calls, "max_end_user_budget_id", text, "", "the same by a budget made with /budget/new",
        [](target& to, value const& v) { to.all.ledger.end_user_budget_id = v.text; }},
    key{calls, "max_internal_user_budget", usd, "",
        "as default_internal_user_params.max_budget, which goes before",
        [](target& to, value const& v) { to.terms->max_budget = money::from_nanos(v.number); }},
    key{calls, "internal_user_budget_duration", period, "",
        "as default_internal_user_params.budget_duration, which goes before",
        [](target& to, value const& v) { to.terms->budget_duration = v.text; }},
    key{calls, "default_key_generate_params", mapping, "",
        "what a new key gets that its request does not say"},
    key{calls, "upperbound_key_generate_params", mapping, "", "the most that a new key may be given"},
    key{calls, "default_internal_user_params", mapping, "",
        "what a new user gets that its request does not say"},
    key{calls, "include_cost_in_streaming_usage", boolean, "false",
        "the usage chunk of a stream has `cost`, in US dollars",
        [](target& to, value const& v) { to.all.cost_in_streams = v.yes; }},
    key{calls, "model_cost_map", text, "the built-in prices",
        "file of prices: as cogate.prices, which goes before"},

    key{general, "master_key", secret, "", "what clients must send as Bearer or x-api-key",
        [](target& to, value const& v) { to.all.master_key = cogate::secret(v.text); }},
    key{general, "database_url", text, "ledger.sqlite in cogate.data",
        "sqlite:///PATH: where the ledger lies",
        [](target& to, value const& v) { to.all.ledger.database_url = v.text; }},
    key{general, "max_request_size_mb", integer, "32", "largest request body in MiB",
        [](target& to, value const& v) {
            to.all.limits.body_bytes = static_cast<std::size_t>(v.number) << 20;
        },
        1, 1 << 20},
    key{general, "background_health_checks", boolean, "false", "ask every deployment from time to time",
        [](target& to, value const& v) { to.routing->background_health_checks = v.yes; }},
    key{general, "health_check_interval", duration, "300", "how often, where those checks are on",
        [](target& to, value const& v) { to.routing->background_interval = v.time; }},
};

} // namespace

std::span<key const> top_and_litellm_keys() noexcept
{
    return rows;
}

} // namespace cogate::config
