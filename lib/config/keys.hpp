#pragma once

#include "lib/config/settings.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cogate::config {

/// A mapping of the file. `model` is an entry of `model_list`.
enum class section {
    top,
    model,
    litellm_params,
    model_info,
    litellm_settings,
    general_settings,
    router_settings,
    cogate,
    deadlines,
    limits
};

/// How a section is called in messages: "cogate.deadlines".
std::string_view to_string(section where) noexcept;

enum class value_type { text, secret, url, integer, bytes, duration, boolean, mapping, list };

/// "text", "seconds", ...: type and unit in one word for tables and messages.
std::string_view to_string(value_type type) noexcept;

/// A value that has been read: the member that belongs to the key's type is set, `text` always.
struct value {
    std::string text{};
    std::int64_t number = 0;
    std::chrono::milliseconds time{0};
    bool yes = false;
};

/// An entry of `model_list` while it is being read.
struct draft {
    deployment out{};
    std::string provider{}; ///< custom_llm_provider
    std::optional<std::chrono::milliseconds> timeout{};
    std::optional<std::chrono::milliseconds> stream_timeout{};
};

/// Where values go.
struct target {
    settings& all;
    draft* entry = nullptr; ///< set within an entry of `model_list`
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
    std::int64_t low = 0;                           ///< of integers and bytes
    std::int64_t high = std::numeric_limits<std::int64_t>::max();
};

/// All keys in use, in the order of their sections.
std::span<key const> served_keys() noexcept;

key const* find_key(section where, std::string_view name) noexcept;

/// Keys of a section that LiteLLM knows and cogate does not use yet. A trailing '*' stands for any ending.
std::span<std::string_view const> litellm_keys(section where) noexcept;

bool is_litellm_key(section where, std::string_view name) noexcept;

/// Request was sent to answer began: LiteLLM's `timeout`. A stream follows unless it has its own time, and
/// the whole call may always last as long as its phases.
void apply_timeouts(cogate::deadlines& to, std::optional<std::chrono::milliseconds> timeout,
                    std::optional<std::chrono::milliseconds> stream_timeout) noexcept;

} // namespace cogate::config
