#include "transports/listener/session.hpp"

#include "lib/wire/head_splitter.hpp"

#include <algorithm>
#include <bit>

namespace cogate::transports {

namespace {

constexpr std::size_t initial_capacity = 8 * 1024;
/// What a connection may keep between requests.
constexpr std::size_t kept_capacity = 16 * 1024;
constexpr std::size_t kept_body = 16 * 1024;
/// Room that is there for the next request while the current one is served.
constexpr std::size_t least_tail = 1024;
constexpr std::size_t most_tail = 4 * 1024;

} // namespace

void session::wait_for_request() noexcept
{
    guard_.reset();
    parts_.clear();
    scanned_ = 0;
    empty_line_seen_ = wrote_ = close_after_ = timed_out_ = false;
    if (buffer_.size() > begin_) {
        worker_.now_busy(*this);
        watch(phase::head, worker_.shared().limits.head_time);
        return;
    }
    worker_.now_idle(*this);
    inbound_limits const& limits = worker_.shared().limits;
    bool const draining = worker_.shared().draining.load();
    watch(phase::idle, draining ? drain_patience : served_ ? limits.idle_time : limits.head_time);
}

session::progress session::advance_head()
{
    std::string_view bytes = buffer_.view().substr(begin_ + scanned_);
    if (scanned_ == 0 && !empty_line_seen_) {
        // RFC 9112 2.2: one empty line before a request line is forgiven; some clients end a body with it.
        if (bytes.empty() || bytes == "\r") {
            return progress::more;
        }
        if (bytes.starts_with("\r\n")) {
            bytes.remove_prefix(2);
            begin_ += 2;
        }
        empty_line_seen_ = true;
    }
    scanned_ += guard_.raw_head(bytes);
    if (!guard_.result().ok) {
        return refuse_later(guard_.result().status, guard_.result().reason);
    }
    return guard_.raw_head_done() ? parse_head() : progress::more;
}

session::progress session::parse_head()
{
    std::string_view const head = buffer_.view().substr(begin_, scanned_);
    wire::head_splitter splitter(head);
    wire::request_line const line = splitter.take_request_line();
    parts_.method = line.method;
    parts_.target = line.target;
    parts_.version = static_cast<int>(line.version);
    if (line.version == 0) {
        return refuse_later(400, "malformed request");
    }
    bool good = guard_.request_line(line.method, line.target, line.version);
    for (wire::header field; good && splitter.take_field(field);) {
        good = guard_.field(field.name, field.value);
        parts_.headers.push_back(field);
    }
    if (!good || !guard_.finish().ok) {
        return refuse_later(guard_.result().status, guard_.result().reason);
    }
    if (guard_.facts().chunked && !expect_chunks(head)) {
        return refuse_later(400, "malformed request");
    }
    received_at_ = worker_.clock().now();
    return place_body();
}

/// Chunks are Beast's to decode; it wants to have read the head.
bool session::expect_chunks(std::string_view head)
{
    parser_.emplace(guard_, body_);
    parser_->header_limit(static_cast<std::uint32_t>(scanned_ + 1));
    parser_->body_limit(worker_.shared().limits.body_bytes);
    parser_->eager(false);
    boost::system::error_code ec;
    parser_->put(boost::asio::const_buffer(head.data(), head.size()), ec);
    return !ec && parser_->is_header_done();
}

session::progress session::refuse_later(int status, std::string_view reason) noexcept
{
    refusal_ = {status, reason};
    close_after_ = true;
    return progress::refused;
}

/// Room for a read of a head that is not complete; no views are out.
void session::make_room()
{
    if (buffer_.room() >= least_tail) {
        return;
    }
    buffer_.erase(0, begin_);
    begin_ = 0;
    if (buffer_.room() < least_tail) {
        buffer_.reserve(std::max(initial_capacity, 2 * buffer_.capacity()));
    }
}

/// Makes `span` bytes from the start of the request fit, now, because later the handler holds views.
void session::hold(std::size_t span)
{
    if (begin_ + span <= buffer_.capacity()) {
        return;
    }
    char const* const from = buffer_.data() + begin_;
    if (span > buffer_.capacity()) {
        byte_buffer larger;
        larger.reserve(std::bit_ceil(span));
        larger.append(buffer_.view().substr(begin_));
        parts_.rebase(from, larger.data());
        buffer_.swap(larger);
    } else {
        parts_.rebase(from, buffer_.data());
        buffer_.erase(0, begin_);
    }
    begin_ = 0;
}

session::progress session::place_body()
{
    wire::framing_facts const& facts = guard_.facts();
    client_keeps_ = facts.keep_alive && parts_.version >= 11;
    std::size_t const buffered = buffer_.size() - begin_;
    std::size_t const length = static_cast<std::size_t>(facts.content_length.value_or(0));
    std::size_t const whole = scanned_ + length;
    body_view_ = {};
    body_.clear();
    body_complete_ = false;
    in_pieces_ = false;
    told_all_ = false;
    pace_.reset();
    if (!facts.chunked && (whole <= buffered || whole + least_tail <= kept_capacity)) {
        framing_ = length > 0 ? framing::in_place : framing::none;
        std::size_t const roomy = whole + std::clamp(whole, least_tail, most_tail);
        hold(std::max({std::min(roomy, kept_capacity), whole + least_tail, buffered}));
        next_ = begin_ + whole;
        if (whole <= buffered) {
            body_arrived(buffer_.view().substr(head_end(), length));
        }
        return progress::ready;
    }
    if (!held_.hold(facts.chunked ? first_body_capacity : std::min(first_body_capacity, length))) {
        return no_memory();
    }
    if (facts.chunked) {
        framing_ = framing::chunked;
        hold(std::max(scanned_ + max_chunk_overhead + most_tail, buffered));
        next_ = head_end();
    } else {
        framing_ = framing::sized;
        body_left_ = whole - buffered;
        hold(std::max(scanned_ + least_tail, buffered));
        next_ = buffer_.size();
    }
    return progress::ready;
}

void session::end_request() noexcept
{
    served_ = true;
    begin_ = next_;
    if (target_ == read_target::spare && (reading_ || spare_.size() > 0)) {
        buffer_.swap(spare_);
        spare_.release();
        begin_ = 0;
        target_ = read_target::buffer;
    } else if (begin_ == buffer_.size() && !reading_) {
        buffer_.clear();
        begin_ = 0;
    }
    if (body_.capacity() > kept_body) {
        body_.release();
    }
    held_.release();
}

/// The body is complete: from here on a pending read sees the client go, or takes its next request.
void session::watch_client()
{
    if (sent_ahead() > 0 || reading_ || gone_ || dead_) {
        return; // what was sent ahead is enough until this request is answered
    }
    if (buffer_.capacity() > kept_capacity) {
        spare_.clear();
        spare_.reserve(initial_capacity);
        start_read_later(spare_.data(), spare_.capacity(), read_target::spare);
    } else {
        start_read_later(buffer_.tail(), buffer_.room(), read_target::buffer);
    }
}

} // namespace cogate::transports
