#include "providers/voyage/dialect.hpp"

#include "providers/common/lists_client.hpp"
#include "providers/voyage/codec.hpp"

namespace cogate::providers::voyage {

client_dialect const& client() noexcept
{
    static const lists_client half("voyage", embeddings(), rerank());
    return half;
}

} // namespace cogate::providers::voyage
