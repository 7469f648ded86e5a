#pragma once
/// The pieces of the folder, one per file.

#include <cogate/rerank.hpp>

#include "providers/client_dialect.hpp"

namespace cogate::providers::bedrock {

/// Titan, Cohere and Nova through InvokeModel; the model's name says which.
embedding_codec const& embeddings() noexcept;

/// Rerank models through InvokeModel.
rerank_codec const& invoke_rerank() noexcept;
/// Rerank of bedrock-agent-runtime.
rerank_codec const& agent_rerank() noexcept;

/// Unwraps the events of InvokeModelWithResponseStream for the decoder of the model's own dialect.
std::unique_ptr<event_decoder> over_chunks(std::unique_ptr<event_decoder> inner);

} // namespace cogate::providers::bedrock
