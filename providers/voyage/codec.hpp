#pragma once
/// The pieces of the dialect, one per file; dialect.cpp puts them behind the interface.

#include "lib/core/json/document.hpp"
#include "providers/client_dialect.hpp"
#include "providers/common/fields.hpp"

namespace cogate::providers::voyage {

embedding_codec const& embeddings() noexcept;
rerank_codec const& rerank() noexcept;

usage read_usage(json::value object);

} // namespace cogate::providers::voyage
