#pragma once

#include <cogate/usage.hpp>

#include "lib/core/json/document.hpp"
#include "providers/common/fields.hpp"
#include "providers/provider.hpp"

namespace cogate::providers::openai_chat {

/// A provider's usage object in OpenAI's meaning (providers.md 29.2). Never negative; cached <= prompt;
/// reasoning that a provider counts outside completion (xAI, Gemini's compatible endpoint) is put inside.
/// The total shows that in most answers; `rule` decides where there is none.
/// Not an object: not reported.
usage read_usage(json::value object, chat_quirks::usage_rule rule = chat_quirks::usage_rule::as_is);

/// Writes the usage object itself, details included.
void write_usage(raw_writer& out, usage const& tokens);

} // namespace cogate::providers::openai_chat
