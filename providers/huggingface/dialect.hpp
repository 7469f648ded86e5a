#pragma once

#include "providers/client_dialect.hpp"

namespace cogate::providers::huggingface {

/// The native interfaces of Hugging Face's servers (providers.md 17 to 19): TGI's /generate and
/// /generate_stream, TEI's /embed, /rerank and /predict, and the older inference API, which answers with the
/// same values in a list. The base URL is the server. Where a server speaks OpenAI's chat dialect (TGI from
/// 1.4, the router), use that: only it has chat templates, tools and images. The object lives for ever, is
/// stateless and safe from any thread.
///
/// What a reader should know:
/// - Messages become one text: see providers/common/transcript.hpp.
/// - temperature 0 is "do not sample"; top_p of 1 or more is left out: TGI refuses both.
/// - JSON output is a grammar.
/// - Token counts of prompts come in the headers x-prompt-tokens and x-compute-tokens.
/// - /predict (text classification) serves moderations: see moderations.cpp.
client_dialect const& client() noexcept;

} // namespace cogate::providers::huggingface
