#include "providers/bedrock_converse/token_usage.hpp"

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

// No call has more tokens; the cap keeps sums and prices within 64 bits whatever a provider claims.
constexpr std::int64_t most_tokens = std::int64_t{1} << 40;

std::int64_t count(json::value value) noexcept
{
    return std::clamp<std::int64_t>(value.as_int64().value_or(0), 0, most_tokens);
}

std::int64_t either(json::value object, std::string_view name, std::string_view twin) noexcept
{
    return std::max(count(object[name]), count(object[twin]));
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
            out.cache_write_1h_tokens =
                std::min(out.cache_write_1h_tokens + count(detail["inputTokens"]), out.cache_write_tokens);
        }
    }
    out.prompt_tokens = count(object["inputTokens"]) + out.cached_tokens + out.cache_write_tokens;
    out.completion_tokens = count(object["outputTokens"]);
    out.total_tokens = out.prompt_tokens + out.completion_tokens;
    keep_unknown(object, known, out.extra);
    return out;
}

} // namespace cogate::providers::bedrock_converse
