#include "lib/engine/attempt.hpp"
#include "lib/engine/cancelled.hpp"

#include "lib/wire/head_builder.hpp"

#include <array>
#include <optional>
#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {

asio::awaitable<result<void>> attempt::follow()
{
    providers::client_dialect const& dialect = *dispatch_->request().dialect;
    bool const stream = scope_->facts->stream;
    providers::call_context const context = deployment_.context(upstream_model_, stream);
    for (;;) {
        result<std::string_view> const whole = co_await read_all();
        if (!whole) {
            co_return whole.error();
        }
        result<std::optional<providers::follow_up>> const next = dialect.follow(*whole, context);
        if (!next) {
            co_return next.error();
        }
        if (!*next) {
            buffered_ = true;
            co_return result<void>{};
        }
        std::optional<wire::url> const where = wire::parse_url((*next)->url);
        if (!where || (where->tls != deployment_.endpoint.url.tls)) {
            co_return failure{error_kind::bad_gateway,
                              "The provider says to ask on at a place that may not be asked."}
                .with_code("upstream_invalid_response");
        }
        transports::steady_time const wake = now() + (*next)->wait;
        if (wake > scope_->total_by) {
            co_return failure{error_kind::timeout, "The provider's answer was not ready in time."}.with_code(
                "timeout_total");
        }
        boost::system::error_code const woken = co_await scope_->timers.sleep_until(wake);
        if (woken || cancelled_) {
            co_return caller_cancelled();
        }
        body_.clear();
        bool const streams_now = (*next)->stream;
        std::string_view const accept =
            streams_now ? dialect.stream_accept() : std::string_view("application/json");
        asio::awaitable<result<void>> asking = ask_again(*where, accept);
        result<void> const asked = co_await std::move(asking);
        if (!asked || streams_now) {
            co_return asked;
        }
    }
}

asio::awaitable<result<void>> attempt::ask_again(wire::url const& where, std::string_view accept)
{
    std::string head;
    wire::request_head_builder builder(head);
    builder.start("GET", where.path).add("host", where.host_header()).add("accept", accept);
    builder.add("accept-encoding", "identity").add("user-agent", "cogate");
    for (auto const& [name, value] : deployment_.credential->fields()) {
        builder.add(name, value);
    }
    if (!builder.finish()) {
        co_return failure{error_kind::bad_gateway,
                          "The provider says to ask on at a place that may not be asked."};
    }
    transports::endpoint const there{
        .url = where, .ca_file = deployment_.endpoint.ca_file, .pool_key = where.origin()};
    exchange_.reset();
    transports::exchange_limits const limit = limits();
    auto opened = co_await deployment_.transport->open(there, limit, false);
    if (!opened) {
        co_return opened.error();
    }
    exchange_ = std::move(*opened);
    std::array<std::string_view, 1> const pieces{head};
    result<void> const sent = co_await exchange_->send(pieces);
    if (!sent) {
        co_return sent;
    }
    result<transports::response_head> const answered = co_await exchange_->receive_head();
    if (!answered) {
        co_return answered.error();
    }
    head_ = *answered;
    if (head_.status < 200 || head_.status >= 300) {
        co_return co_await understand_refusal();
    }
    co_return result<void>{};
}

} // namespace cogate::engine
