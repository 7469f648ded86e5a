#pragma once

#include <cogate/usage.hpp>

#include "lib/core/json/document.hpp"

namespace cogate::providers::bedrock_converse {

/// Converse's inputTokens leave the cache out; prompt_tokens include it (providers.md 7.3).
usage read_usage(json::value object);

} // namespace cogate::providers::bedrock_converse
