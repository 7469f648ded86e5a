#pragma once

#include "lib/core/json/writer.hpp"
#include "lib/ledger/report.hpp"
#include "lib/server/manage/handler.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace cogate::server::manage {

/// Sums of some attempts, as LiteLLM's daily activity has them.
struct activity_metrics {
    ledger::counts of;
    std::int64_t cached_tokens = 0;
    std::int64_t cache_write_tokens = 0;

    void add(ledger::activity_cell const& cell) noexcept;
};

/// Sums of one model, provider or owner, and of each key within.
struct activity_part {
    activity_metrics all;
    std::map<std::string, activity_metrics> keys;
};

using activity_parts = std::map<std::string, activity_part>;

/// One day.
struct activity_day {
    activity_metrics all;
    activity_parts models;
    activity_parts model_groups;
    activity_parts providers;
    activity_parts entities;
    std::map<std::string, activity_metrics> keys;

    /// `shows` says which entities are listed.
    void add(ledger::activity_cell const& cell, std::function<bool(std::string const&)> const& shows);
};

/// The members of a metrics object, each name with `prefix` before it.
void write_metrics(json::writer& to, activity_metrics const& what, std::string_view prefix = {});

/// {"date", "metrics", "breakdown"}; what is known of keys is looked up.
void write_day(json::writer& to, std::chrono::sys_days day, activity_day const& what,
               ledger::directory const& in);

} // namespace cogate::server::manage
