#pragma once
/// Changes of a request's messages that some services need. Each changes its argument in place.

#include <cogate/chat.hpp>
#include <cogate/result.hpp>

#include "providers/provider.hpp"

namespace cogate::providers::openai_chat {

/// Whether `reshape` would change or refuse anything.
bool needs_reshaping(chat_request const& request, chat_quirks const& quirks) noexcept;

/// Roles, content, reasoning of earlier turns, tool call ids and schemas as the service takes them. Fails with
/// "unsupported_content" for a part that the service has no form for.
result<void> reshape(chat_request& request, chat_quirks const& quirks);

/// Nine letters or digits made from any other id; the same one for the same id, and different ones within one
/// request.
void shorten_tool_ids(std::vector<message>& messages);

} // namespace cogate::providers::openai_chat
