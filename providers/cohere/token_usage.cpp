#include "providers/cohere/codec.hpp"
#include "providers/common/token_count.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::cohere {

namespace {

constexpr std::array<std::string_view, 2> known = {"tokens", "cached_tokens"};

} // namespace

usage read_usage(json::value object)
{
    usage out;
    const json::value tokens = object["tokens"].is_object() ? object["tokens"] : object["billed_units"];
    if (!tokens["input_tokens"].exists() && !tokens["output_tokens"].exists()) {
        return out;
    }
    out.reported = true;
    out.prompt_tokens = token_count(tokens["input_tokens"]);
    out.completion_tokens = token_count(tokens["output_tokens"]);
    out.total_tokens = out.prompt_tokens + out.completion_tokens;
    out.cached_tokens = std::min(token_count(object["cached_tokens"]), out.prompt_tokens);
    out.prompt_image_tokens = std::min(token_count(tokens["image_tokens"]), out.prompt_tokens);
    out.reasoning_tokens = std::min(token_count(tokens["reasoning_tokens"]), out.completion_tokens);
    keep_unknown(object, known, out.extra);
    return out;
}

} // namespace cogate::providers::cohere
