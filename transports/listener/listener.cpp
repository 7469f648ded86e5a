#include "transports/listener/listener.hpp"

#include "transports/listener/accept_loop.hpp"
#include "transports/listener/worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

namespace cogate::transports {

namespace {

/// What aborted connections get to end before their coroutines are dropped.
constexpr std::chrono::milliseconds abort_time{1'000};

std::vector<std::unique_ptr<worker>> make_workers(listener_shared& shared, unsigned count)
{
    std::vector<std::unique_ptr<worker>> made;
    for (unsigned i = 0; i < std::max(count, 1U); ++i) {
        made.push_back(std::make_unique<worker>(shared));
    }
    return made;
}

} // namespace

class listener::implementation {
public:
    implementation(listen_options const& options, inbound_handler& handler)
        : shared_{.limits = options.limits,
                  .handler = handler,
                  .bodies = byte_budget(options.limits.buffered_body_bytes),
                  .connection_ended = &connection_ended,
                  .context = this},
          workers_(make_workers(shared_, options.workers)),
          accepting_(open_acceptor(first().context(), options.host, options.port), workers_),
          timer_(first().context())
    {}

    ~implementation() { shared_.connection_ended = nullptr; }

    std::uint16_t port() const noexcept { return accepting_.port(); }
    bool draining() const noexcept { return shared_.draining.load(); }

    std::size_t sum(std::size_t (worker::*count)() const noexcept) const noexcept
    {
        std::size_t total = 0;
        for (auto const& each : workers_) {
            total += (each.get()->*count)();
        }
        return total;
    }

    void run()
    {
        boost::asio::co_spawn(first().context(), accepting_.run(), [](std::exception_ptr const&) {});
        std::vector<std::thread> threads;
        try {
            for (std::size_t i = 1; i < workers_.size(); ++i) {
                threads.emplace_back(&worker::run, workers_[i].get());
            }
            first().run();
        } catch (...) {
            finish();
            join(threads);
            throw;
        }
        join(threads);
    }

    void drain(std::chrono::milliseconds grace) noexcept
    {
        bool const again = shared_.draining.exchange(true);
        try {
            if (again) {
                boost::asio::post(first().context(), [this] { abort(); });
            } else {
                boost::asio::post(first().context(), [this, grace] { begin_drain(grace); });
            }
        } catch (...) {
            // Out of memory: it stays in the draining state, and a second call tries again.
            return;
        }
    }

private:
    worker& first() noexcept { return *workers_.front(); }

    // All below runs on the first worker's thread.

    void begin_drain(std::chrono::milliseconds grace)
    {
        on_each_worker(&worker::close_idle);
        if (!aborting_) {
            timer_.expires_after(grace);
            timer_.async_wait([this](boost::system::error_code ec) {
                if (!ec) {
                    abort();
                }
            });
        }
        finish_when_done();
    }

    void abort()
    {
        if (aborting_) {
            finish();
            return;
        }
        aborting_ = true;
        on_each_worker(&worker::abort_all);
        timer_.expires_after(abort_time);
        timer_.async_wait([this](boost::system::error_code ec) {
            if (!ec) {
                finish();
            }
        });
        finish_when_done();
    }

    void on_each_worker(void (worker::*action)() noexcept)
    {
        for (auto const& each : workers_) {
            worker* const which = each.get();
            boost::asio::post(which->context(), [which, action] { (which->*action)(); });
        }
    }

    void finish_when_done()
    {
        if (sum(&worker::connections) == 0) {
            finish();
        }
    }

    void finish() noexcept
    {
        accepting_.stop();
        for (auto const& each : workers_) {
            each->context().stop();
        }
    }

    static void connection_ended(void* self) noexcept
    {
        auto& which = *static_cast<implementation*>(self);
        if (which.sum(&worker::connections) > 0) {
            return;
        }
        try {
            boost::asio::post(which.first().context(), [&which] { which.finish_when_done(); });
        } catch (...) {
            return; // the end of the grace does it
        }
    }

    static void join(std::vector<std::thread>& threads)
    {
        for (std::thread& each : threads) {
            each.join();
        }
    }

    listener_shared shared_;
    std::vector<std::unique_ptr<worker>> workers_;
    accept_loop accepting_;
    boost::asio::steady_timer timer_;
    bool aborting_ = false;
};

listener::listener(listen_options options, inbound_handler& handler)
    : impl_(std::make_unique<implementation>(options, handler))
{}

listener::~listener() = default;

std::uint16_t listener::port() const noexcept
{
    return impl_->port();
}

void listener::run()
{
    impl_->run();
}

void listener::drain(std::chrono::milliseconds grace) noexcept
{
    impl_->drain(grace);
}

bool listener::draining() const noexcept
{
    return impl_->draining();
}

std::size_t listener::connections() const noexcept
{
    return impl_->sum(&worker::connections);
}

std::size_t listener::active_requests() const noexcept
{
    return impl_->sum(&worker::active_requests);
}

} // namespace cogate::transports
