#pragma once

#include <cogate/raw_json.hpp>
#include <cogate/usage.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cogate {

/// What to embed: texts, or texts already split into token ids.
using embedding_input = std::variant<std::vector<std::string>, std::vector<std::vector<std::int64_t>>>;

/// Texts to turn into vectors. Plain value: borrows nothing.
struct embedding_request {
    std::string model;                        ///< "provider/model" or a model group
    embedding_input input;                    ///< must not be empty
    std::optional<std::int64_t> dimensions{}; ///< floats of each vector; absent: the model's own number
    /// "float", "base64" or empty; only the server cares, the library decodes both.
    std::string encoding_format{};
    std::string user{};           ///< the caller's end user
    bool input_is_single = false; ///< wire shape: one bare string or token list instead of a list of them
    extra_fields extra{};         ///< members that cogate has no name for, sent as they are
    friend bool operator==(embedding_request const&, embedding_request const&) = default;
};

/// One vector.
struct embedding {
    std::int64_t index = 0;    ///< position in the request's input
    std::vector<float> values; ///< the vector itself
    friend bool operator==(embedding const&, embedding const&) = default;
};

/// Vectors, whatever their encoding on the wire. Plain value: borrows nothing.
struct embedding_response {
    std::string model;           ///< as the provider names it
    std::vector<embedding> data; ///< in the order of the input
    cogate::usage usage{};       ///< tokens of the input
    extra_fields extra{};        ///< members that cogate has no name for
    friend bool operator==(embedding_response const&, embedding_response const&) = default;
};

} // namespace cogate
