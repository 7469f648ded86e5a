#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::engine {

/// What a client's body says of its cost and its author.
struct request_terms {
    /// Members of the body that say them.
    static constexpr std::array<std::string_view, 8> members{
        "max_tokens", "max_completion_tokens", "max_output_tokens", "n", "best_of", "user",
        "metadata",   "generationConfig"};

    std::optional<std::int64_t> max_output_tokens{}; ///< the largest, where several members say it
    std::int64_t choices = 1;
    std::string end_user{}; ///< `user`, or Anthropic's `metadata.user_id`
};

/// Reads them from the body of any chat, completion or embedding dialect: `max_tokens`, `max_completion_tokens`,
/// `max_output_tokens`, `n`, `best_of`, `user`, `metadata.user_id`, and Gemini's `generationConfig.maxOutputTokens` and
/// `.candidateCount`. Whatever makes no sense there is left to the dialect's own error. Pure; one scan.
request_terms read_request_terms(std::string_view body);

} // namespace cogate::engine
