#include "lib/core/json/document.hpp"
#include "lib/server/account.hpp"
#include "lib/server/reply.hpp"
#include "lib/server/routes.hpp"
#include "transports/runtime/timers.hpp"
#include "transports/runtime/waiter.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

constexpr std::chrono::minutes patience{2};
constexpr std::chrono::milliseconds come_again{1000};

/// Where a handler runs: `accounts::later` or `accounts::report_later`.
using desk_of = bool (accounts::*)(std::function<void()>);

/// All that a handler sees, and what it leaves behind. Owned by the desk's work and by the request that waits.
struct errand {
    accounts& at;
    ledger::principal who;
    desk_of where;
    manage::handler run;
    std::string rest;
    std::string query;
    std::string body;
    std::optional<result<std::string>> answer{};
    transports::waiter* who_waits = nullptr; ///< of the loop's thread alone
};

/// While it lives, the request hears of the end.
class listening {
public:
    listening(errand& at, transports::waiter& who) noexcept : at_(at) { at_.who_waits = &who; }
    ~listening() { at_.who_waits = nullptr; }
    listening(listening const&) = delete;
    listening& operator=(listening const&) = delete;

private:
    errand& at_;
};

result<std::string> perform(errand const& what)
{
    json::document document;
    if (!what.body.empty()) {
        json::parse_error why;
        if (!document.parse(what.body, why, {.refuse_duplicate_top_level = true}) ||
            !document.root().is_object()) {
            return failure{error_kind::invalid_request,
                           "The body must be one JSON object without repeated members: " +
                               std::string(json::to_string(why.code)) + " at byte " +
                               std::to_string(why.offset) + "."}
                .with_code("invalid_json");
        }
    }
    manage::managed const request{.at = what.at,
                                  .who = what.who,
                                  .rest = what.rest,
                                  .query = what.query,
                                  .body = document.root(),
                                  .now = ledger_now()};
    try {
        return what.run(request);
    } catch (std::exception const&) {
        return failure{error_kind::internal_server, "The request could not be carried out."};
    }
}

failure busy()
{
    failure why{error_kind::service_unavailable,
                "Too many requests of this kind are waiting; send it again."};
    why.with_code("busy").with_retry_after(come_again);
    return why;
}

asio::awaitable<result<std::string>> run_aside(std::shared_ptr<errand> what)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    asio::any_io_executor const kept = asio::prefer(executor, asio::execution::outstanding_work.tracked);
    transports::timers& clock = transports::timers_of(executor);
    transports::waiter ended(clock);
    listening const ears(*what, ended);
    bool const taken = (what->at.*what->where)([what, kept] {
        what->answer = perform(*what);
        asio::post(kept, [what] {
            if (what->who_waits != nullptr) {
                what->who_waits->notify();
            }
        });
    });
    if (!taken) {
        co_return busy();
    }
    auto wait = ended.wait_until(clock.now() + patience, asio::as_tuple(asio::deferred));
    auto const [why] = co_await std::move(wait);
    if (why) {
        co_return failure{error_kind::timeout, "The change took too long; it may still be made."}.with_code(
            "timeout_total");
    }
    co_return std::move(*what->answer);
}

asio::awaitable<void> answer_aside(routed at, desk_of where)
{
    result<std::string> answer = std::string{};
    if (at.server.accounts() == nullptr) {
        answer = failure{error_kind::service_unavailable,
                         "This gateway keeps no accounts: start it with a master key and --data DIR."}
                     .with_code("no_db_connection")
                     .with_type("no_db_connection");
    } else {
        result<std::string_view> const body = co_await at.request.read_body();
        if (!body) {
            at.request.close_after();
            answer = body.error();
        } else {
            std::string_view const target = at.request.target();
            std::size_t const question = target.find('?');
            auto what = std::make_shared<errand>(errand{
                .at = *at.server.accounts(),
                .who = at.caller,
                .where = where,
                .run = at.managed,
                .rest = std::string(at.rest),
                .query = std::string(question == std::string_view::npos ? "" : target.substr(question + 1)),
                .body = std::string(*body)});
            asio::awaitable<result<std::string>> running = run_aside(std::move(what));
            answer = co_await std::move(running);
        }
    }
    if (!answer) {
        failure why = answer.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    asio::awaitable<void> sent = reply(at.request, 200, json_type, *answer);
    co_await std::move(sent);
}

} // namespace

asio::awaitable<void> manage_records(routed at)
{
    return answer_aside(std::move(at), &accounts::later);
}

asio::awaitable<void> report_spending(routed at)
{
    return answer_aside(std::move(at), &accounts::report_later);
}

} // namespace cogate::server
