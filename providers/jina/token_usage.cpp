#include "providers/common/token_count.hpp"
#include "providers/jina/codec.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::jina {

namespace {

constexpr std::array<std::string_view, 3> known = {"prompt_tokens", "completion_tokens", "total_tokens"};

} // namespace

usage read_usage(json::value object)
{
    usage out;
    const std::optional<std::int64_t> total = object["total_tokens"].as_int64();
    const std::optional<std::int64_t> prompt = object["prompt_tokens"].as_int64();
    if (!total && !prompt) {
        return out;
    }
    out.reported = true;
    out.prompt_tokens = std::clamp<std::int64_t>(prompt.value_or(total.value_or(0)), 0, most_tokens);
    out.total_tokens = out.prompt_tokens;
    keep_unknown(object, known, out.extra);
    return out;
}

} // namespace cogate::providers::jina
