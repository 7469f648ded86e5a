#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cogate::providers::demo {

/// What a model name asks for.
struct model_name {
    enum class act { echo, tokens, tool, error, stall, cut, embedding };
    act what = act::echo;
    std::int64_t words = 0; ///< tokens
    std::int64_t words_per_second = 50;
    int status = 0; ///< error
};

inline constexpr std::string_view known_models = "demo/echo, demo/tokens-N, demo/tokens-N@R, demo/tool, "
                                                 "demo/error-STATUS, demo/stall, demo/cut, demo/embedding";

/// With or without the prefix "demo/"; nothing for a name that is none of ours.
std::optional<model_name> parse_model_name(std::string_view name) noexcept;

} // namespace cogate::providers::demo
