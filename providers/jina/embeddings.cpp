#include "providers/jina/codec.hpp"

#include "providers/common/embedding_list.hpp"

#include <limits>

namespace cogate::providers::jina {

namespace {

bool names_no_type(extra_fields const& extra) noexcept
{
    return extra.find("embedding_type") == nullptr;
}

} // namespace

embedding_codec const& embeddings() noexcept
{
    static const embedding_list codec({.dimensions = "dimensions",
                                       .base64 = "embedding_type",
                                       .may_ask_base64 = names_no_type,
                                       .most_texts = std::numeric_limits<std::size_t>::max(),
                                       .read_usage = read_usage});
    return codec;
}

} // namespace cogate::providers::jina
