#pragma once

#include "lib/policy/lane.hpp"
#include "lib/wire/header.hpp"

#include <chrono>
#include <span>

namespace cogate::engine {

/// What an answer's header fields say about the provider's rate limits:
/// - OpenAI, Azure, Groq and most others: x-ratelimit-{limit,remaining,reset}-{requests,tokens}
/// - Anthropic: anthropic-ratelimit-{requests,tokens,input-tokens,output-tokens}-{limit,remaining,reset}
/// - Mistral, Cerebras: the same with -req-minute, -tokens-minute, -requests-day
/// - Replicate, Together, OpenRouter: {x-,}ratelimit-{limit,remaining,reset}, about requests
///
/// Of several windows about one thing the one with the least left counts. Resets may be Go durations,
/// seconds, RFC 3339 moments or Unix times; they are at most a day. Numbers that make no sense (negative, too
/// large) are ignored. Pure; `now` is the wall clock, for moments.
policy::quota_report read_quota(std::span<wire::header const> fields,
                                std::chrono::system_clock::time_point now);

} // namespace cogate::engine
