#pragma once

#include "lib/config/settings.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::config {

/// A mapping of the file. `model` is an entry of `model_list`; `alias` and `fallback` are the longer forms of
/// an entry of `model_group_alias` and of the fallback lists.
enum class section {
    top,
    model,
    litellm_params,
    model_info,
    litellm_settings,
    general_settings,
    router_settings,
    strategy_args,
    retry_policy,
    allowed_fails_policy,
    alias,
    fallback,
    hedge,
    retry_budget,
    admission,
    cogate,
    deadlines,
    limits,
    ledger,
    accounts,
    provider_budget,
    key_defaults,
    key_bounds,
    user_defaults
};

/// How a section is called in messages: "cogate.deadlines".
std::string_view to_string(section where) noexcept;

/// `delay` is a duration that may be zero, `usd` an amount of US dollars, `price` US dollars per token or other unit,
/// `period` how often a budget starts anew or how long a key lives.
enum class value_type {
    text,
    choice,
    secret,
    url,
    integer,
    number,
    bytes,
    duration,
    delay,
    usd,
    price,
    period,
    boolean,
    mapping,
    list
};

/// "text", "seconds", ...: type and unit in one word for tables and messages.
std::string_view to_string(value_type type) noexcept;

/// A value that has been read: the member that belongs to the key's type is set, `text` always.
struct value {
    std::string text{};
    std::int64_t number = 0; ///< also nano-dollars of `usd`
    double real = 0;         ///< of `number`
    std::chrono::milliseconds time{0};
    bool yes = false;
};

/// A budget, until it is known whether its keys make one.
struct budget_wish {
    std::optional<std::int64_t> limit{}; ///< nano-dollars
    std::string period{};
};

/// An entry of `model_list` while it is being read.
struct draft {
    deployment out{};
    std::string provider{}; ///< custom_llm_provider
    std::optional<std::chrono::milliseconds> timeout{};
    std::optional<std::chrono::milliseconds> stream_timeout{};
    std::optional<int> order{};
    std::vector<std::pair<std::string, std::string>>
        prices{}; ///< of litellm_params: before those of model_info
    std::vector<std::pair<std::string, std::string>> info_prices{};
    std::string base_model{}; ///< of litellm_params: after that of model_info
    budget_wish budget{};
};

/// Settings of routing that several keys decide together, until all of them are read.
struct routing_wishes {
    bool background_health_checks = false;
    std::chrono::milliseconds background_interval{300'000};
    std::optional<std::chrono::milliseconds> health_check_interval{};
    std::optional<int> default_max_parallel_requests{};
    std::optional<int> max_parallel{};
    std::optional<admission_options::limit> limit{};
};

/// The longer form of an alias or a fallback.
struct model_reference {
    std::string model{};
    bool hidden = false;
};

/// Where values go. The pointers are set within the sections that they belong to.
struct target {
    settings& all;
    draft* entry = nullptr;
    routing_wishes* routing = nullptr;
    cogate::retry_policy* retries = nullptr;
    model_reference* named = nullptr;
    budget_wish* budget = nullptr;
    key_terms* terms = nullptr;
};

/// A key that cogate uses: the one place that says its type, range, default and meaning. It drives the
/// reading, the messages and what `cogate validate --keys` prints.
struct key {
    section where;
    std::string_view name;
    value_type type;
    std::string_view fallback; ///< the default in words; empty: none
    std::string_view meaning;
    void (*store)(target&, value const&) = nullptr; ///< null: the key is read by code of its own
    std::int64_t low = 0;                           ///< of integers, numbers and bytes
    std::int64_t high = std::numeric_limits<std::int64_t>::max();
    std::span<std::string_view const> (*choices)() noexcept = nullptr; ///< what a `choice` may be
};

/// All keys in use, section by section.
std::span<key const> served_keys();

/// The row of a name. All of LiteLLM's prices without a row of their own share the row `other_prices`.
key const* find_key(section where, std::string_view name);

inline constexpr std::string_view other_prices = "*cost*";

/// Keys of a section that LiteLLM knows and cogate does not use yet. A trailing '*' stands for any ending.
std::span<std::string_view const> litellm_keys(section where) noexcept;

bool is_litellm_key(section where, std::string_view name) noexcept;

/// Request was sent to answer began: LiteLLM's `timeout`. A stream follows unless it has its own time, and
/// the whole call may always last as long as its phases.
void apply_timeouts(cogate::deadlines& to, std::optional<std::chrono::milliseconds> timeout,
                    std::optional<std::chrono::milliseconds> stream_timeout) noexcept;

} // namespace cogate::config
