#pragma once

#include "transports/transport.hpp"

#include <boost/asio/awaitable.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cogate::test {

/// How an exchange went.
struct fetched {
    std::string code = "ok"; ///< of the failure
    std::string message;
    std::optional<error_kind> kind;
    int status = 0;
    std::string body;
    bool reused = false;
    std::uint64_t received = 0;
};

inline std::string post(std::string_view body)
{
    return "POST /v1/x HTTP/1.1\r\nhost: test\r\ncontent-length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string(body);
}

inline void note(fetched& out, failure const& why)
{
    out.code = why->code;
    out.message = why->message;
    out.kind = why->kind;
}

/// One exchange from the connection to the end of the body.
inline boost::asio::awaitable<fetched> fetch(std::shared_ptr<transports::transport> via,
                                             transports::endpoint where, transports::exchange_limits limits,
                                             std::string request, bool fresh = false)
{
    fetched out;
    result<std::unique_ptr<transports::exchange>> opened = co_await via->open(where, limits, fresh);
    if (!opened) {
        note(out, opened.error());
        co_return out;
    }
    transports::exchange& exchange = **opened;
    out.reused = exchange.reused();
    const std::size_t head_size = request.find("\r\n\r\n") + 4;
    const std::array<std::string_view, 2> pieces{std::string_view(request).substr(0, head_size),
                                                 std::string_view(request).substr(head_size)};
    const result<void> sent = co_await exchange.send(pieces);
    if (!sent) {
        note(out, sent.error());
        co_return out;
    }
    const result<transports::response_head> head = co_await exchange.receive_head();
    out.received = exchange.bytes_received();
    if (!head) {
        note(out, head.error());
        co_return out;
    }
    out.status = head->status;
    for (;;) {
        const result<std::string_view> piece = co_await exchange.read_body();
        if (!piece) {
            note(out, piece.error());
            co_return out;
        }
        if (piece->empty()) {
            break;
        }
        out.body += *piece;
    }
    out.received = exchange.bytes_received();
    co_return out;
}

} // namespace cogate::test
