#pragma once
/// Documents and results of rerank services, as far as these agree (providers.md 29.6).

#include <cogate/rerank.hpp>
#include <cogate/result.hpp>

#include "lib/core/json/document.hpp"
#include "lib/core/json/writer.hpp"

#include <string_view>

namespace cogate::providers {

/// Writes the documents as a list of texts, for services that take nothing else: a string as it is, the
/// `text` of an object, else the object's members (those of rank_fields, where there are any) as lines "name:
/// value". The 400 names a document that is no JSON or has no text.
result<void> write_texts(json::writer& out, rerank_request const& request);

/// Reads a list of results whose score has the name `score`; best first, cut to top_n. Documents come from
/// the answer's member `text` or `document`; where the caller wanted them and the service does not give them
/// back, from the request. An index outside the request's documents is nonsense.
result<std::vector<rerank_result>> read_results(json::value list, std::string_view score,
                                                rerank_request const& request);

} // namespace cogate::providers
