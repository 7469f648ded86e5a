#include "lib/engine/rerank_batches.hpp"

#include "lib/engine/usage_sum.hpp"

#include <algorithm>
#include <iterator>

namespace cogate::engine {

rerank_request rerank_batch(rerank_request const& whole, std::size_t from, std::size_t count)
{
    const std::size_t begin = std::min(from, whole.documents.size());
    const std::size_t end = begin + std::min(count, whole.documents.size() - begin);
    rerank_request out{.model = whole.model,
                       .query = whole.query,
                       .documents = {},
                       .top_n = whole.top_n,
                       .rank_fields = whole.rank_fields,
                       .return_documents = whole.return_documents,
                       .max_chunks_per_doc = whole.max_chunks_per_doc,
                       .max_tokens_per_doc = whole.max_tokens_per_doc,
                       .extra = whole.extra};
    out.documents.assign(whole.documents.begin() + static_cast<std::ptrdiff_t>(begin),
                         whole.documents.begin() + static_cast<std::ptrdiff_t>(end));
    return out;
}

void rerank_merger::add(rerank_response&& batch, std::size_t from)
{
    for (rerank_result& one : batch.results) {
        one.index += static_cast<std::int64_t>(from);
    }
    if (!any_) {
        any_ = true;
        all_ = std::move(batch);
        return;
    }
    all_.results.insert(all_.results.end(), std::make_move_iterator(batch.results.begin()),
                        std::make_move_iterator(batch.results.end()));
    add_usage(all_.usage, batch.usage);
    if (batch.search_units) {
        all_.search_units = all_.search_units.value_or(0) + *batch.search_units;
    }
}

rerank_response rerank_merger::finish(rerank_request const& whole) &&
{
    std::sort(all_.results.begin(), all_.results.end(), [](rerank_result const& a, rerank_result const& b) {
        return a.relevance_score != b.relevance_score ? a.relevance_score > b.relevance_score
                                                      : a.index < b.index;
    });
    if (whole.top_n && *whole.top_n >= 0 && static_cast<std::size_t>(*whole.top_n) < all_.results.size()) {
        all_.results.resize(static_cast<std::size_t>(*whole.top_n));
    }
    return std::move(all_);
}

} // namespace cogate::engine
