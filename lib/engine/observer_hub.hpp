#pragma once

#include <cogate/gateway.hpp>
#include <cogate/observer.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace cogate::engine {

/// Hands the events of calls to observers without making the calls wait: each observer has one bounded queue
/// per io_context, emptied by one coroutine at a time.
///
/// Thread safety: all members from any thread; the queues belong to the context of the given executor.
class observer_hub : public std::enable_shared_from_this<observer_hub> {
public:
    explicit observer_hub(std::vector<std::shared_ptr<observer>> observers);

    void started(boost::asio::any_io_executor const& on, call_facts_ptr const& call);
    void first_token(boost::asio::any_io_executor const& on, call_facts_ptr const& call,
                     std::chrono::nanoseconds after);
    /// `outcome->error` decides between success and failure.
    void finished(boost::asio::any_io_executor const& on, call_facts_ptr const& call,
                  call_outcome_ptr outcome);

    /// Whether anybody listens at all; saves building records nobody reads.
    bool listening() const noexcept { return !observers_.empty(); }

    gateway::observer_faults faults() const noexcept;

    /// Events waiting per observer and context beyond which new ones are dropped.
    static constexpr std::size_t queue_limit = 8192;

private:
    struct event;
    class queue;
    class queues;

    struct listener {
        std::shared_ptr<observer> who;
        observer::interests wants;
    };

    void push(boost::asio::any_io_executor const& on, std::size_t listener_index, event&& what);
    static boost::asio::awaitable<void> drain(std::shared_ptr<queue> work);

    std::vector<listener> observers_;
    std::atomic<std::uint64_t> dropped_{0};
    std::atomic<std::uint64_t> thrown_{0};
};

} // namespace cogate::engine
