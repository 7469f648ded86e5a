#pragma once

#include <cogate/usage.hpp>

#include "lib/core/json/document.hpp"
#include "providers/common/fields.hpp"

namespace cogate::providers::gemini {

/// `usageMetadata`, normalised (providers.md 5.3): thoughts are part of the completion, what tools brought
/// into the prompt is part of the prompt. An object without counts (Vertex's early events) says nothing.
usage read_usage(json::value metadata);

/// The whole `usageMetadata` object.
void write_usage(raw_writer& to, usage const& tokens);

} // namespace cogate::providers::gemini
