#pragma once
/// Reading price files: LiteLLM's price map and models.dev's api.json. The text is untrusted: sizes, names and
/// counts are capped, a wrong price is reported and leaves its model unpriced, never cheaper.
/// Pure, safe from any thread.

#include <cogate/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/catalog/model_catalog.hpp"

namespace cogate::catalog {

enum class price_format : std::uint8_t { litellm, models_dev };

/// Something in a price file that an operator should hear of.
struct load_notice {
    enum class reason : std::uint8_t {
        unknown_money_field, ///< it sounds like money, and nothing is charged by it
        bad_price,           ///< no number, negative, or out of range: the model has no price
        bad_model,           ///< the entry is no object, or its name is empty or too long: left out
        too_many,            ///< the entry has too many prices: the model has no price
    };
    reason why = reason::unknown_money_field;
    std::string model; ///< cut to 256 bytes
    std::string field; ///< "cost.tiers", "input_cost_per_token_above_1m_tokens", ...; cut to 256 bytes
    friend bool operator==(load_notice const&, load_notice const&) = default;
};

std::string to_string(load_notice const& notice);

struct load_report {
    static constexpr std::size_t most_notices = 1000;

    price_format format = price_format::litellm;
    std::size_t models = 0; ///< taken over
    std::size_t priced = 0; ///< of those, with at least one price
    std::vector<load_notice> notices;
    std::size_t notices_left_out = 0; ///< beyond `most_notices`

    void add(load_notice::reason why, std::string_view model, std::string_view field);
};

struct loaded_catalog {
    catalog_ptr catalog;
    load_report report;
};

inline constexpr std::size_t longest_price_file = 64U * 1024 * 1024;
inline constexpr std::size_t longest_model_name = 256;
inline constexpr std::size_t most_rates = 256; ///< per model

/// Reads a price file of either format over `base`. What the file says about a model replaces its prices; facts
/// it does not mention (context window, capabilities, ...) stay. models.dev has no words for some prices
/// (batch, one-hour cache writes, images, ...): those stay as well where both agree on input and output.
/// Errors: invalid_request, code "bad_price_file", when the text is too long, no JSON, or neither format.
result<loaded_catalog> load_prices(std::string_view text, model_catalog const& base);

} // namespace cogate::catalog
