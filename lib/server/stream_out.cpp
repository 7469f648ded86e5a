#include "lib/server/stream_out.hpp"

#include "lib/wire/chunk_writer.hpp"
#include "lib/wire/header.hpp"

#include <array>
#include <optional>
#include <utility>

namespace asio = boost::asio;

namespace cogate::server {

stream_writer::stream_writer(transports::inbound_request& request, int status, std::string_view type,
                             engine::call const& call)
    : request_(request), framing_(stream_framing(request)), paid_(account_of(call.options()))
{
    write_head(prefix_, request, status, type, framing_, 0, &call);
}

asio::awaitable<bool> stream_writer::write(std::string_view bytes)
{
    std::array<std::string_view, 3> pieces{};
    if (framing_ == body_framing::chunked) {
        wire::append_chunk_header(prefix_, bytes.size());
        pieces = {prefix_, bytes, wire::chunk_end};
    } else {
        pieces = {prefix_, bytes, std::string_view{}};
    }
    bool const there = co_await request_.write(pieces);
    prefix_.clear();
    co_return there;
}

asio::awaitable<void> stream_writer::end()
{
    if (paid_ != nullptr) {
        asio::awaitable<void> rows = paid_->committed();
        co_await std::move(rows);
    }
    if (framing_ == body_framing::chunked) {
        prefix_ += wire::last_chunk;
    }
    std::array<std::string_view, 1> const pieces{prefix_};
    co_await request_.write(pieces);
}

namespace {

// An answer that has a head alone, which may tell the length of what a GET would bring.
asio::awaitable<void> pass_head(transports::inbound_request& request, engine::call& call,
                                std::string_view type)
{
    int const status = call.head().status; // the head is gone with the record
    std::optional<std::uint64_t> const length = call.head().content_length;
    call.succeed({});
    if (account* const paid = account_of(call.options())) {
        asio::awaitable<void> rows = paid->committed();
        co_await std::move(rows);
    }
    body_framing const framing = length ? body_framing::length : stream_framing(request);
    std::string head;
    write_head(head, request, status, type, framing, length.value_or(0), &call);
    std::array<std::string_view, 1> const pieces{head};
    co_await request.write(pieces);
}

} // namespace

asio::awaitable<void> stream_body(transports::inbound_request& request, engine::call& call,
                                  body_listener* listener)
{
    std::string const type(
        wire::find_header(call.head().headers, "content-type").value_or("application/octet-stream"));
    int const status = call.head().status;
    if (status == 204 || status == 304) {
        call.succeed({});
        asio::awaitable<void> empty = reply(request, status, type, {}, about_call(&call));
        co_await std::move(empty);
        co_return;
    }
    if (request.method() == "HEAD") {
        asio::awaitable<void> head = pass_head(request, call, type);
        co_await std::move(head);
        co_return;
    }
    stream_writer out{request, status, type, call};
    for (;;) {
        result<std::string_view> const bytes = co_await call.read();
        if (!bytes) {
            request.close_after();
            failure const told = call.fail(bytes.error());
            static_cast<void>(told);
            co_return;
        }
        if (bytes->empty()) {
            result<usage> const used = listener != nullptr ? listener->over() : usage{};
            if (used) {
                call.succeed(*used);
            } else {
                failure const told = call.fail(used.error());
                static_cast<void>(told);
            }
            co_await out.end();
            co_return;
        }
        if (listener != nullptr) {
            listener->hear(*bytes);
        }
        call.progress();
        bool const there = co_await out.write(*bytes);
        if (!there) {
            co_return;
        }
    }
}

} // namespace cogate::server
