#pragma once
/// One row of models.def. Pure, safe from any thread.
///
///   provider model mode context output capabilities {word}
///
/// Separated by spaces; "-" stands for nothing. Capabilities are joined by '|'. Words:
///   in=2.5  in@batch=1.25  in>272000=5  in@priority>272000=10   a price: USD per million tokens, per unit for
///                                       what is not a token; codes as in meter.cpp, tier, prompt tokens exceeded
///   from=2026-07-30                     prices behind it hold from that day (UTC) on
///   factor.eu=1.1                       an uplift
///   dims=1536  until=2026-03-26  until=deprecated  onesearch

#include <cogate/prices.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace cogate::catalog {

/// Nothing when the row does not follow the grammar.
std::optional<model_facts> parse_row(std::string_view row);

/// "2026-07-30", midnight UTC; nothing when it is no date.
std::optional<std::chrono::sys_seconds> parse_day(std::string_view text) noexcept;

/// A factor as decimal text, in millionths: above 0, at most 100.
std::optional<std::int64_t> parse_factor(std::string_view text) noexcept;

} // namespace cogate::catalog
