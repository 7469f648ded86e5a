#pragma once
/// The conversation: `system` and `messages` of a request.

#include "providers/bedrock_converse/parts.hpp"

namespace cogate::providers::bedrock_converse {

/// Writes the member `system`, when there is anything in it.
void write_system(block_writer& w, chat_request const& request);

/// Writes the member `messages`: turns of alternating roles.
void write_messages(block_writer& w, chat_request const& request);

} // namespace cogate::providers::bedrock_converse
