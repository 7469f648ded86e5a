#pragma once
/// A wish for reasoning in the words of the model behind Converse.

#include <cogate/chat.hpp>

#include "providers/bedrock_converse/models.hpp"

#include <cstdint>
#include <optional>

namespace cogate::providers::bedrock_converse {

struct thinking_wish {
    extra_fields fields{}; ///< for additionalModelRequestFields
    bool on = false;       ///< a tool cannot be forced beside it
    std::optional<std::int64_t>
        max_tokens{}; ///< instead of the caller's, where his is too small for the budget
};

/// `max_tokens`: the caller's, if any.
thinking_wish wish_for(reasoning_options const& reasoning, model_facts const& model,
                       std::optional<std::int64_t> max_tokens);

} // namespace cogate::providers::bedrock_converse
