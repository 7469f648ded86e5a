#pragma once

#include <cogate/usage.hpp>

#include "lib/core/json/document.hpp"
#include "providers/common/fields.hpp"

namespace cogate::providers::openai_responses {

/// ResponseUsage: input_tokens include cached ones, output_tokens include reasoning (xAI's too, providers.md
/// 12.3). Never negative, cached <= prompt. Not an object: not reported.
usage read_usage(json::value object);

/// Writes the usage object itself, details included.
void write_usage(raw_writer& out, usage const& tokens);

} // namespace cogate::providers::openai_responses
