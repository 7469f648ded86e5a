#pragma once
/// Tools and which of them may or must be called, both directions.

#include <cogate/chat.hpp>
#include <cogate/result.hpp>

#include "providers/call_context.hpp"
#include "providers/common/fields.hpp"
#include "providers/gemini/model_traits.hpp"

namespace cogate::providers::gemini {

/// Writes `tools` and `toolConfig`. Other providers' tools become Google's counterparts where there are any,
/// else the request is refused or, under drop_params, goes without them.
result<void> write_tools(raw_writer& to, chat_request const& request, model_traits const& model,
                         call_context const& context);

/// Reads both into `out`. Google's own tools stay whole; a plain googleSearch is web_search_options.
void read_tools(reader& in, json::value root, chat_request& out);

} // namespace cogate::providers::gemini
