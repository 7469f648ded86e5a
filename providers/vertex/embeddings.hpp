#pragma once

#include "providers/client_dialect.hpp"

namespace cogate::providers::vertex {

/// text-embedding-* and their kin by :predict, gemini-embedding-2* by :embedContent (providers.md 6.2).
embedding_codec const& client_embeddings() noexcept;

} // namespace cogate::providers::vertex
