#pragma once
/// The parts of a turn: media and Google's own kinds, both directions.

#include <cogate/message.hpp>

#include "providers/common/fields.hpp"
#include "providers/gemini/codec.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers::gemini {

/// An id for a call that has none: the same for the same call of the same answer.
std::string made_call_id(std::string_view answer, std::uint64_t place, std::string_view name);

/// Whether a call's id is of the form that OpenAI or made_call_id give; Google never made such a one.
bool is_foreign_id(std::string_view id) noexcept;

/// A part of any kind but functionCall and functionResponse appended to `to`. False when it is no object.
bool read_part(json::value part, std::vector<content_part>& to);

/// A functionCall without its id made up: `id` may be empty. Arguments are "{}" when there are none.
tool_call read_call(json::value part);

/// `thoughtSignature` of a part.
std::string signature_of(json::value part);

/// Media of an answer or a tool's result: inlineData or fileData. Nothing for other parts.
std::optional<content_part> read_media(json::value part);

/// Whether it is one of Google's own parts kept whole (executableCode, toolCall, ...).
bool is_own_part(unknown_part const& part);

/// Writes an image, audio, file or own part. False when this dialect has no such part.
bool write_media(raw_writer& to, content_part const& part, flavour const& at);

/// `functionCall` with its arguments as an object, and its signature.
void write_call(raw_writer& to, tool_call const& call, std::string_view signature, bool with_id);

/// "audio/wav" for "wav".
std::string audio_type(std::string_view format);

} // namespace cogate::providers::gemini
