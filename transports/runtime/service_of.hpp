#pragma once

#include <boost/asio/execution_context.hpp>

#include <atomic>
#include <cstdint>

namespace cogate::transports {

/// How many contexts have ended. A service that is asked for by `service_of` counts one in its destructor: what
/// goes down with the context may still ask for it after its shutdown.
inline std::atomic<std::uint64_t>& contexts_ended() noexcept
{
    static std::atomic<std::uint64_t> count{0};
    return count;
}

/// asio::use_service without its lock and its search when a thread asks for the same context as the last time.
/// What was found is forgotten when any context ends: another one may come to lie at the same address.
/// Thread safety: as use_service.
template <class Service>
Service& service_of(boost::asio::execution_context& context)
{
    struct found {
        boost::asio::execution_context* context = nullptr;
        Service* service = nullptr;
        std::uint64_t ended = 0;
    };
    thread_local found last;
    const std::uint64_t ended = contexts_ended().load(std::memory_order_acquire);
    if (last.context != &context || last.ended != ended) {
        last = {&context, &boost::asio::use_service<Service>(context), ended};
    }
    return *last.service;
}

} // namespace cogate::transports
