#include "providers/cohere/codec.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::cohere {

namespace {

constexpr std::array<std::string_view, 2> known = {"tokens", "cached_tokens"};

// No call has more tokens; the cap keeps sums and prices within 64 bits whatever is claimed.
constexpr std::int64_t most_tokens = std::int64_t{1} << 40;

std::int64_t count(json::value value) noexcept
{
    return std::clamp<std::int64_t>(value.as_int64().value_or(0), 0, most_tokens);
}

} // namespace

usage read_usage(json::value object)
{
    usage out;
    const json::value tokens = object["tokens"].is_object() ? object["tokens"] : object["billed_units"];
    if (!tokens["input_tokens"].exists() && !tokens["output_tokens"].exists()) {
        return out;
    }
    out.reported = true;
    out.prompt_tokens = count(tokens["input_tokens"]);
    out.completion_tokens = count(tokens["output_tokens"]);
    out.total_tokens = out.prompt_tokens + out.completion_tokens;
    out.cached_tokens = std::min(count(object["cached_tokens"]), out.prompt_tokens);
    out.prompt_image_tokens = std::min(count(tokens["image_tokens"]), out.prompt_tokens);
    out.reasoning_tokens = std::min(count(tokens["reasoning_tokens"]), out.completion_tokens);
    keep_unknown(object, known, out.extra);
    return out;
}

} // namespace cogate::providers::cohere
