#pragma once

#include "lib/core/json/document.hpp"
#include "lib/core/json/writer.hpp"

namespace cogate::providers::anthropic_messages {

/// Writes a JSON schema as structured output takes it: objects are closed (additionalProperties false), limits of
/// size and number that are refused are left out, oneOf becomes anyOf.
void write_strict_schema(json::writer& out, json::value schema);

} // namespace cogate::providers::anthropic_messages
