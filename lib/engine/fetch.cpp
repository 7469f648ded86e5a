#include "lib/engine/fetch.hpp"

#include "lib/wire/head_builder.hpp"

#include <array>
#include <memory>
#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {
namespace {

bool write_head(providers::encoded_request const& request, transports::endpoint const& where,
                std::string& head)
{
    wire::request_head_builder builder(head);
    builder.start(request.method, where.url.path, request.path)
        .add("host", where.url.host_header())
        .add("accept", "application/json")
        .add("accept-encoding", "identity")
        .add("user-agent", "cogate");
    if (request.method != "GET") {
        builder.add("content-type", request.content_type).content_length(request.body.size());
    }
    for (auto const& [name, value] : request.headers) {
        builder.add(name, value);
    }
    return builder.finish();
}

} // namespace

asio::awaitable<result<fetched>> fetch(transports::transport& over, transports::endpoint const& where,
                                       providers::encoded_request const& request,
                                       transports::exchange_limits const& limits, std::size_t cap)
{
    std::string head;
    if (!write_head(request, where, head)) {
        co_return failure{error_kind::invalid_request,
                          "A request header holds a character that HTTP forbids."};
    }
    result<std::unique_ptr<transports::exchange>> opened = co_await over.open(where, limits, false);
    if (!opened) {
        co_return opened.error();
    }
    std::array<std::string_view, 2> const pieces{head, request.body};
    result<void> const sent = co_await (*opened)->send(pieces);
    if (!sent) {
        co_return sent.error();
    }
    result<transports::response_head> const answered = co_await (*opened)->receive_head();
    if (!answered) {
        co_return answered.error();
    }
    fetched out{.status = answered->status, .body = {}};
    for (;;) {
        result<std::string_view> const piece = co_await (*opened)->read_body();
        if (!piece) {
            co_return piece.error();
        }
        if (piece->empty()) {
            co_return out;
        }
        if (out.body.size() + piece->size() > cap) {
            co_return failure{error_kind::bad_gateway, "The answer is too large."}.with_code(
                "upstream_too_large");
        }
        out.body += *piece;
    }
}

} // namespace cogate::engine
