#pragma once

#include "providers/client_dialect.hpp"

namespace cogate::providers::cohere {

/// Cohere's v2 API: chat, embed and rerank (providers.md 8). The base URL is the host, without "/v2". The
/// object lives for ever, is stateless and safe from any thread.
///
/// What a reader should know:
/// - `tool_plan`, the thinking of models without a thinking mode, is a reasoning part whose `field` is
///   "tool_plan".
/// - Citations stand in the message's extra member "citations", as they came, in streams too.
/// - A named tool_choice is "this tool alone, and REQUIRED". Penalties, temperature and top_p are clamped to
///   Cohere's ranges. JSON output together with tools is refused by the service, so here already.
/// - Usage is `usage.tokens`; `billed_units`, which leaves the template out, stays in usage.extra.
client_dialect const& client() noexcept;

} // namespace cogate::providers::cohere
