#pragma once

#include "providers/client_dialect.hpp"

namespace cogate::providers::voyage {

/// Voyage's embeddings and rerank (providers.md 23). The base URL ends in "/v1". The object lives for ever,
/// is stateless and safe from any thread.
///
/// What a reader should know: usage has a total only, which is the prompt; rerank says `top_k` and `data`
/// where others say top_n and results; base64 is asked for only while the vectors are floats (no
/// `output_dtype`).
client_dialect const& client() noexcept;

} // namespace cogate::providers::voyage
