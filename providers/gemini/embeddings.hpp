#pragma once
/// Pieces of embeddings that Google's two services share.

#include <cogate/embedding.hpp>
#include <cogate/result.hpp>

#include "providers/common/fields.hpp"

namespace cogate::providers::gemini {

/// `taskType` (or Cohere's `input_type`) and `title`, in the given spelling.
void write_embedding_extra(raw_writer& to, embedding_request const& request, bool snake_case);

/// Puts one more vector behind those of `out`; nonsense when it is no list of numbers.
result<void> add_vector(json::value values, embedding_response& out);

/// Nonsense when there are not as many vectors as inputs: the caller's texts would be mixed up. A request
/// without inputs is not checked.
result<void> check_count(embedding_response const& response, embedding_request const& request);

} // namespace cogate::providers::gemini
