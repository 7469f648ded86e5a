#include "lib/engine/kernel.hpp"

#include <utility>

namespace cogate::engine {

kernel::kernel(gateway_options options, network_transport network)
    : options_(std::move(options)),
      network_(std::move(network)),
      routes_(std::make_shared<routes const>(options_, network_, nullptr)),
      observers_(std::make_shared<observer_hub>(options_.observers))
{}

std::shared_ptr<routes const> kernel::current_routes() const
{
    std::lock_guard const lock(mutex_);
    return routes_;
}

void kernel::reload(gateway_options const& options)
{
    std::shared_ptr<routes const> const before = current_routes();
    auto after = std::make_shared<routes const>(options, network_, before.get());
    std::lock_guard const lock(mutex_);
    routes_ = std::move(after);
}

} // namespace cogate::engine
