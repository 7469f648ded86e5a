#include "providers/openai_chat/token_usage.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace cogate::providers::openai_chat {

namespace {

constexpr std::array<std::string_view, 5> known = {"prompt_tokens", "completion_tokens", "total_tokens",
                                                   "prompt_tokens_details", "completion_tokens_details"};
constexpr std::array<std::string_view, 4> known_prompt = {"cached_tokens", "cache_write_tokens",
                                                          "audio_tokens", "image_tokens"};
constexpr std::array<std::string_view, 5> known_completion = {"reasoning_tokens", "audio_tokens",
                                                              "image_tokens", "accepted_prediction_tokens",
                                                              "rejected_prediction_tokens"};
constexpr std::array<std::string_view, 2> inner = {"prompt_tokens_details", "completion_tokens_details"};

// No call has more tokens; the cap keeps sums and prices within 64 bits whatever a provider claims.
constexpr std::int64_t most_tokens = std::int64_t{1} << 40;

std::int64_t count(json::value value) noexcept
{
    return std::clamp<std::int64_t>(value.as_int64().value_or(0), 0, most_tokens);
}

} // namespace

usage read_usage(json::value object, chat_quirks::usage_rule rule)
{
    usage out;
    if (!object.is_object()) {
        return out;
    }
    out.reported = true;
    out.prompt_tokens = count(object["prompt_tokens"]);
    out.completion_tokens = count(object["completion_tokens"]);
    out.total_tokens = count(object["total_tokens"]);

    const json::value prompt = object["prompt_tokens_details"];
    out.cached_tokens = count(prompt["cached_tokens"]);
    // Elsewhere on DeepSeek, Mistral and Moonshot.
    for (std::string_view const name : {"prompt_cache_hit_tokens", "num_cached_tokens", "cached_tokens"}) {
        if (out.cached_tokens == 0) {
            out.cached_tokens = count(object[name]);
        }
    }
    // Azure's grok reports more cached than prompt tokens.
    out.cached_tokens = std::min(out.cached_tokens, out.prompt_tokens);
    out.cache_write_tokens = std::min(count(prompt["cache_write_tokens"]), out.prompt_tokens);
    out.prompt_audio_tokens = count(prompt["audio_tokens"]);
    out.prompt_image_tokens = count(prompt["image_tokens"]);

    const json::value completion = object["completion_tokens_details"];
    out.reasoning_tokens = count(completion["reasoning_tokens"]);
    out.completion_audio_tokens = count(completion["audio_tokens"]);
    out.completion_image_tokens = count(completion["image_tokens"]);
    out.accepted_prediction_tokens = count(completion["accepted_prediction_tokens"]);
    out.rejected_prediction_tokens = count(completion["rejected_prediction_tokens"]);

    const std::int64_t outside = out.total_tokens - out.prompt_tokens - out.completion_tokens;
    if (out.total_tokens == 0) {
        if (rule == chat_quirks::usage_rule::reasoning_beside) {
            out.completion_tokens += out.reasoning_tokens;
        }
        out.total_tokens = out.prompt_tokens + out.completion_tokens;
    } else if (outside > 0 && (out.reasoning_tokens == outside || out.reasoning_tokens == 0)) {
        out.completion_tokens += outside;
        out.reasoning_tokens = outside;
    }

    out.reasoning_tokens = std::min(out.reasoning_tokens, out.completion_tokens);

    keep_unknown(object, known, out.extra);
    keep_leftovers(prompt, inner[0], known_prompt, out.extra);
    keep_leftovers(completion, inner[1], known_completion, out.extra);
    return out;
}

void write_usage(raw_writer& to, usage const& tokens)
{
    json::writer& out = to.out();
    const auto if_any = [&](std::string_view name, std::int64_t n) {
        if (n != 0) {
            out.member(name, n);
        }
    };
    out.begin_object();
    out.member("prompt_tokens", tokens.prompt_tokens);
    out.member("completion_tokens", tokens.completion_tokens);
    out.member("total_tokens", tokens.total_tokens);
    out.key("prompt_tokens_details").begin_object();
    out.member("cached_tokens", tokens.cached_tokens);
    out.member("audio_tokens", tokens.prompt_audio_tokens);
    if_any("cache_write_tokens", tokens.cache_write_tokens);
    if_any("image_tokens", tokens.prompt_image_tokens);
    to.leftovers(tokens.extra, inner[0]);
    out.end_object();
    out.key("completion_tokens_details").begin_object();
    out.member("reasoning_tokens", tokens.reasoning_tokens);
    out.member("audio_tokens", tokens.completion_audio_tokens);
    out.member("accepted_prediction_tokens", tokens.accepted_prediction_tokens);
    out.member("rejected_prediction_tokens", tokens.rejected_prediction_tokens);
    if_any("image_tokens", tokens.completion_image_tokens);
    to.leftovers(tokens.extra, inner[1]);
    out.end_object();
    to.extra(tokens.extra, inner);
    out.end_object();
}

} // namespace cogate::providers::openai_chat
