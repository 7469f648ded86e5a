#pragma once
/// Content blocks of an answer.

#include <cogate/message.hpp>

#include "lib/core/json/document.hpp"

#include <string>
#include <string_view>

namespace cogate::providers::bedrock_converse {

/// Adds what one block says to `m`. False when the block is no object. `answered`: the block was the tool
/// that stands for a response format.
bool read_block(json::value block, message& m, bool& answered);

/// Whether a toolUse is the provider's own (type server_tool_use): never the caller's to run.
bool is_server_tool(json::value tool_use) noexcept;

/// The text inside a citationsContent block.
std::string cited_text(json::value citations_content);

} // namespace cogate::providers::bedrock_converse
