#pragma once
/// The tools of a request as the text that they are counted as: TypeScript's notation, in the shape that
/// LiteLLM's token_counter.py gives it. Pure function, safe from any thread.

#include <cogate/chat.hpp>

#include <span>
#include <string>

namespace cogate::catalog {

/// A tool that is no function counts by the `function`, the `function_declarations`, or the name, description
/// and schema of its definition. A schema or definition that is no JSON counts as none.
std::string tool_text(std::span<tool const> tools);

} // namespace cogate::catalog
