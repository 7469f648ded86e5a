#include "lib/engine/token_source.hpp"

#include "lib/engine/fetch.hpp"
#include "transports/runtime/timers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {

using namespace std::chrono_literals;
using transports::steady_time;

namespace {

constexpr std::size_t max_token_answer = 64 * 1024;
constexpr auto poll_interval = 5ms;
constexpr auto pause_after_failure = 10s;

} // namespace

/// One identity's token. `mutex` guards the rest; it is never held across a wait.
struct token_source::entry {
    std::mutex mutex;
    std::optional<secret> token;
    steady_time renew_at{};
    steady_time ends_at{};
    std::uint64_t fetches = 0; ///< begun so far
    bool fetching = false;
    std::optional<failure> error; ///< of the last fetch

    void take(providers::access_token const& fresh, steady_time now)
    {
        auto const life = std::max<std::chrono::seconds>(fresh.lifetime, 1s);
        auto const early =
            std::max<std::chrono::seconds>(life / 10, std::min<std::chrono::seconds>(60s, life / 2));
        token = fresh.value;
        ends_at = now + life;
        renew_at = ends_at - early;
        error.reset();
    }
};

/// Ends the turn of whoever fetches, also when its context ends in the middle. The entry must outlive it.
struct token_source::fetch_turn {
    entry& of;
    ~fetch_turn()
    {
        std::lock_guard const hold(of.mutex);
        of.fetching = false;
    }
};

std::shared_ptr<token_source::entry> token_source::find(std::string_view identity)
{
    std::lock_guard const hold(mutex_);
    auto at = entries_.find(identity);
    if (at == entries_.end()) {
        at = entries_.emplace(std::string(identity), std::make_shared<entry>()).first;
    }
    return at->second;
}

asio::awaitable<result<providers::header_list>> token_source::fields(asio::any_io_executor executor,
                                                                     served_deployment const& served)
{
    transports::timers& clock = transports::timers_of(executor);
    std::shared_ptr<entry> const mine = find(served.credential->identity());
    std::optional<std::uint64_t> awaited;
    for (;;) {
        bool begin = false;
        {
            std::lock_guard const hold(mine->mutex);
            steady_time const now = clock.now();
            bool const good = mine->token && now < mine->ends_at;
            bool const failed = awaited && mine->fetches >= *awaited && !mine->fetching && mine->error;
            if (!mine->fetching && !failed && (!good || now >= mine->renew_at)) {
                mine->fetching = true;
                ++mine->fetches;
                begin = true;
            }
            if (good && !begin) {
                co_return served.credential->carry(mine->token->reveal());
            }
            if (failed) {
                co_return *mine->error;
            }
            awaited = awaited.value_or(mine->fetches);
        }
        if (begin) {
            asio::co_spawn(executor,
                           renew(mine, served.credential, served.transport, served.endpoint.ca_file),
                           asio::detached);
            continue;
        }
        boost::system::error_code const woken = co_await clock.sleep_until(clock.now() + poll_interval);
        if (woken) {
            co_return failure{error_kind::cancelled, "The caller cancelled the call."}.with_code("cancelled");
        }
    }
}

asio::awaitable<void> token_source::renew(std::shared_ptr<entry> mine,
                                          std::shared_ptr<providers::credential const> credential,
                                          std::shared_ptr<transports::transport> over, std::string ca_file)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    transports::timers& clock = transports::timers_of(executor);
    fetch_turn const turn{*mine};
    result<providers::access_token> fresh = failure{error_kind::cancelled, "The token was not fetched."};
    result<providers::token_request> const asked = credential->ask(std::chrono::system_clock::now());
    if (asked) {
        transports::endpoint const where{
            .url = asked->url, .ca_file = std::move(ca_file), .pool_key = asked->url.origin()};
        transports::exchange_limits const limits{};
        asio::awaitable<result<fetched>> work = fetch(*over, where, asked->request, limits, max_token_answer);
        result<fetched> const answer = co_await std::move(work);
        if (answer) {
            fresh = credential->read(answer->status, answer->body);
        } else {
            fresh = answer.error();
        }
    } else {
        fresh = asked.error();
    }
    std::lock_guard const hold(mine->mutex);
    if (fresh) {
        mine->take(*fresh, clock.now());
    } else {
        mine->error = fresh.error();
        mine->renew_at = std::min<steady_time>(clock.now() + pause_after_failure, mine->ends_at);
    }
}

} // namespace cogate::engine
