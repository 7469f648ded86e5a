#include "providers/jina/dialect.hpp"

#include "providers/common/lists_client.hpp"
#include "providers/jina/codec.hpp"

namespace cogate::providers::jina {

client_dialect const& client() noexcept
{
    static const lists_client half("jina", embeddings(), rerank());
    return half;
}

} // namespace cogate::providers::jina
