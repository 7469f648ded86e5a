#pragma once

#include <cstdint>
#include <string_view>

namespace cogate::providers::anthropic_messages {

/// How the models of a family are told to think.
enum class thinking_mode {
    none,
    budget,   ///< thinking.type "enabled" with budget_tokens
    both,     ///< "enabled" or "adaptive"
    adaptive, ///< "adaptive" only
};

/// Efforts that output_config.effort takes, from none at all up to "xhigh".
enum class effort_range { none, high, max, xhigh };

/// What requests to the models of one family may hold (providers.md 4.2 and Anthropic's list of models).
struct model_family {
    std::string_view mark; ///< found in the model's name
    std::int64_t max_output;
    thinking_mode thinking;
    effort_range effort;
    bool structured_output;  ///< takes output_config.format
    bool fixed_sampling;     ///< refuses temperature, top_p and top_k
    bool system_in_messages; ///< takes role "system" among the messages
};

/// The family of a model under any of its names ("us.anthropic.claude-sonnet-4-5-20250929-v1:0",
/// "claude-opus-4.6", "claude-sonnet-4@20250514"). An unknown Claude counts as the newest, anything else as an
/// early one.
model_family const& family_of(std::string_view model) noexcept;

} // namespace cogate::providers::anthropic_messages
