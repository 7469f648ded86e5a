#pragma once

#include <cogate/chat.hpp>

#include "providers/common/fields.hpp"
#include "providers/gemini/codec.hpp"
#include "providers/gemini/model_traits.hpp"

namespace cogate::providers::gemini {

/// Writes `systemInstruction` and `contents`. Fails with "unsupported_content" for a part this dialect cannot
/// carry, and for a tool's result whose call is not in the history.
result<void> write_contents(raw_writer& to, chat_request const& request, model_traits const& model,
                            flavour const& at);

} // namespace cogate::providers::gemini
