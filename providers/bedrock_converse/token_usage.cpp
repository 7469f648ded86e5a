#include "providers/bedrock_converse/token_usage.hpp"
#include "providers/common/token_count.hpp"

#include "providers/common/fields.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::bedrock_converse {

namespace {

// The last two say the same as the two before them.
constexpr std::array<std::string_view, 8> known = {"inputTokens",
                                                   "outputTokens",
                                                   "totalTokens",
                                                   "cacheReadInputTokens",
                                                   "cacheWriteInputTokens",
                                                   "cacheDetails",
                                                   "cacheReadInputTokenCount",
                                                   "cacheWriteInputTokenCount"};

std::int64_t either(json::value object, std::string_view name, std::string_view twin) noexcept
{
    return std::max(token_count(object[name]), token_count(object[twin]));
}

} // namespace

usage read_usage(json::value object)
{
    usage out;
    if (!object.is_object()) {
        return out;
    }
    out.reported = true;
    out.cached_tokens = either(object, "cacheReadInputTokens", "cacheReadInputTokenCount");
    out.cache_write_tokens = either(object, "cacheWriteInputTokens", "cacheWriteInputTokenCount");
    for (json::value detail : object["cacheDetails"]) {
        if (detail["ttl"].equals("1h")) {
            out.cache_write_1h_tokens = std::min(
                out.cache_write_1h_tokens + token_count(detail["inputTokens"]), out.cache_write_tokens);
        }
    }
    out.prompt_tokens = token_count(object["inputTokens"]) + out.cached_tokens + out.cache_write_tokens;
    out.completion_tokens = token_count(object["outputTokens"]);
    out.total_tokens = out.prompt_tokens + out.completion_tokens;
    keep_unknown(object, known, out.extra);
    return out;
}

} // namespace cogate::providers::bedrock_converse
