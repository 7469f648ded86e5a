#pragma once
/// Tools, tool choice and answer formats, which this dialect writes flat where the chat dialect nests them.

#include <cogate/chat.hpp>

#include "providers/common/fields.hpp"

#include <optional>

namespace cogate::providers::openai_responses {

/// A function becomes a tool with fields; a custom tool has the chat dialect's definition; hosted tools are
/// kept whole.
tool read_tool(reader& in, json::value value, place const& at);
/// `ours`: the tool came from this dialect. False, with nothing written, when it is another provider's own
/// tool.
bool write_tool(raw_writer& out, tool const& t, bool ours);

std::optional<tool_choice> read_tool_choice(reader& in, json::value value, place const& at);
/// Writes the value without its key. False, with nothing written, when the dialect has no such choice.
bool write_tool_choice(raw_writer& out, tool_choice const& choice, bool ours);

/// `text.format`.
std::optional<response_format> read_format(reader& in, json::value value, place const& at);
bool write_format(raw_writer& out, response_format const& format, bool ours);

/// The chat dialect's web_search_options as the hosted tool of this one.
void write_web_search(raw_writer& out, raw_json const& options);

} // namespace cogate::providers::openai_responses
