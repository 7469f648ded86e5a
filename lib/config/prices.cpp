#include "lib/config/prices.hpp"

#include "lib/catalog/decimal.hpp"
#include "lib/catalog/load.hpp"
#include "lib/catalog/overrides.hpp"
#include "lib/config/price_file.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace cogate::config {

namespace {

constexpr std::size_t notices_shown = 5;
// Dollars per token in nano-dollars per million tokens.
constexpr int routing_decimals = 15;

std::optional<std::int64_t> routing_cost(price_texts const& prices, std::string_view name)
{
    auto const found =
        std::find_if(prices.begin(), prices.end(), [&](auto const& each) { return each.first == name; });
    if (found == prices.end()) {
        return std::nullopt;
    }
    auto const cost = catalog::scale_decimal(found->second, routing_decimals);
    return cost ? std::optional(cost->value) : std::nullopt;
}

} // namespace

void read_price(reader& in, key const& row, member const& each, price_texts& to)
{
    key named = row;
    named.name = each.name;
    auto const got = in.convert(named, each.node);
    if (!got) {
        return;
    }
    std::array<std::pair<std::string_view, std::string_view>, 1> const one{{{each.name, got->text}}};
    if (auto const made = catalog::apply_overrides({}, one); !made) {
        in.error(each.node.Mark(), made.error()->message);
        return;
    }
    to.emplace_back(each.name, got->text);
}

void settle_prices(draft& entry)
{
    price_texts& prices = entry.prices;
    for (auto& each : entry.info_prices) {
        bool const said = std::any_of(prices.begin(), prices.end(),
                                      [&](auto const& other) { return other.first == each.first; });
        if (!said) {
            prices.push_back(std::move(each));
        }
    }
    entry.out.input_cost = routing_cost(prices, "input_cost_per_token");
    entry.out.output_cost = routing_cost(prices, "output_cost_per_token");
    entry.out.prices = std::move(prices);
}

void read_price_file(reader& in, member const& each, settings& to)
{
    auto const path = in.text(each.node, each.name);
    if (!path) {
        return;
    }
    result<price_file> read = load_price_file(*path);
    if (!read) {
        in.error(each.node.Mark(), each.name + ": " + read.error()->message);
        return;
    }
    for (std::size_t i = 0; i != std::min(read->notices.size(), notices_shown); ++i) {
        in.warn(each.node.Mark(), each.name + ": " + read->notices[i]);
    }
    if (read->notices.size() > notices_shown) {
        in.warn(each.node.Mark(),
                each.name + ": and " + std::to_string(read->notices.size() - notices_shown) + " more");
    }
    to.gateway.price_map = std::move(read->text);
}

} // namespace cogate::config
