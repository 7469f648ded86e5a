#pragma once

#include "providers/client_dialect.hpp"
#include "providers/server_dialect.hpp"

namespace cogate::providers::anthropic_messages {

/// Anthropic's Messages API (providers.md 4), both halves. The objects live for ever, are stateless and safe from any
/// thread.
///
/// What a reader should know:
/// - A tool result is a message of role `tool`; the encoder gathers all of a turn into one user message, results first.
///   `tool_use` blocks stand in message.tool_calls and go out after the other content. Blocks that the provider ran
///   itself (server_tool_use and its results, ...) are `unknown_part`s in their place.
/// - A client's `max_tokens` is max_completion_tokens, because it includes the thinking. Without one the encoder sends
///   the most that the model's family may answer.
/// - Thinking in a request of another dialect is set by its effort word: adaptive where the model knows that, else a
///   budget within max_tokens. It is left out where it would be refused: beside a forced tool, or after a tool call
///   whose thinking the caller did not send back. Unsigned thinking of earlier turns is not sent.
/// - A JSON schema goes out as output_config.format, cleaned of keywords that are refused; to older models as the forced
///   tool `json_tool_call`, whose input comes back as text with the finish reason "stop".
/// - A text block's citations stand in text_part.citations; in streams each finished block's list comes in
///   message_extra "citations". Those with a URL are `annotations` too.
/// - Streams: usage comes once, after the finish reason. A second message_start (the provider began anew) begins new
///   parts and a new tool call; what was sent before stays, an unfinished call too.
client_dialect const& client() noexcept;
server_dialect const& server() noexcept;

/// The express lane of /v1/messages/count_tokens: a request without `stream`, answered by {"input_tokens": n}.
/// Nothing of it is billed, so that its facts hold no usage.
express_lane const& count_tokens_lane() noexcept;

} // namespace cogate::providers::anthropic_messages
