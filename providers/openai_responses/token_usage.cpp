#include "providers/openai_responses/token_usage.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::openai_responses {

namespace {

using names = std::string_view;

constexpr std::array<names, 5> known = {"input_tokens", "output_tokens", "total_tokens",
                                        "input_tokens_details", "output_tokens_details"};
constexpr std::array<names, 4> known_input = {"cached_tokens", "cache_write_tokens", "audio_tokens",
                                              "image_tokens"};
constexpr std::array<names, 3> known_output = {"reasoning_tokens", "audio_tokens", "image_tokens"};
// Under which names other dialects look for the leftovers.
constexpr std::array<names, 2> inner = {"prompt_tokens_details", "completion_tokens_details"};

// No call has more tokens; the cap keeps sums and prices within 64 bits whatever a provider claims.
constexpr std::int64_t most_tokens = std::int64_t{1} << 40;

std::int64_t count(json::value value) noexcept
{
    return std::clamp<std::int64_t>(value.as_int64().value_or(0), 0, most_tokens);
}

} // namespace

usage read_usage(json::value object)
{
    usage out;
    if (!object.is_object()) {
        return out;
    }
    out.reported = true;
    out.prompt_tokens = count(object["input_tokens"]);
    out.completion_tokens = count(object["output_tokens"]);
    out.total_tokens = count(object["total_tokens"]);
    if (out.total_tokens == 0) {
        out.total_tokens = out.prompt_tokens + out.completion_tokens;
    }
    const json::value input = object["input_tokens_details"];
    out.cached_tokens = std::min(count(input["cached_tokens"]), out.prompt_tokens);
    out.cache_write_tokens = std::min(count(input["cache_write_tokens"]), out.prompt_tokens);
    out.prompt_audio_tokens = count(input["audio_tokens"]);
    out.prompt_image_tokens = count(input["image_tokens"]);
    const json::value output = object["output_tokens_details"];
    out.reasoning_tokens = std::min(count(output["reasoning_tokens"]), out.completion_tokens);
    out.completion_audio_tokens = count(output["audio_tokens"]);
    out.completion_image_tokens = count(output["image_tokens"]);
    keep_unknown(object, known, out.extra);
    keep_leftovers(input, inner[0], known_input, out.extra);
    keep_leftovers(output, inner[1], known_output, out.extra);
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
    out.begin_object().member("input_tokens", tokens.prompt_tokens);
    out.key("input_tokens_details").begin_object().member("cached_tokens", tokens.cached_tokens);
    if_any("cache_write_tokens", tokens.cache_write_tokens);
    if_any("audio_tokens", tokens.prompt_audio_tokens);
    if_any("image_tokens", tokens.prompt_image_tokens);
    to.leftovers(tokens.extra, inner[0]);
    out.end_object().member("output_tokens", tokens.completion_tokens);
    out.key("output_tokens_details").begin_object().member("reasoning_tokens", tokens.reasoning_tokens);
    if_any("audio_tokens", tokens.completion_audio_tokens);
    if_any("image_tokens", tokens.completion_image_tokens);
    to.leftovers(tokens.extra, inner[1]);
    out.end_object().member("total_tokens", tokens.total_tokens);
    to.extra(tokens.extra, inner);
    out.end_object();
}

} // namespace cogate::providers::openai_responses
