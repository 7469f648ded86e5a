#pragma once

#include <cogate/gateway.hpp>

#include <chrono>
#include <string>

namespace cogate::cli {

/// What `cogate models --prices` was asked for.
struct price_question {
    std::string file{};   ///< price map over the built-in table; empty: the configuration's, if it has one
    bool all = false;     ///< the whole catalogue, not only what is served
    bool as_json = false; ///< instead of a table
    std::chrono::sys_seconds when{}; ///< the prices of this moment
};

/// Prints prices, context windows and limits of models to standard output, what is wrong with the price map to
/// standard error. Gives the exit code.
int print_prices(gateway_options options, price_question const& asked);

} // namespace cogate::cli
