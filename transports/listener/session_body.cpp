#include "transports/listener/session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <array>

namespace cogate::transports {

namespace {

constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

/// A folded line in a trailer section; the parser would join it silently.
bool has_fold(std::string_view lines) noexcept
{
    return lines.find("\r\n ") != std::string_view::npos || lines.find("\r\n\t") != std::string_view::npos;
}

/// False when a chunk line or trailer section that has not ended yet cannot become a legal one: the parser
/// would wait for an end that never comes.
bool plausible_lines(std::string_view lines) noexcept
{
    for (std::size_t i = 0; i < lines.size(); ++i) {
        bool const after_cr = i > 0 && lines[i - 1] == '\r';
        if ((lines[i] == '\n') != after_cr) {
            return false;
        }
        if (lines[i] != '\r' && lines[i] != '\n' && !wire::has_class(lines[i], wire::char_value)) {
            return false;
        }
    }
    return !has_fold(lines);
}

} // namespace

boost::asio::awaitable<result<std::string_view>> session::read_body()
{
    if (!body_complete_ && refusal_.status == 0 && !gone_ && !dead_) {
        co_await await_body();
    }
    if (body_complete_) {
        co_return body_view_;
    }
    co_return body_failure();
}

boost::asio::awaitable<result<std::string_view>> session::read_body_some()
{
    in_pieces_ = true;
    if (body_complete_) {
        std::string_view const rest = told_all_ ? std::string_view{} : body_view_;
        told_all_ = true;
        co_return rest;
    }
    body_.clear();
    if (refusal_.status == 0 && !gone_ && !dead_) {
        progress const got = co_await await_body();
        if (got == progress::piece) {
            co_return body_.view();
        }
    }
    if (body_complete_) {
        told_all_ = true;
        co_return body_view_;
    }
    co_return body_failure();
}

/// Until the body is complete, refused, or (in pieces) some of it came.
boost::asio::awaitable<session::progress> session::await_body()
{
    bool const waits = guard_.facts().expect_continue && buffer_.size() == head_end() && !wrote_;
    if (waits) {
        std::array<std::string_view, 1> const lines{continue_line};
        co_await send(lines);
    }
    pace_.wait(worker_.clock().now());
    progress got = advance_body();
    while (got == progress::more) {
        watch_body();
        auto arrived = read_done();
        co_await std::move(arrived);
        if (timed_out_) {
            got = refuse_later(408, "request body took too long");
        } else if (gone_ || dead_) {
            got = progress::refused;
        } else {
            got = advance_body();
        }
    }
    unwatch();
    pace_.waited(worker_.clock().now());
    co_return got;
}

void session::watch_body() noexcept
{
    phase_ = phase::body;
    deadline_.arm(pace_.due());
}

void session::body_arrived(std::string_view body)
{
    body_view_ = body;
    body_complete_ = true;
    watch_client();
}

/// Takes what has arrived; `more` means that a read was started.
session::progress session::advance_body()
{
    if (framing_ == framing::sized) {
        return advance_sized();
    }
    if (framing_ == framing::chunked) {
        return advance_chunks();
    }
    if (buffer_.size() < next_) {
        start_read(buffer_.tail(), buffer_.room(), read_target::buffer);
        return progress::more;
    }
    body_arrived(buffer_.view().substr(head_end(), next_ - head_end()));
    return progress::ready;
}

session::progress session::advance_sized()
{
    if (body_.capacity() == 0) {
        body_.reserve(held_.held());
    }
    if (next_ > head_end()) {
        body_.append(buffer_.view().substr(head_end()));
        buffer_.erase(head_end(), next_);
        next_ = head_end();
    }
    if (body_left_ == 0) {
        body_arrived(body_.view());
        return progress::ready;
    }
    if (in_pieces_ && body_.size() > 0) {
        return progress::piece;
    }
    if (body_.room() == 0) {
        // Grows with what came, not with what was announced.
        std::size_t const wanted = std::max(first_body_capacity, 2 * body_.capacity());
        std::size_t const larger = std::min(wanted, body_.size() + body_left_);
        if (!held_.hold(larger)) {
            return no_memory();
        }
        body_.reserve(larger);
    }
    start_read(body_.tail(), std::min(body_.room(), body_left_), read_target::body);
    return progress::more;
}

session::progress session::advance_chunks()
{
    while (next_ < buffer_.size()) {
        std::string_view const bytes = buffer_.view().substr(next_);
        boost::system::error_code ec;
        std::size_t const used = parser_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec);
        next_ += used;
        if (!held_.hold(body_.capacity())) {
            return no_memory();
        }
        if (!guard_.result().ok) {
            return refuse_later(guard_.result().status, guard_.result().reason);
        }
        if (ec == boost::beast::http::error::body_limit) {
            return refuse_later(413, "request body too large");
        }
        if (ec && ec != boost::beast::http::error::need_more) {
            return refuse_later(400, "malformed chunk");
        }
        if (parser_->is_done()) {
            if (has_fold(bytes.substr(0, used))) {
                return refuse_later(400, "folded trailer line");
            }
            buffer_.erase(head_end(), next_);
            next_ = head_end();
            body_arrived(body_.view());
            return progress::ready;
        }
        if (ec) {
            break;
        }
    }
    if (buffer_.size() - next_ > max_chunk_overhead) {
        return refuse_later(400, "chunk line or trailer section too long");
    }
    if (!plausible_lines(buffer_.view().substr(next_))) {
        return refuse_later(400, "malformed chunk");
    }
    if (in_pieces_ && body_.size() > 0) {
        return progress::piece;
    }
    read_chunks();
    return progress::more;
}

/// Moves what the parser has not taken yet to the start of the body's place and reads behind it.
void session::read_chunks()
{
    buffer_.erase(head_end(), next_);
    next_ = head_end();
    start_read(buffer_.tail(), buffer_.room(), read_target::buffer);
}

session::progress session::no_memory() noexcept
{
    return refuse_later(503, "too many request bodies at one time");
}

result<std::string_view> session::body_failure()
{
    close_after_ = true;
    if (refusal_.status == 0) {
        return failure{error_kind::cancelled, "the client went away"}.with_code("cancelled");
    }
    std::string message(refusal_.reason);
    if (refusal_.status == 413) {
        return failure{error_kind::request_too_large, std::move(message)}.with_code("request_too_large");
    }
    if (refusal_.status == 408) {
        failure late{error_kind::timeout, std::move(message)};
        late.with_code("timeout_body").with_status(408);
        return late;
    }
    if (refusal_.status == 503) {
        failure full{error_kind::service_unavailable, std::move(message)};
        full.with_code("body_memory").with_retry_after(std::chrono::seconds(1));
        return full;
    }
    failure bad{error_kind::invalid_request, std::move(message)};
    bad.with_code("bad_framing").with_status(refusal_.status);
    return bad;
}

} // namespace cogate::transports
