#pragma once

#include "providers/client_dialect.hpp"
#include "providers/server_dialect.hpp"

namespace cogate::providers::openai_responses {

/// OpenAI's Responses API, POST /responses (providers.md 2.6), as OpenAI, Azure, Bedrock, xAI, DeepSeek,
/// OpenRouter and others speak it. The two objects live for ever, are stateless and safe from any thread.
///
/// What a reader should know:
/// - Items and messages: a run of items of the assistant (reasoning, message, calls) is one assistant
///   message, its parts in order and its calls behind them. Items of hosted tools are unknown_part values
///   with the whole item.
/// - A reasoning item with text and encrypted content is two reasoning parts with the same id, in streams
///   too; the encoder joins them. Encrypted content without an id stands behind a seal
///   (providers/common/sealed.hpp). Parts with neither are another provider's and are not sent; nor is what was
///   not stored and has no encrypted content. Another provider's signature or encrypted content goes to clients
///   as `encrypted_content` behind a mark.
/// - The ids and states of messages and calls are not kept: the service takes items without them. `phase` is.
/// - The first system message with plain text is `instructions`; other system messages stay among the items.
/// - A request that did not come from this dialect is sent with `store` false unless it says otherwise,
///   because a chat completion is not stored either.
/// - Usage comes in a chunk of its own after the finish reason. A stream ends at response.completed,
///   .incomplete, .failed or an error event; there is no [DONE], and one that comes is ignored.
client_dialect const& client() noexcept;
server_dialect const& server() noexcept;

} // namespace cogate::providers::openai_responses
