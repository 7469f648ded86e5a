#pragma once

#include <chrono>
#include <optional>
#include <string_view>

/// Waiting times that upstreams name in header fields. Pure: the clock is an argument. Every function returns
/// nothing for text it does not understand and for negative values; results are rounded up to a
/// millisecond and never exceed the cap. A moment in the past is a wait of zero.
namespace cogate::wire {

inline constexpr std::chrono::milliseconds max_named_delay = std::chrono::hours(24);

/// `Retry-After`: seconds (a fraction is accepted, some upstreams send one) or an HTTP-date in any of the
/// three forms of RFC 9110 5.6.7.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                           std::chrono::system_clock::time_point now,
                                                           std::chrono::milliseconds cap = max_named_delay);

/// `retry-after-ms`: milliseconds, a fraction is accepted (Azure, OpenAI).
std::optional<std::chrono::milliseconds>
parse_retry_after_ms(std::string_view value, std::chrono::milliseconds cap = max_named_delay);

/// Duration as Go prints it: "6m0s", "17.399999999s", "12ms", "1h2m3.5s"; also "d" for days.
std::optional<std::chrono::milliseconds> parse_go_duration(std::string_view value,
                                                           std::chrono::milliseconds cap = max_named_delay);

/// `x-ratelimit-reset-*` and `anthropic-ratelimit-*-reset`: a Go duration, plain seconds, or an RFC 3339
/// moment ("2026-01-31T12:00:00Z").
std::optional<std::chrono::milliseconds> parse_reset_delay(std::string_view value,
                                                           std::chrono::system_clock::time_point now,
                                                           std::chrono::milliseconds cap = max_named_delay);

} // namespace cogate::wire
