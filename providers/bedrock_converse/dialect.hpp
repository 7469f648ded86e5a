#pragma once

#include "providers/client_dialect.hpp"

namespace cogate::providers::bedrock_converse {

/// AWS Bedrock's Converse and ConverseStream (providers.md 7), client half only. The object lives for ever,
/// is stateless and safe from any thread. Embeddings and rerank go to InvokeModel of the same service.
///
/// What a reader should know:
/// - The model stands in the path, percent-encoded; a leading "converse/" (LiteLLM's spelling) is taken off.
/// - Consecutive messages of one role become one turn; tool messages are the user's. System and developer
///   messages move to `system`.
/// - Converse takes bytes and s3:// locations only: an http(s) URL is a 400 "unsupported_content".
/// - With tool calls in the history and no tools in the request, tools are made up from the history,
///   because Converse refuses such a history without them.
/// - json_schema goes to outputConfig, or, for models without it, to a tool that must be called and whose
///   input comes back as text.
/// - Members of `extra` that Converse knows at the top (guardrailConfig, performanceConfig, ...) stand there;
///   all others go to additionalModelRequestFields.
client_dialect const& client() noexcept;

} // namespace cogate::providers::bedrock_converse
