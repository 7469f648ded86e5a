#include "lib/policy/strategy.hpp"

#include "lib/policy/strategies/adaptive.hpp"
#include "lib/policy/strategies/consistent_hash.hpp"
#include "lib/policy/strategies/least_busy.hpp"
#include "lib/policy/strategies/lowest_cost.hpp"
#include "lib/policy/strategies/lowest_latency.hpp"
#include "lib/policy/strategies/lowest_usage.hpp"
#include "lib/policy/strategies/simple_shuffle.hpp"

#include <array>

namespace cogate::policy {

std::shared_ptr<strategy const> make_strategy(std::string_view name, router_options const& options)
{
    if (name == "adaptive") {
        return std::make_shared<adaptive>();
    }
    if (name == "simple-shuffle") {
        return std::make_shared<simple_shuffle>();
    }
    if (name == "least-busy") {
        return std::make_shared<least_busy>();
    }
    if (name == "latency-based-routing") {
        return std::make_shared<lowest_latency>(options.lowest_latency_buffer);
    }
    if (name == "usage-based-routing-v2" || name == "usage-based-routing") {
        return std::make_shared<lowest_usage>();
    }
    if (name == "cost-based-routing") {
        return std::make_shared<lowest_cost>();
    }
    if (name == "consistent-hash") {
        return std::make_shared<consistent_hash>();
    }
    return nullptr;
}

std::span<std::string_view const> strategy_names() noexcept
{
    static constexpr std::array<std::string_view, 8> names{"adaptive",
                                                           "simple-shuffle",
                                                           "least-busy",
                                                           "latency-based-routing",
                                                           "usage-based-routing-v2",
                                                           "usage-based-routing",
                                                           "cost-based-routing",
                                                           "consistent-hash"};
    return names;
}

} // namespace cogate::policy
