#pragma once

#include "providers/client_dialect.hpp"
#include "providers/server_dialect.hpp"

namespace cogate::providers::openai_chat {

/// OpenAI's chat completions and embeddings, as the many services that copy them speak them (providers.md 2
/// and 9 to 28). The two objects live for ever, are stateless and safe from any thread.
///
/// What a reader should know:
/// - Streams: usage comes out of the decoder in a chunk without choices of its own, once, wherever the
///   provider put it; only a provider that changes its count after the last finish_reason makes it come
///   again. Chunk fields that a provider repeats unchanged (Perplexity's citations) come once; padding
///   (`obfuscation`) is dropped.
/// - `finished()` is true at `[DONE]` (or Perplexity's chat.completion.done) only, so that a usage chunk
///   after the finish_reason is still read; `finish()` is content with a finish_reason of every choice as
///   well.
/// - Embeddings: OpenAI's clients ask for base64 by default and some upstreams ignore that and send floats.
///   The express lane passes them on; whoever answers the client re-encodes them with the two halves.
/// - `cache_control` marks, `top_k` and unknown members are sent as the caller gave them; a service that
///   refuses them says so with a 400.
client_dialect const& client() noexcept;
server_dialect const& server() noexcept;

} // namespace cogate::providers::openai_chat
