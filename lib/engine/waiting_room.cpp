#include "lib/engine/waiting_room.hpp"

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

namespace cogate::engine {

// Nothing when nobody waits who was not called already.
waiting_room::listener waiting_room::line::call_next()
{
    auto const next = queue.call_next();
    missed = !next;
    return next ? listeners.at(*next) : listener{};
}

void waiting_room::tell(listener const& next) noexcept
{
    try {
        if (next) {
            next(word::room);
        }
    } catch (std::bad_alloc const&) {
        // it waits on, as long as it may
    }
}

std::unique_ptr<waiting_room::place> waiting_room::enter(policy::group const& at, call_priority priority,
                                                         std::size_t capacity, listener hears)
{
    listener shed;
    policy::fair_queue::entry entry;
    {
        std::lock_guard const lock(mutex_);
        line& here = lines_.try_emplace(&at, line{policy::fair_queue(capacity), {}, false}).first->second;
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
            called.push_back(here.call_next());
        }
    }
    for (listener const& each : called) {
        tell(each);
    }
}

void waiting_room::leave(policy::group const& from, policy::fair_queue::ticket who) noexcept
{
    listener next;
    {
        std::lock_guard const lock(mutex_);
        auto const here = lines_.find(&from);
        if (here == lines_.end()) {
            return;
        }
        bool const called = here->second.queue.leave(who);
        waiting_.fetch_sub(here->second.listeners.erase(who), std::memory_order_relaxed);
        if (here->second.listeners.empty()) {
            lines_.erase(here);
        } else if (called) {
            next = here->second.call_next();
        }
    }
    tell(next);
}

void waiting_room::stay(policy::group const& at, policy::fair_queue::ticket who) noexcept
{
    listener next;
    {
        std::lock_guard const lock(mutex_);
        auto const here = lines_.find(&at);
        if (here == lines_.end()) {
            return;
        }
        here->second.queue.call_again(who);
        if (here->second.missed) {
            next = here->second.call_next();
        }
    }
    tell(next);
}

waiting_room::place::~place()
{
    owner_->leave(group_, mine_);
}

void waiting_room::place::stay() noexcept
{
    owner_->stay(group_, mine_);
}

} // namespace cogate::engine
