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

struct embedding_request {
    std::string model; ///< "provider/model" or a model group
    embedding_input input;
    std::optional<std::int64_t> dimensions{};
    std::string
        encoding_format{}; ///< "float", "base64" or empty; only the server cares, the library decodes both
    std::string user{};
    bool input_is_single = false; ///< wire shape: one bare string or token list instead of a list of them
    extra_fields extra{};
    friend bool operator==(embedding_request const&, embedding_request const&) = default;
};

struct embedding {
    std::int64_t index = 0;
    std::vector<float> values;
    friend bool operator==(embedding const&, embedding const&) = default;
};

struct embedding_response {
    std::string model;
    std::vector<embedding> data; ///< in the order of the input
    cogate::usage usage{};
    extra_fields extra{};
    friend bool operator==(embedding_response const&, embedding_response const&) = default;
};

} // namespace cogate
