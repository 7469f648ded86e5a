#pragma once

#include <cogate/chat.hpp>
#include <cogate/result.hpp>

#include "providers/anthropic_messages/blocks.hpp"

#include <string_view>

namespace cogate::providers::anthropic_messages {

struct message_options {
    block_options blocks{};
    bool system_in_messages = false; ///< a system message in the middle stays there
    std::string_view instruction{};  ///< one more system text; empty: none
};

/// Writes the members `system` and `messages`. Fails with "unsupported_content" where a part has no block, or with
/// "invalid_value" where a call's arguments are no object.
result<void> write_messages(raw_writer& out, chat_request const& request, message_options const& options);

/// Whether the history goes on after an assistant's tool call whose signed thinking is not there.
bool lacks_thinking(chat_request const& request) noexcept;

} // namespace cogate::providers::anthropic_messages
