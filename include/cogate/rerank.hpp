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
    std::string model;
    std::string query;
    std::vector<raw_json> documents{}; ///< each a JSON string or an object with a text
    std::optional<std::int64_t> top_n{};
    std::vector<std::string> rank_fields{};
    std::optional<bool> return_documents{};
    std::optional<std::int64_t> max_chunks_per_doc{};
    std::optional<std::int64_t> max_tokens_per_doc{};
    extra_fields extra{};
    friend bool operator==(rerank_request const&, rerank_request const&) = default;
};

struct rerank_result {
    std::int64_t index = 0;       ///< position in the request's documents
    double relevance_score = 0.0; ///< higher is better; the scale is the provider's
    raw_json document{};          ///< as the provider gave it back; empty when it did not
    friend bool operator==(rerank_result const&, rerank_result const&) = default;
};

struct rerank_response {
    std::string id;
    std::string model{};
    std::vector<rerank_result> results; ///< best first
    cogate::usage usage{};
    std::optional<std::int64_t> search_units{}; ///< what Cohere bills by
    extra_fields extra{};
    friend bool operator==(rerank_response const&, rerank_response const&) = default;
};

} // namespace cogate
