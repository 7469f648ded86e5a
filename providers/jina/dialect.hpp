#pragma once

#include "providers/client_dialect.hpp"

namespace cogate::providers::jina {

/// Jina's embeddings and rerank (providers.md 22; no recorded traffic). Services that copied this rerank
/// (Together, OpenRouter) are served by it too. The base URL ends in "/v1". The object lives for ever, is
/// stateless and safe from any thread.
///
/// What a reader should know: the format of embeddings is `embedding_type`, not encoding_format.
client_dialect const& client() noexcept;

} // namespace cogate::providers::jina
