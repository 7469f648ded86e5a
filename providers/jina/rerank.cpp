#include "providers/jina/codec.hpp"

#include "providers/common/rerank_list.hpp"

namespace cogate::providers::jina {

rerank_codec const& rerank() noexcept
{
    static const rerank_list codec({.limit = "top_n", .results = "results", .read_usage = read_usage});
    return codec;
}

} // namespace cogate::providers::jina
