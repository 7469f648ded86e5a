#include "lib/server/count_aside.hpp"

#include "transports/runtime/timers.hpp"
#include "transports/runtime/waiter.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

constexpr int most_at_once = 4;
constexpr std::size_t most_counted_here = 16 * 1024;
constexpr std::chrono::minutes patience{10};

/// One of the places for threads that count.
class place {
public:
    place() : taken_(in_use.fetch_add(1) < most_at_once)
    {
        if (!taken_) {
            --in_use;
        }
    }
    ~place()
    {
        if (taken_) {
            --in_use;
        }
    }
    place(place const&) = delete;
    place& operator=(place const&) = delete;

    bool taken() const noexcept { return taken_; }

private:
    inline static std::atomic<int> in_use{0};
    bool taken_;
};

/// What the thread leaves behind. `who_waits` belongs to the loop's thread alone.
struct mailbox {
    std::optional<std::size_t> count;
    transports::waiter* who_waits = nullptr;
};

/// Nobody is told of an end that comes after its own.
class listening {
public:
    listening(mailbox& at, transports::waiter& who) : at_(at) { at_.who_waits = &who; }
    ~listening() { at_.who_waits = nullptr; }
    listening(listening const&) = delete;
    listening& operator=(listening const&) = delete;

private:
    mailbox& at_;
};

void count_into(std::shared_ptr<mailbox> const& box, std::function<std::size_t()> const& work,
                asio::any_io_executor const& loop)
{
    try {
        box->count = work();
    } catch (std::exception const&) {
        box->count.reset();
    }
    asio::post(loop, [box] {
        if (box->who_waits != nullptr) {
            box->who_waits->notify();
        }
    });
}

/// Without a thread when the system has none to give.
std::jthread start(std::shared_ptr<mailbox> box, std::function<std::size_t()> work,
                   asio::any_io_executor loop)
{
    try {
        return std::jthread([box = std::move(box), work = std::move(work), loop = std::move(loop)] {
            count_into(box, work, loop);
        });
    } catch (std::system_error const&) {
        return {};
    }
}

failure busy()
{
    return failure{error_kind::service_unavailable,
                   "Too many texts are being counted; send the request again."}
        .with_code("busy");
}

} // namespace

asio::awaitable<result<std::size_t>> count_aside(std::function<std::size_t()> work)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    asio::any_io_executor const kept = asio::prefer(executor, asio::execution::outstanding_work.tracked);
    place const mine;
    if (!mine.taken()) {
        co_return busy();
    }
    transports::timers& clock = transports::timers_of(executor);
    transports::waiter ended(clock);
    auto const box = std::make_shared<mailbox>();
    listening const ears(*box, ended);
    std::jthread worker = start(box, std::move(work), kept);
    if (!worker.joinable()) {
        co_return busy();
    }
    auto wait = ended.wait_until(clock.now() + patience, asio::as_tuple(asio::deferred));
    co_await std::move(wait);
    worker.join();
    if (!box->count) {
        co_return failure{error_kind::internal_server, "The text could not be counted."};
    }
    co_return *box->count;
}

asio::awaitable<result<std::size_t>> count_text(std::function<std::size_t()> work, std::size_t bytes)
{
    if (bytes <= most_counted_here) {
        co_return work();
    }
    asio::awaitable<result<std::size_t>> elsewhere = count_aside(std::move(work));
    result<std::size_t> counted = co_await std::move(elsewhere);
    co_return counted;
}

} // namespace cogate::server
