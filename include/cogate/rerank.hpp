#pragma once

#include <cogate/raw_json.hpp>
#include <cogate/usage.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cogate {

/// Documents to put in the order of their relevance to a query (Cohere's v2 shape).
///
/// Plain value: borrows nothing, thread-safe as one. Counts are whole numbers of results, chunks and tokens.
/// Errors of the call: as gateway::rerank; a member that the provider lacks is invalid_request and named.
struct rerank_request {
    std::string model;                                ///< "provider/model" or a model group
    std::string query;                                ///< what the documents are measured by
    std::vector<raw_json> documents{};                ///< each a JSON string or an object with a text
    std::optional<std::int64_t> top_n{};              ///< results to give back; absent: all
    std::vector<std::string> rank_fields{};           ///< members of the documents to look at; empty: all
    std::optional<bool> return_documents{};           ///< results carry their document
    std::optional<std::int64_t> max_chunks_per_doc{}; ///< longer documents are cut
    std::optional<std::int64_t> max_tokens_per_doc{}; ///< longer documents are cut
    extra_fields extra{}; ///< members that cogate has no name for, sent as they are
    friend bool operator==(rerank_request const&, rerank_request const&) = default;
};

/// One document's relevance.
struct rerank_result {
    std::int64_t index = 0;       ///< position in the request's documents
    double relevance_score = 0.0; ///< higher is better; the scale is the provider's
    raw_json document{};          ///< as the provider gave it back; empty when it did not
    friend bool operator==(rerank_result const&, rerank_result const&) = default;
};

/// Documents by their relevance. Plain value: borrows nothing.
struct rerank_response {
    std::string id;                             ///< the provider's id of the answer
    std::string model{};                        ///< as the provider names it
    std::vector<rerank_result> results;         ///< best first
    cogate::usage usage{};                      ///< tokens, where the provider counts them
    std::optional<std::int64_t> search_units{}; ///< what Cohere bills by
    extra_fields extra{};                       ///< members that cogate has no name for
    friend bool operator==(rerank_response const&, rerank_response const&) = default;
};

} // namespace cogate
