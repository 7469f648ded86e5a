#pragma once

#include "providers/call_context.hpp"

#include <string>
#include <string_view>

namespace cogate::providers::azure {

/// The path behind the base URL for an OpenAI path ("/chat/completions"), query included. Pure.
std::string path_of(std::string_view openai_path, call_context const& context);

/// The same for an Anthropic path ("/messages") of a Claude in AI Foundry.
std::string claude_path(std::string_view anthropic_path, call_context const& context);

} // namespace cogate::providers::azure
