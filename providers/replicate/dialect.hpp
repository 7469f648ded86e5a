#pragma once

#include "providers/client_dialect.hpp"

namespace cogate::providers::replicate {

/// Replicate's predictions, used as chat (providers.md 20). The base URL ends in "/v1". The object lives for
/// ever, is stateless and safe from any thread.
///
/// What a reader should know:
/// - Models are "owner/name" (Replicate's official ones), "owner/name:version", a version alone, or
///   "deployments/owner/name".
/// - Models take one prompt: see providers/common/transcript.hpp. Tools and images have no place in it;
///   members of `extra` go into `input`, where the models' own parameters stand.
/// - The first answer to a stream request is a prediction whose `urls.stream` is on another host of
///   Replicate, so the engine must allow hosts below replicate.com and replicate.net; follow() refuses all
///   others.
/// - Output of language models is a list of pieces. There are no tool calls and no length finish.
client_dialect const& client() noexcept;

} // namespace cogate::providers::replicate
