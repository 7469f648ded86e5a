#pragma once
/// Embeddings as the services with a dialect of their own say them.

#include <cogate/embedding.hpp>
#include <cogate/result.hpp>

#include "lib/core/json/document.hpp"

#include <string>
#include <vector>

namespace cogate::providers {

/// The texts of the request. Services that take no token lists: the 400 that says so.
result<std::vector<std::string> const*> texts_of(embedding_request const& request);

/// A list of numbers, or the base64 text of little-endian 32-bit floats. False for anything else.
bool read_vector(json::value source, std::vector<float>& out, bool int8 = false);

/// The elements of `list` in their order. A service that gives another number of vectors than it got inputs
/// would mix up the caller's texts: nonsense. A request without inputs is not checked.
result<std::vector<embedding>> read_vectors(json::value list, embedding_request const& request);

/// The same for OpenAI's list of objects {"index", "embedding"}, put in the order of the input. `int8`: base64
/// texts hold signed bytes instead of floats.
result<std::vector<embedding>> read_indexed_vectors(json::value list, embedding_request const& request,
                                                    bool int8 = false);

} // namespace cogate::providers
