#pragma once

#include <cogate/usage.hpp>

#include "lib/core/json/document.hpp"
#include "providers/common/fields.hpp"

namespace cogate::providers::openai_media {

/// The usage of a media answer: input_tokens and output_tokens with details, or chat's names (Mistral, whose
/// audio tokens stand beside prompt_tokens). Seconds and prices stay in `extra`. Not an object: not reported.
usage read_usage(json::value object);

/// How the object of the input's details is called.
enum class usage_style { image, audio };

/// Writes the usage object itself; token counts only where there are any.
void write_usage(raw_writer& to, usage const& tokens, usage_style style);

} // namespace cogate::providers::openai_media
