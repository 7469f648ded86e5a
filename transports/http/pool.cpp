#include "transports/http/pool.hpp"

#include "transports/runtime/service_of.hpp"

#include <algorithm>
#include <utility>

namespace cogate::transports {

namespace asio = boost::asio;

asio::execution_context::id pool::id;

pool::pool(asio::execution_context& context)
    : asio::execution_context::service(context),
      clock_(timers::of(context)),
      sweeper_(clock_, &pool::sweep_time, this, watchdog::kind::background)
{}

pool::~pool()
{
    ++contexts_ended();
}

pool& pool::of(asio::execution_context& context)
{
    return service_of<pool>(context);
}

void pool::shutdown()
{
    down_ = true;
    idle_.clear();
}

std::unique_ptr<connection> pool::take(std::string const& pool_key)
{
    const auto found = idle_.find(pool_key);
    if (found == idle_.end()) {
        return nullptr;
    }
    std::vector<resting_connection>& resting = found->second;
    while (!resting.empty()) {
        resting_connection newest = std::move(resting.back());
        resting.pop_back();
        if (newest.until <= clock_.now()) {
            resting.clear(); // the others rested before it
            break;
        }
        if (!newest.what->stale()) {
            count(newest.what->stats().reused);
            return std::move(newest.what);
        }
        count(newest.what->stats().stale);
    }
    return nullptr;
}

void pool::give(std::unique_ptr<connection> resting, http_transport_options const& options)
{
    if (down_ || options.max_idle_per_origin == 0) {
        return;
    }
    resting->rest();
    std::vector<resting_connection>& same = idle_[resting->pool_key()];
    if (same.size() >= options.max_idle_per_origin) {
        same.erase(same.begin());
    }
    same.push_back({std::move(resting), clock_.now() + options.idle_lifetime});
    if (!sweeper_.armed()) {
        sweeper_.arm(clock_.now() + sweep_interval);
    }
}

std::size_t pool::idle(std::string const& pool_key) const
{
    const auto found = idle_.find(pool_key);
    return found == idle_.end() ? 0 : found->second.size();
}

void pool::sweep()
{
    const steady_time now = clock_.now();
    for (auto group = idle_.begin(); group != idle_.end();) {
        std::erase_if(group->second, [now](resting_connection const& one) {
            if (one.until > now && one.what->stale()) {
                count(one.what->stats().stale);
                return true;
            }
            return one.until <= now;
        });
        group = group->second.empty() ? idle_.erase(group) : std::next(group);
    }
    if (!idle_.empty()) {
        sweeper_.arm(now + sweep_interval);
    }
}

void pool::sweep_time(void* self) noexcept
{
    static_cast<pool*>(self)->sweep();
}

} // namespace cogate::transports
