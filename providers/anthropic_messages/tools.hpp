#pragma once

#include <cogate/chat.hpp>
#include <cogate/result.hpp>

#include "providers/anthropic_messages/blocks.hpp"

namespace cogate::providers::anthropic_messages {

struct tool_options {
    block_options blocks{};
    bool json_answer = false; ///< the request's schema goes out as the tool `json_tool_call`
    bool thinks = false;      ///< then no tool can be forced
    bool strict = false;      ///< the model takes `strict`, which older ones refuse
};

/// Writes the members `tools` and `tool_choice`, when there are tools.
result<void> write_tools(raw_writer& out, chat_request const& request, tool_options const& options);

} // namespace cogate::providers::anthropic_messages
