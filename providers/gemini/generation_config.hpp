#pragma once

#include <cogate/chat.hpp>
#include <cogate/result.hpp>

#include "providers/call_context.hpp"
#include "providers/common/fields.hpp"
#include "providers/gemini/model_traits.hpp"

namespace cogate::providers::gemini {

/// Writes `generationConfig`, or nothing where it would be empty.
result<void> write_generation_config(raw_writer& to, chat_request const& request, model_traits const& model,
                                     call_context const& context);

void read_generation_config(reader& in, json::value root, chat_request& out);

} // namespace cogate::providers::gemini
