#include "providers/openai_responses/token_usage.hpp"
#include "providers/common/token_count.hpp"

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

} // namespace

usage read_usage(json::value object)
{
    usage out;
    if (!object.is_object()) {
        return out;
    }
    out.reported = true;
    out.prompt_tokens = token_count(object["input_tokens"]);
    out.completion_tokens = token_count(object["output_tokens"]);
    out.total_tokens = token_count(object["total_tokens"]);
    if (out.total_tokens == 0) {
        out.total_tokens = out.prompt_tokens + out.completion_tokens;
    }
    const json::value input = object["input_tokens_details"];
    out.cached_tokens = std::min(token_count(input["cached_tokens"]), out.prompt_tokens);
    out.cache_write_tokens = std::min(token_count(input["cache_write_tokens"]), out.prompt_tokens);
    out.prompt_audio_tokens = token_count(input["audio_tokens"]);
    out.prompt_image_tokens = token_count(input["image_tokens"]);
    const json::value output = object["output_tokens_details"];
    out.reasoning_tokens = std::min(token_count(output["reasoning_tokens"]), out.completion_tokens);
    out.completion_audio_tokens = token_count(output["audio_tokens"]);
    out.completion_image_tokens = token_count(output["image_tokens"]);
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
