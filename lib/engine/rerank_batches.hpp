#pragma once
/// A rerank request with more documents than a service takes at once (codec::max_inputs), as several. Pure functions.

#include <cogate/rerank.hpp>
#include <cogate/result.hpp>

#include <cstddef>

namespace cogate::engine {

/// The request for `count` documents from `from` on. It keeps top_n: the best of all are among the best of each part.
rerank_request rerank_batch(rerank_request const& whole, std::size_t from, std::size_t count);

/// Joins the answers of the parts of one request.
class rerank_merger {
public:
    /// The answer to the part that began at document `from`. Indexes become those of the whole request; usage and
    /// search units are summed; id, model and whatever else was said stay the first answer's.
    void add(rerank_response&& batch, std::size_t from);

    /// Best first, the earlier document where scores are equal, cut to the request's top_n.
    rerank_response finish(rerank_request const& whole) &&;

private:
    rerank_response all_;
    bool any_ = false;
};

} // namespace cogate::engine
