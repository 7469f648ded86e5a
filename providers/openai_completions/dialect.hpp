#pragma once

#include "providers/client_dialect.hpp"
#include "providers/server_dialect.hpp"

namespace cogate::providers::openai_completions {

/// OpenAI's older text completions, POST /completions, as OpenAI, vLLM and others still speak them
/// (providers.md 2.6, 24). The two objects live for ever, are stateless and safe from any thread.
///
/// What a reader should know:
/// - A prompt is one message of the user; a conversation becomes one prompt, its texts joined by line ends.
/// - Token prompts, several prompts, `suffix`, `echo` and `best_of` have no counterpart in a chat: they stand
///   in `extra` and are sent to services of this dialect only, others refuse them by name.
/// - `logprobs` is a number here; its lists are turned into the chat dialect's objects and back.
client_dialect const& client() noexcept;
server_dialect const& server() noexcept;

} // namespace cogate::providers::openai_completions
