#pragma once
/// What the loaders share: taking prices and numbers from untrusted JSON values, with notices.
/// One thread at a time per object.

#include <cogate/prices.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/catalog/load.hpp"
#include "lib/core/json/document.hpp"

namespace cogate::catalog {

/// A number, or a string that is one, as its decimal text. Nothing for any other value.
std::optional<std::string_view> number_text(json::value from) noexcept;

/// The prices of one model as they are read.
class rate_collector {
public:
    rate_collector(std::string_view model, load_report& report) : model_(model), report_(report) {}

    /// A price for 10^power units. A value that is no price is reported under `field` and spoils the model.
    void take(rate what, int power, json::value from, std::string_view field);

    /// Reported, and the model keeps its other prices.
    void unknown(std::string_view field);

    void spoil(load_notice::reason why, std::string_view field);

    bool any() const noexcept { return any_; }
    bool spoiled() const noexcept { return spoiled_; }
    price_list& prices() noexcept { return prices_; }

    /// The list; empty when it is spoiled.
    price_list finished() &&;

private:
    std::string_view model_;
    load_report& report_;
    price_list prices_;
    bool any_ = false;
    bool spoiled_ = false;
};

/// A count of tokens: 0 (not known) unless it is a whole number above 0.
std::int64_t token_limit(json::value from) noexcept;

void set_capability(model_facts& facts, capability what, bool can) noexcept;

} // namespace cogate::catalog
