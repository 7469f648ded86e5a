#pragma once

#include <cogate/raw_json.hpp>

#include <cstdint>

namespace cogate {

/// Tokens of one call, normalised to OpenAI's meaning whatever the provider reports.
///
/// `prompt_tokens` INCLUDES cached and cache-write tokens; `completion_tokens` INCLUDES reasoning tokens.
/// Counts are tokens, never negative. `reported` is false when no provider said anything.
struct usage {
    std::int64_t prompt_tokens = 0;     ///< of the whole prompt
    std::int64_t completion_tokens = 0; ///< of the whole answer, reasoning included
    std::int64_t total_tokens = 0;      ///< prompt and completion, as the provider adds them up

    std::int64_t cached_tokens = 0;              ///< read from the prompt cache (part of prompt)
    std::int64_t cache_write_tokens = 0;         ///< written to the prompt cache (part of prompt)
    std::int64_t cache_write_1h_tokens = 0;      ///< of those, with the one-hour lifetime
    std::int64_t prompt_audio_tokens = 0;        ///< part of prompt
    std::int64_t prompt_image_tokens = 0;        ///< part of prompt
    std::int64_t reasoning_tokens = 0;           ///< part of completion
    std::int64_t completion_audio_tokens = 0;    ///< part of completion
    std::int64_t completion_image_tokens = 0;    ///< part of completion
    std::int64_t accepted_prediction_tokens = 0; ///< of a predicted output: used (part of completion)
    std::int64_t rejected_prediction_tokens = 0; ///< of a predicted output: made in vain (part of completion)

    bool reported = false; ///< a provider said these numbers
    /// What else the provider put into its usage object. Unknown members of the two `_details` objects stand here
    /// under the name of their object.
    extra_fields extra{};

    friend bool operator==(usage const&, usage const&) = default;
};

} // namespace cogate
