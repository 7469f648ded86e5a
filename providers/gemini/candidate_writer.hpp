#pragma once
/// Pieces of an answer that whole answers and streamed events write alike.

#include <cogate/chat.hpp>

#include "providers/common/fields.hpp"

#include <string>
#include <string_view>

namespace cogate::providers::gemini {

/// Whether the caller asked for thoughts.
bool wants_thoughts(chat_request const& request) noexcept;

void write_text(json::writer& out, std::string_view text);
/// A thought, or with empty text a signature alone.
void write_thought(json::writer& out, std::string_view text, std::string_view signature, bool thought);
/// One part of other kinds; what a Gemini client cannot be told is left out.
void write_other_part(raw_writer& to, content_part const& part);
/// The audio object of an answer as inlineData; `fallback` is the format the request asked for.
void write_audio(json::writer& out, raw_json const& audio, raw_json const& asked);

/// Members that are Google's by their spelling: strict clients refuse those of other dialects.
void write_extra(raw_writer& to, extra_fields const& extra);
/// groundingMetadata of url citations, where there is none from Google itself.
void write_citations(json::writer& out, raw_json const& annotations);

} // namespace cogate::providers::gemini
