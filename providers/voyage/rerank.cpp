#include "providers/voyage/codec.hpp"

#include "providers/common/rerank_list.hpp"

namespace cogate::providers::voyage {

rerank_codec const& rerank() noexcept
{
    static const rerank_list codec(
        {.limit = "top_k", .results = "data", .read_usage = read_usage, .most_documents = 1000});
    return codec;
}

} // namespace cogate::providers::voyage
