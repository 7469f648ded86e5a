#include "lib/config/keys/parts.hpp"
#include "lib/config/keys/stores.hpp"
#include "lib/policy/call_machine.hpp"
#include "lib/policy/strategy.hpp"

#include <array>

namespace cogate::config {

namespace {

template <std::optional<int> cogate::retry_policy::*Member>
void retries_of(target& to, value const& v)
{
    to.retries->*Member = static_cast<int>(v.number);
}

template <std::optional<int> cogate::allowed_fails_policy::*Member>
void fails_of(target& to, value const& v)
{
    to.all.gateway.router.allowed_fails_by_class.*Member = static_cast<int>(v.number);
}

template <int admission_options::*Member>
void admission_count(target& to, value const& v)
{
    to.all.gateway.router.admission.*Member = static_cast<int>(v.number);
}

std::span<std::string_view const> limit_names() noexcept
{
    static constexpr std::array<std::string_view, 3> names{"none", "fixed", "adaptive"};
    return names;
}

void store_limit(target& to, value const& v)
{
    using limit = admission_options::limit;
    to.routing->limit = v.text == "none" ? limit::none : v.text == "fixed" ? limit::fixed : limit::adaptive;
}

void store_stream_timeout(target& to, value const& v)
{
    apply_timeouts(to.all.gateway.deadlines, std::nullopt, v.time);
}

void store_latency_window(target& to, value const& v)
{
    to.all.gateway.router.latency_window = std::chrono::ceil<std::chrono::seconds>(v.time);
}

constexpr std::int64_t many = 1'000'000;
constexpr auto router = section::router_settings;
constexpr auto args = section::strategy_args;
constexpr auto retries = section::retry_policy;
constexpr auto fails = section::allowed_fails_policy;
constexpr auto hedge = section::hedge;
constexpr auto budget = section::retry_budget;
constexpr auto admission = section::admission;
using enum value_type;

constexpr std::array rows{
    key{router, "routing_strategy", choice, "adaptive", "how a deployment of a group is chosen",
        [](target& to, value const& v) { to.all.gateway.router.strategy = v.text; }, 0, 0,
        &policy::strategy_names},
    key{router, "routing_strategy_args", mapping, "", "settings of latency-based-routing"},
    key{router, "timeout", duration, "litellm_settings.request_timeout", "request sent to answer begun",
        &store_timeout},
    key{router, "stream_timeout", duration, "timeout", "the same for a streamed answer",
        &store_stream_timeout},
    key{router, "ignore_invalid_deployments", boolean, "false",
        "a bad entry of model_list is skipped with a warning",
        [](target& to, value const& v) { to.all.ignore_invalid_deployments = v.yes; }},
    key{router, "num_retries", integer, "2", "tries after the first in one group; more than 16 count as 16",
        &store_router_count<&router_options::num_retries>, 0, 1'000},
    key{router, "retry_after", delay, "0", "shortest wait between two tries",
        &store_router_time<&router_options::retry_after>},
    key{router, "retry_policy", mapping, "", "num_retries by class of error"},
    key{router, "model_group_retry_policy", mapping, "", "retry_policy by model group"},
    key{router, "fallbacks", list, "", "[{group: [other, ...]}]: where calls go that a group cannot serve"},
    key{router, "default_fallbacks", list, "", "the same for groups that fallbacks does not name"},
    key{router, "context_window_fallbacks", list, "", "fallbacks for prompts that are too long"},
    key{router, "content_policy_fallbacks", list, "", "fallbacks for what a provider refuses to answer"},
    key{router, "max_fallbacks", integer, "5", "fallbacks that one call may try",
        &store_router_count<&router_options::max_fallbacks>, 0, 1'000},
    key{router, "allowed_fails", integer, "", "failures per minute before a rest; else their share decides",
        &store_allowed_fails, 0, many},
    key{router, "allowed_fails_policy", mapping, "", "allowed_fails by class of error"},
    key{router, "cooldown_time", delay, "5", "rest after failures, and between two probes; 0: none",
        &store_router_time<&router_options::cooldown_time>},
    key{router, "cooldown_max", delay, "60",
        "longest rest between two probes: it doubles after 24 failed ones in a row",
        &store_router_time<&router_options::cooldown_max>},
    key{router, "disable_cooldowns", boolean, "false", "deployments never rest",
        &store_router_flag<&router_options::disable_cooldowns>},
    key{router, "enable_tag_filtering", boolean, "false", "requests choose deployments by tags",
        &store_router_flag<&router_options::enable_tag_filtering>},
    key{router, "tag_filtering_match_any", boolean, "true", "one common tag is enough",
        &store_router_flag<&router_options::tag_filtering_match_any>},
    key{router, "enable_pre_call_checks", boolean, "false", "leave out too small context windows",
        &store_router_flag<&router_options::enable_pre_call_checks>},
    key{router, "model_group_alias", mapping, "", "other names of model groups"},
    key{router, "default_max_parallel_requests", integer, "", "for deployments without one of their own",
        [](target& to, value const& v) {
            to.routing->default_max_parallel_requests = static_cast<int>(v.number);
        },
        1, many},
    key{router, "provider_budget_config", mapping, "", "what calls to each provider may cost"},
    key{router, "hedge", mapping, "", "a second attempt elsewhere when the first token is late"},
    key{router, "race", integer, "1", "attempts that are begun at once",
        &store_router_count<&router_options::race>, 1,
        static_cast<std::int64_t>(policy::call_machine::max_running)},
    key{router, "retry_budget", mapping, "", "what retries, fallbacks and hedges may add to a group's load"},
    key{router, "stall_timeout", duration, "", "longest silence within a stream after its first event",
        [](target& to, value const& v) { to.all.gateway.router.stall_timeout = v.time; }},
    key{router, "continue_after_stall", boolean, "false",
        "go on with another deployment, marked in the stream",
        &store_router_flag<&router_options::continue_after_stall>},
    key{router, "admission", mapping, "", "how many calls run at once, and who waits"},
    key{router, "health_check_interval", delay, "that of general_settings",
        "time between background checks; 0: none",
        [](target& to, value const& v) { to.routing->health_check_interval = v.time; }},

    key{args, "lowest_latency_buffer", number, "0", "share above the best latency that is still chosen",
        [](target& to, value const& v) { to.all.gateway.router.lowest_latency_buffer = v.real; }, 0, many},
    key{args, "ttl", duration, "3600", "how old a measured latency may be", &store_latency_window},

    key{retries, "BadRequestErrorRetries", integer, "0", "after 400, 413, 422",
        &retries_of<&cogate::retry_policy::bad_request>, 0, 1'000},
    key{retries, "AuthenticationErrorRetries", integer, "num_retries", "after 401, 403",
        &retries_of<&cogate::retry_policy::authentication>, 0, 1'000},
    key{retries, "TimeoutErrorRetries", integer, "num_retries", "after 408 or a deadline",
        &retries_of<&cogate::retry_policy::timeout>, 0, 1'000},
    key{retries, "RateLimitErrorRetries", integer, "num_retries", "after 429",
        &retries_of<&cogate::retry_policy::rate_limit>, 0, 1'000},
    key{retries, "ContentPolicyViolationErrorRetries", integer, "0", "after a refusal to answer",
        &retries_of<&cogate::retry_policy::content_policy>, 0, 1'000},
    key{retries, "InternalServerErrorRetries", integer, "num_retries", "after 500",
        &retries_of<&cogate::retry_policy::internal_server>, 0, 1'000},
    key{retries, "ServiceUnavailableErrorRetries", integer, "num_retries", "after 503",
        &retries_of<&cogate::retry_policy::service_unavailable>, 0, 1'000},
    key{retries, "NotFoundErrorRetries", integer, "0", "after 404",
        &retries_of<&cogate::retry_policy::not_found>, 0, 1'000},
    key{retries, "DefaultRetries", integer, "num_retries", "after errors that may pass and have no line here",
        &retries_of<&cogate::retry_policy::otherwise>, 0, 1'000},

    key{fails, "BadRequestErrorAllowedFails", integer, "", "400",
        &fails_of<&cogate::allowed_fails_policy::bad_request>, 0, many},
    key{fails, "AuthenticationErrorAllowedFails", integer, "", "401, 403",
        &fails_of<&cogate::allowed_fails_policy::authentication>, 0, many},
    key{fails, "TimeoutErrorAllowedFails", integer, "", "408 or a deadline",
        &fails_of<&cogate::allowed_fails_policy::timeout>, 0, many},
    key{fails, "RateLimitErrorAllowedFails", integer, "", "429",
        &fails_of<&cogate::allowed_fails_policy::rate_limit>, 0, many},
    key{fails, "ContentPolicyViolationErrorAllowedFails", integer, "", "a refusal to answer",
        &fails_of<&cogate::allowed_fails_policy::content_policy>, 0, many},
    key{fails, "InternalServerErrorAllowedFails", integer, "", "500",
        &fails_of<&cogate::allowed_fails_policy::internal_server>, 0, many},
    key{fails, "ServiceUnavailableErrorAllowedFails", integer, "", "503",
        &fails_of<&cogate::allowed_fails_policy::service_unavailable>, 0, many},
    key{fails, "BadGatewayErrorAllowedFails", integer, "", "502",
        &fails_of<&cogate::allowed_fails_policy::bad_gateway>, 0, many},
    key{fails, "NotFoundErrorAllowedFails", integer, "", "404",
        &fails_of<&cogate::allowed_fails_policy::not_found>, 0, many},

    key{section::alias, "model", text, "", "the model group",
        [](target& to, value const& v) { to.named->model = v.text; }},
    key{section::alias, "hidden", boolean, "false", "not listed by GET /v1/models",
        [](target& to, value const& v) { to.named->hidden = v.yes; }},
    key{section::fallback, "model", text, "", "the model group",
        [](target& to, value const& v) { to.named->model = v.text; }},

    key{hedge, "percentile", number, "", "of the live time to first token, for the prompt's size; none: off",
        [](target& to, value const& v) { to.all.gateway.router.hedge.percentile = v.real; }, 0, 100},
    key{hedge, "max_extra_ratio", number, "0.05", "hedges per call, over ten seconds",
        [](target& to, value const& v) { to.all.gateway.router.hedge.max_extra_ratio = v.real; }, 0, many},
    key{hedge, "min_delay_ms", integer, "50", "shortest wait for the first token, in milliseconds",
        [](target& to, value const& v) {
            to.all.gateway.router.hedge.min_delay = std::chrono::milliseconds(v.number);
        },
        0, 86'400'000},
    key{hedge, "max_extra_usd_per_hour", usd, "", "what all hedges may cost",
        [](target& to, value const& v) {
            to.all.gateway.router.hedge.max_extra_nano_usd_per_hour = v.number;
        }},

    key{budget, "ratio", number, "0.2", "extra attempts per call, over ten seconds",
        [](target& to, value const& v) { to.all.gateway.router.retry_budget.ratio = v.real; }, 0, many},
    key{budget, "min_per_second", number, "3", "extra attempts that are always allowed",
        [](target& to, value const& v) { to.all.gateway.router.retry_budget.min_per_second = v.real; }, 0,
        many},

    key{admission, "limit", choice, "fixed with max_parallel", "calls that a deployment gets at one time",
        &store_limit, 0, 0, &limit_names},
    key{admission, "max_parallel", integer, "default_max_parallel_requests", "for deployments without one",
        [](target& to, value const& v) { to.routing->max_parallel = static_cast<int>(v.number); }, 1, many},
    key{admission, "adaptive_min", integer, "4", "lowest limit of adaptive",
        &admission_count<&admission_options::adaptive_min>, 1, many},
    key{admission, "adaptive_max", integer, "1000", "highest limit of adaptive",
        &admission_count<&admission_options::adaptive_max>, 1, many},
    key{admission, "queue", integer, "1000", "waiting calls per group; beyond it 429",
        &admission_count<&admission_options::queue>, 0, many},
    key{admission, "queue_timeout", duration, "30", "longest wait",
        [](target& to, value const& v) { to.all.gateway.router.admission.queue_time = v.time; }},
};

} // namespace

std::span<key const> router_keys() noexcept
{
    return rows;
}

} // namespace cogate::config
