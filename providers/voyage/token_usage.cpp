#include "providers/common/token_count.hpp"
#include "providers/voyage/codec.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::voyage {

namespace {

constexpr std::array<std::string_view, 1> known = {"total_tokens"};

} // namespace

usage read_usage(json::value object)
{
    usage out;
    const std::optional<std::int64_t> total = object["total_tokens"].as_int64();
    if (!total) {
        return out;
    }
    out.reported = true;
    out.prompt_tokens = out.total_tokens = std::clamp<std::int64_t>(*total, 0, most_tokens);
    keep_unknown(object, known, out.extra);
    return out;
}

} // namespace cogate::providers::voyage
