#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cogate {

/// How often each class of error is tried again: LiteLLM's RetryPolicy. An unset class falls back to `otherwise`,
/// then to `router_options::num_retries`.
struct retry_policy {
    std::optional<int> bad_request{};
    std::optional<int> authentication{};
    std::optional<int> timeout{};
    std::optional<int> rate_limit{};
    std::optional<int> content_policy{};
    std::optional<int> internal_server{};
    std::optional<int> service_unavailable{};
    std::optional<int> not_found{};
    std::optional<int> otherwise{};
    friend bool operator==(retry_policy const&, retry_policy const&) = default;
};

/// How many failures of each class a deployment may have per minute before it rests: LiteLLM's AllowedFailsPolicy.
struct allowed_fails_policy {
    std::optional<int> bad_request{};
    std::optional<int> authentication{};
    std::optional<int> timeout{};
    std::optional<int> rate_limit{};
    std::optional<int> content_policy{};
    std::optional<int> internal_server{};
    std::optional<int> service_unavailable{};
    std::optional<int> bad_gateway{};
    std::optional<int> not_found{};
    friend bool operator==(allowed_fails_policy const&, allowed_fails_policy const&) = default;
};

/// Where a group's calls go when it cannot serve them; "*" stands for every group.
struct fallback_rule {
    std::string group;
    std::vector<std::string> to;
    friend bool operator==(fallback_rule const&, fallback_rule const&) = default;
};

/// A second attempt elsewhere when the first token is later than usual. Off unless `percentile` is set.
struct hedge_options {
    std::optional<double> percentile{}; ///< 0..100: of the live time to first token, for this prompt's size
    double max_extra_ratio = 0.05;      ///< hedges per call, over the last ten seconds
    std::chrono::milliseconds min_delay{50};
    std::optional<std::int64_t> max_extra_nano_usd_per_hour{};
    friend bool operator==(hedge_options const&, hedge_options const&) = default;
};

/// What retries, fallbacks and hedges of a group may add to its load.
struct retry_budget_options {
    double ratio = 0.2;        ///< extra attempts per call, over the last ten seconds
    double min_per_second = 3; ///< always allowed, so that a quiet group can retry at all
    friend bool operator==(retry_budget_options const&, retry_budget_options const&) = default;
};

/// How many calls run at once, and who waits.
struct admission_options {
    enum class limit { none, fixed, adaptive };
    limit kind = limit::none; ///< `fixed` takes each deployment's max_parallel_requests
    int fixed = 0;            ///< for deployments that say nothing of their own; 0: no limit
    int adaptive_min = 4;
    int adaptive_max = 1'000;
    int queue = 1'000;                            ///< waiting calls per group; beyond it 429
    std::chrono::milliseconds queue_time{30'000}; ///< longest wait
    friend bool operator==(admission_options const&, admission_options const&) = default;
};

/// A name for another group.
struct group_alias {
    std::string name;
    std::string group;
    bool hidden = false; ///< not listed by GET /v1/models
    friend bool operator==(group_alias const&, group_alias const&) = default;
};

/// How a gateway chooses among deployments and what it does when one fails: LiteLLM's `router_settings`, and what is
/// ours (hedge, race, retry budget, stall guard, admission). Plain value.
struct router_options {
    /// "adaptive", "simple-shuffle", "least-busy", "latency-based-routing", "usage-based-routing-v2",
    /// "cost-based-routing", "consistent-hash", or the name of a strategy of `gateway_options::strategies`.
    std::string strategy = "adaptive";
    double lowest_latency_buffer = 0;           ///< latency-based-routing: share above the best still chosen
    std::chrono::seconds latency_window{3'600}; ///< latency-based-routing: how old a sample may be

    int num_retries = 2;
    std::chrono::milliseconds retry_after{0}; ///< shortest wait between two attempts at the same group
    retry_policy retries{};
    std::vector<std::pair<std::string, retry_policy>> group_retries{};
    retry_budget_options retry_budget{};

    std::vector<fallback_rule> fallbacks{};
    std::vector<std::string> default_fallbacks{};
    std::vector<fallback_rule> context_window_fallbacks{};
    std::vector<fallback_rule> content_policy_fallbacks{};
    int max_fallbacks = 5;

    std::optional<int> allowed_fails{}; ///< per minute; unset: error ratio and consecutive failures
    allowed_fails_policy allowed_fails_by_class{};
    std::chrono::milliseconds cooldown_time{5'000}; ///< rest after failures, and between two probes
    bool disable_cooldowns = false;

    hedge_options hedge{};
    int race = 1; ///< attempts begun at once
    std::optional<std::chrono::milliseconds>
        stall_timeout{};               ///< longest silence within a stream after its first event
    bool continue_after_stall = false; ///< go on with another deployment, marked in the stream
    admission_options admission{};

    bool enable_tag_filtering = false;
    bool tag_filtering_match_any = true;
    bool enable_pre_call_checks = false; ///< leave out deployments whose context window is too small
    std::vector<group_alias> aliases{};
    std::chrono::milliseconds health_check_interval{0}; ///< 0: no background checks

    friend bool operator==(router_options const&, router_options const&) = default;
};

} // namespace cogate
