#pragma once

#include "lib/engine/kernel.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cogate::engine {

/// How a deployment answered when it was asked on purpose. Holds no key: where the provider repeated one in its
/// error, it is replaced.
struct deployment_health {
    enum class state {
        healthy,
        unhealthy, ///< `why` is the error, for a person
        unchecked  ///< not asked, and `why`: a pattern names no model to ask, other modes cost too much
    };
    std::string deployment_id{};
    std::string model_name{}; ///< public name
    std::string model{};      ///< "provider/model"
    std::string api_base{};
    state found = state::unchecked;
    std::string why{};
    std::chrono::nanoseconds took{0};
};

/// All deployments at one time, in the order of the configuration; without those that are blocked.
struct health_report {
    std::chrono::system_clock::time_point at{};
    std::vector<deployment_health> deployments{};
};

/// Makes one cheap call to each deployment, eight at a time: a chat of one token, or the embedding of a word where the
/// catalog knows the model as one for embeddings. No retry, no fallback, thirty seconds each. It costs money, and what
/// comes of it counts for routing like any other call. `only`, unless it is empty, is the one public name to ask.
/// Coroutine of the executor it is awaited on; the kernel must outlive it.
boost::asio::awaitable<health_report> check_health(kernel& owner, std::string only);

/// Checks all deployments every `router_options::health_check_interval` on a thread of its own, while that is above
/// zero; a reload of the configuration counts within a second. Thread safety: any thread.
class health_monitor {
public:
    /// The kernel must outlive it.
    explicit health_monitor(kernel& owner);
    ~health_monitor();
    health_monitor(health_monitor const&) = delete;
    health_monitor& operator=(health_monitor const&) = delete;

    /// The newest report; nullptr before there is one, and while background checks are off.
    std::shared_ptr<health_report const> latest() const;

private:
    boost::asio::awaitable<void> run();
    void publish(std::shared_ptr<health_report const> report);

    kernel& kernel_;
    mutable std::mutex mutex_;
    std::shared_ptr<health_report const> latest_;
    boost::asio::io_context context_{1};
    std::thread thread_;
};

} // namespace cogate::engine
