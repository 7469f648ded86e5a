#pragma once
/// Content parts and tool calls of a message, both directions.

#include <cogate/message.hpp>

#include "providers/common/fields.hpp"

namespace cogate::providers::openai_chat {

/// One element of a content array. A kind that is not known, or (lenient) one of a wrong shape, is kept
/// whole.
content_part read_part(reader& in, json::value value, place const& at);

/// Writes one part as an element of a content array. Reasoning from elsewhere than a content array has no
/// such form: the caller leaves it out.
void write_part(raw_writer& out, content_part const& part);

/// Whether the part goes into a content array (as opposed to its own member of the message).
bool belongs_to_array(content_part const& part) noexcept;

tool_call read_tool_call(reader& in, json::value value, place const& at);
void write_tool_call(raw_writer& out, tool_call const& call);

/// Text of `{"type":"thinking","thinking":[{"type":"text","text":"..."}]}` (Mistral) appended to `out`;
/// false when the part has another shape.
bool read_thinking(json::value part, std::string& out);

/// `extra_content.google.thought_signature` of a tool call (Gemini's compatible endpoint), when there is
/// nothing else in it.
std::string read_signature(json::value call);
void write_signature(raw_writer& out, std::string const& signature);

/// A URL, or the media type and base64 text of a `data:<type>;base64,` URL.
media_source read_url(std::string url);
std::string url_of(media_source const& source);

} // namespace cogate::providers::openai_chat
