#pragma once

#include "providers/client_dialect.hpp"
#include "providers/server_dialect.hpp"

#include <span>
#include <string_view>

namespace cogate::providers::gemini {

/// Google's generateContent (providers.md 5). The objects live for ever, are stateless and safe from any
/// thread.
///
/// What a reader should know:
/// - The model stands in the path, so parse_chat and the express lanes take it from inbound_target.
/// - Upstream streams are asked for as SSE; a JSON array is understood as well. They end by the
///   connection's close: finish reasons and the usage (cumulative, so the last one counts) come out of the
///   decoder's finish().
/// - A thoughtSignature on text stands as a reasoning_part without text behind that text; one on a call in
///   tool_call.signature. Both go back where they were, the first behind a seal (providers/common/sealed.hpp) by
///   which other dialects know that it is not theirs.
/// - Calls without an id get one derived from the answer's id; ids of that form are never sent to Google.
/// - A client that did not ask for thoughts gets only those that are signed, because they have to come back.
client_dialect const& client() noexcept;
server_dialect const& server() noexcept;

/// countTokens of this dialect on both sides: the same bytes, the model's name inside the body exchanged.
express_lane const& count_tokens_lane() noexcept;

/// Members of `extra` of requests in this dialect that mean something to Google only, and that other dialects
/// may leave out without a word: they change neither the answer's content nor the bill.
std::span<std::string_view const> advisory() noexcept;

} // namespace cogate::providers::gemini
