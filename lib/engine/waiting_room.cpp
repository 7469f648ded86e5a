#include "lib/engine/waiting_room.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace cogate::engine {

std::unique_ptr<waiting_room::place> waiting_room::enter(policy::group const& at, call_priority priority,
                                                         std::size_t capacity, listener hears)
{
    listener shed;
    policy::fair_queue::entry entry;
    {
        std::lock_guard const lock(mutex_);
        line& here = lines_.try_emplace(&at, line{policy::fair_queue(capacity), {}}).first->second;
        entry = here.queue.enter(priority);
        if (entry.shed) {
            shed = std::move(here.listeners.at(*entry.shed));
            here.listeners.erase(*entry.shed);
        }
        if (entry.mine) {
            here.listeners.emplace(*entry.mine, std::move(hears));
            waiting_.fetch_add(entry.shed ? 0 : 1, std::memory_order_relaxed);
        }
    }
    if (shed) {
        shed(word::shed);
    }
    if (!entry.mine) {
        return nullptr;
    }
    return std::unique_ptr<place>(new place(shared_from_this(), at, *entry.mine));
}

void waiting_room::freed(policy::lane const& lane)
{
    if (waiting_.load(std::memory_order_relaxed) == 0) {
        return;
    }
    std::vector<listener> called;
    {
        std::lock_guard const lock(mutex_);
        for (auto& [group, here] : lines_) {
            auto const members = group->members();
            bool const concerned = std::any_of(members.begin(), members.end(),
                                               [&](policy::member const& one) { return one.live == &lane; });
            if (!concerned) {
                continue;
            }
            if (auto const next = here.queue.call_next()) {
                called.push_back(here.listeners.at(*next));
            }
        }
    }
    for (listener const& each : called) {
        each(word::room);
    }
}

void waiting_room::leave(policy::group const& from, policy::fair_queue::ticket who) noexcept
{
    std::lock_guard const lock(mutex_);
    auto const here = lines_.find(&from);
    if (here == lines_.end()) {
        return;
    }
    here->second.queue.leave(who);
    waiting_.fetch_sub(here->second.listeners.erase(who), std::memory_order_relaxed);
    if (here->second.listeners.empty()) {
        lines_.erase(here);
    }
}

waiting_room::place::~place()
{
    owner_->leave(group_, mine_);
}

void waiting_room::place::stay() noexcept
{
    std::lock_guard const lock(owner_->mutex_);
    auto const here = owner_->lines_.find(&group_);
    if (here != owner_->lines_.end()) {
        here->second.queue.call_again(mine_);
    }
}

} // namespace cogate::engine
