#pragma once

#include "providers/client_dialect.hpp"

namespace cogate::providers::ollama {

/// Ollama's own API: /api/chat and /api/embed (providers.md 16). The base URL is the server, without "/api".
/// The object lives for ever, is stateless and safe from any thread.
///
/// What a reader should know:
/// - Streams are newline-delimited JSON; `{"error": ...}` may come as a line after status 200.
/// - Tool calls have no ids: they get one that depends on the answer's first line, the call and its place.
/// - Ollama cannot be forced to call a tool; tool_choice "none" is sent as "no tools".
/// - Members of `extra` that /api/chat does not know itself (num_ctx, repeat_penalty, ...) go into `options`.
/// - `think` takes an effort word from gpt-oss models only; other models get true or false.
/// - Answers of the older /api/generate are read too.
client_dialect const& client() noexcept;

} // namespace cogate::providers::ollama
