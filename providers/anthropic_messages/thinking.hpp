#pragma once

#include <cogate/chat.hpp>

#include "providers/anthropic_messages/model_family.hpp"

#include <cstdint>
#include <string_view>

namespace cogate::providers::anthropic_messages {

/// What a request says of thinking, and the limits that follow.
struct thinking_plan {
    enum class kind { absent, disabled, budget, adaptive };
    kind type = kind::absent;
    std::int64_t budget_tokens = 0;
    std::string_view effort{}; ///< output_config.effort; a view of the request or static text
    std::int64_t max_tokens = 0;

    bool thinks() const noexcept { return type == kind::budget || type == kind::adaptive; }
};

/// `own`: the request was said in this dialect and means what it says. `forced_tool`: the model must call a tool.
thinking_plan plan_thinking(chat_request const& request, model_family const& family, bool own,
                            bool forced_tool);

/// Whether the caller wants thinking that the family does not have.
bool wants_more_thinking(chat_request const& request, model_family const& family) noexcept;

} // namespace cogate::providers::anthropic_messages
