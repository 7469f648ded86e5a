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
    std::optional<int> bad_request{};         ///< 400, 413, 422, context window exceeded
    std::optional<int> authentication{};      ///< 401, 403
    std::optional<int> timeout{};             ///< a deadline passed
    std::optional<int> rate_limit{};          ///< 429
    std::optional<int> content_policy{};      ///< refused for its content
    std::optional<int> internal_server{};     ///< 500
    std::optional<int> service_unavailable{}; ///< 503
    std::optional<int> not_found{};           ///< 404
    std::optional<int> otherwise{};           ///< every other class, and unset ones
    friend bool operator==(retry_policy const&, retry_policy const&) = default;
};

/// How many failures of each class a deployment may have per minute before it rests: LiteLLM's AllowedFailsPolicy.
struct allowed_fails_policy {
    std::optional<int> bad_request{};         ///< 400, 413, 422, context window exceeded
    std::optional<int> authentication{};      ///< 401, 403
    std::optional<int> timeout{};             ///< a deadline passed
    std::optional<int> rate_limit{};          ///< 429
    std::optional<int> content_policy{};      ///< refused for its content
    std::optional<int> internal_server{};     ///< 500, no connection, cut short
    std::optional<int> service_unavailable{}; ///< 503
    std::optional<int> bad_gateway{};         ///< 502
    std::optional<int> not_found{};           ///< 404
    friend bool operator==(allowed_fails_policy const&, allowed_fails_policy const&) = default;
};

/// Where a group's calls go when it cannot serve them; "*" stands for every group.
struct fallback_rule {
    std::string group;           ///< a model group, or "*"
    std::vector<std::string> to; ///< model groups in the order of trying
    friend bool operator==(fallback_rule const&, fallback_rule const&) = default;
};

/// A second attempt elsewhere when the first token is later than usual. Off unless `percentile` is set.
struct hedge_options {
    std::optional<double> percentile{}; ///< 0..100: of the live time to first token, for this prompt's size
    double max_extra_ratio = 0.05;      ///< hedges per call, over the last ten seconds
    std::chrono::milliseconds min_delay{50};                   ///< never earlier than this
    std::optional<std::int64_t> max_extra_nano_usd_per_hour{}; ///< 1e-9 dollars; unset: no such limit
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
    /// Where the limit of attempts under way at one deployment comes from.
    enum class limit { none, fixed, adaptive };
    limit kind = limit::none; ///< `fixed` takes each deployment's max_parallel_requests
    int fixed = 0;            ///< for deployments that say nothing of their own; 0: no limit
    int adaptive_min = 4;     ///< adaptive: never below
    int adaptive_max = 1'000; ///< adaptive: never above
    int queue = 1'000;        ///< waiting calls per group; beyond it 429
    std::chrono::milliseconds queue_time{30'000}; ///< longest wait
    friend bool operator==(admission_options const&, admission_options const&) = default;
};

/// A name for another group.
struct group_alias {
    std::string name;    ///< what callers may ask for
    std::string group;   ///< the group that serves it
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

    int num_retries = 2;                      ///< per call, where `retries` says nothing
    std::chrono::milliseconds retry_after{0}; ///< shortest wait between two attempts at the same group
    retry_policy retries{};                   ///< for all groups
    std::vector<std::pair<std::string, retry_policy>> group_retries{}; ///< model group to its own
    retry_budget_options retry_budget{};                               ///< shared by a group's extra attempts

    std::vector<fallback_rule> fallbacks{};                ///< after retries are used up
    std::vector<std::string> default_fallbacks{};          ///< for groups without a rule
    std::vector<fallback_rule> context_window_fallbacks{}; ///< when the prompt is too long
    std::vector<fallback_rule> content_policy_fallbacks{}; ///< when the content is refused
    int max_fallbacks = 5;                                 ///< groups per call

    std::optional<int> allowed_fails{}; ///< per minute; unset: error ratio and consecutive failures
    allowed_fails_policy allowed_fails_by_class{};  ///< goes before `allowed_fails`
    std::chrono::milliseconds cooldown_time{5'000}; ///< rest after failures, and between two probes
    /// Longest rest between two probes of a deployment that fails them for long: after 24 in a row the rest doubles with
    /// each up to this. At most `cooldown_time`: it never grows.
    std::chrono::milliseconds cooldown_max{60'000};
    bool disable_cooldowns = false; ///< no deployment ever rests

    hedge_options hedge{}; ///< off unless set
    int race = 1;          ///< attempts begun at once
    /// Longest silence within a stream after its first event.
    std::optional<std::chrono::milliseconds> stall_timeout{};
    /// Go on with another deployment, marked in the stream: the server's by a comment, the library's by a chunk
    /// (`chat_stream`).
    bool continue_after_stall = false;
    admission_options admission{}; ///< how many calls run at once

    bool enable_tag_filtering = false;   ///< a call's tags choose deployments
    bool tag_filtering_match_any = true; ///< one common tag is enough; false: all of them
    bool enable_pre_call_checks = false; ///< leave out deployments whose context window is too small
    std::vector<group_alias> aliases{};  ///< other names of groups
    std::chrono::milliseconds health_check_interval{0}; ///< 0: no background checks

    friend bool operator==(router_options const&, router_options const&) = default;
};

} // namespace cogate
