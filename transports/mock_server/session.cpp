#include "transports/mock_server/session.hpp"

#include "transports/mock_server/worker.hpp"

#include <sys/epoll.h>

#include <algorithm>

namespace cogate::transports::mock {

session::session(worker& owner, socket_descriptor socket, const tls_server_context* tls)
    : owner_(owner),
      channel_(std::move(socket), tls),
      timer_(
          owner.loop, [](void* self) { static_cast<session*>(self)->advance(); }, this),
      interest_(EPOLLIN)
{
    owner_.loop.watch(channel_.descriptor(), *this, interest_);
    owner_.seen.connections_open.fetch_add(1, std::memory_order_relaxed);
    owner_.seen.connections_total.fetch_add(1, std::memory_order_relaxed);
}

session::~session()
{
    if (!ended_) {
        owner_.loop.forget(channel_.descriptor(), *this);
    }
    owner_.seen.connections_open.fetch_sub(1, std::memory_order_relaxed);
}

void session::on_ready(std::uint32_t events)
{
    if ((events & EPOLLOUT) != 0 && blocked_) {
        advance();
    }
    if (!ended_ && ((events & ~std::uint32_t{EPOLLOUT}) != 0 || channel_.wants_write())) {
        receive();
    }
}

void session::receive()
{
    for (;;) {
        const channel::outcome got = channel_.read(owner_.scratch.data(), owner_.scratch.size());
        if (got.bytes == 0) {
            if (!got.blocked) {
                peer_gone();
            } else if (!blocked_) {
                want(channel_.wants_write() ? EPOLLIN | EPOLLOUT : EPOLLIN);
            }
            return;
        }
        take({owner_.scratch.data(), got.bytes});
        // A short read of plain TCP has emptied the socket; TLS may hold more records.
        if (ended_ || (!channel_.encrypted() && got.bytes < owner_.scratch.size())) {
            return;
        }
    }
}

void session::take(std::string_view fresh)
{
    if (reply_ || !in_.empty()) {
        in_.append(fresh);
        if (in_.size() > longest_head + 2 * longest_body) {
            end(true);
            return;
        }
        if (!reply_ && in_.size() >= needed_) {
            in_.erase(0, consume(in_));
        }
        return;
    }
    const std::size_t used = consume(fresh);
    if (!ended_ && used < fresh.size()) {
        in_.reserve(std::max(needed_, fresh.size() - used));
        in_.append(fresh.substr(used));
    }
}

std::size_t session::consume(std::string_view bytes)
{
    std::size_t used = 0;
    consuming_ = true;
    while (!reply_ && !ended_ && used < bytes.size()) {
        const std::string_view rest = bytes.substr(used);
        const read_status status = read_request_head(rest, head_);
        if (status == read_status::need_more) {
            needed_ = rest.size() + 1;
            break;
        }
        std::string_view body;
        std::size_t total = 0;
        if (status == read_status::bad || !whole_body(rest, body, total)) {
            begin(std::make_shared<answer>(
                      error_answer(400, "Bad request", "invalid_request_error", "bad_http")),
                  false, {});
            used = bytes.size();
            break;
        }
        if (total == 0) {
            break;
        }
        used += total;
        needed_ = 0;
        told_to_continue_ = false;
        begin(owner_.answer_to(head_, body), head_.keep_alive, owner_.draw_latency());
    }
    consuming_ = false;
    return used;
}

/// Finds the body behind the head; `total` stays 0 while it is not whole. False: bad framing.
bool session::whole_body(std::string_view bytes, std::string_view& body, std::size_t& total)
{
    const std::string_view behind = bytes.substr(head_.head_bytes);
    if (head_.chunked) {
        std::size_t used = 0;
        const read_status status = read_chunked(behind, decoded_, used);
        if (status == read_status::complete) {
            body = decoded_;
            total = head_.head_bytes + used;
            return true;
        }
        if (status == read_status::bad) {
            return false;
        }
        needed_ = bytes.size() + 1;
    } else if (behind.size() >= head_.content_length) {
        body = behind.substr(0, head_.content_length);
        total = head_.head_bytes + head_.content_length;
        return true;
    } else {
        needed_ = head_.head_bytes + head_.content_length;
    }
    if (head_.expects_continue && !told_to_continue_) {
        told_to_continue_ = true;
        channel_.write("HTTP/1.1 100 Continue\r\n\r\n");
    }
    return true;
}

void session::begin(std::shared_ptr<const answer> reply, bool keep_alive, std::chrono::nanoseconds latency)
{
    reply_ = std::move(reply);
    keep_alive_ = keep_alive;
    latency_ = latency;
    sent_ = 0;
    limit_ = 0;
    piece_ = 0;
    due_ = {};
    advance();
}

/// Opens the next piece and tells how long to wait before it.
std::chrono::nanoseconds session::open_next_piece()
{
    const answer& reply = *reply_;
    if (reply.between_bytes.count() > 0) {
        ++limit_;
        return reply.between_bytes;
    }
    const mock_options& options = owner_.options;
    const std::size_t opened = piece_;
    const bool paced = opened == 0 || (opened == 1 && options.first_token.count() > 0) || options.rate > 0;
    piece_ += paced ? 1 : options.events_per_write;
    limit_ = reply.pieces[std::min(piece_, reply.pieces.size()) - 1];
    if (opened == 0) {
        return latency_;
    }
    if (opened == 1) {
        return options.first_token;
    }
    return std::chrono::nanoseconds(options.rate > 0 ? static_cast<std::int64_t>(1e9 / options.rate) : 0);
}

/// Sends what is open, and opens more until a pause or a full socket.
void session::advance()
{
    while (reply_ && !ended_) {
        if (!flush()) {
            return;
        }
        if (limit_ == reply_->bytes.size()) {
            finish();
            return;
        }
        const std::chrono::nanoseconds pause = open_next_piece();
        if (pause.count() > 0) {
            const auto from = due_ == poll_timer::clock::time_point() ? poll_timer::clock::now() : due_;
            due_ = from + pause;
            timer_.arm(due_);
            return;
        }
    }
}

/// False: nothing more can be done now.
bool session::flush()
{
    while (sent_ < limit_) {
        const channel::outcome put =
            channel_.write(std::string_view(reply_->bytes).substr(sent_, limit_ - sent_));
        if (put.bytes == 0) {
            if (!put.blocked) {
                peer_gone();
                return false;
            }
            blocked_ = true;
            want(EPOLLIN | EPOLLOUT);
            return false;
        }
        sent_ += put.bytes;
    }
    if (blocked_) {
        blocked_ = false;
        want(EPOLLIN);
    }
    return true;
}

/// Puts the answer on the bill, as far as it was sent.
void session::charge(bool by_peer)
{
    const tariff& price = reply_->charged;
    if (price.prompt == 0) {
        return;
    }
    const std::vector<std::size_t>& pieces = reply_->pieces;
    const bool all = sent_ == reply_->bytes.size();
    if (all && reply_->end == answer::ending::keep &&
        (!reply_->stream || pieces.size() > reply_->done_piece)) {
        owner_.seen.completed.add(price.prompt, price.completion);
        return;
    }
    std::size_t made = price.completion;
    if (reply_->stream) {
        const auto whole =
            static_cast<std::size_t>(std::upper_bound(pieces.begin(), pieces.end(), sent_) - pieces.begin());
        made = std::min<std::size_t>(whole - std::min(whole, price.first_content), price.completion);
    }
    (by_peer ? owner_.seen.aborted : owner_.seen.broken).add(price.prompt, made);
}

void session::finish()
{
    if (reply_->end == answer::ending::hang) {
        return;
    }
    charge(false);
    const bool reset = reply_->end == answer::ending::reset;
    const bool close = reply_->end == answer::ending::close || !keep_alive_;
    reply_.reset();
    if (reset || close) {
        end(reset);
    } else if (!consuming_ && !in_.empty()) {
        in_.erase(0, consume(in_));
    }
}

void session::peer_gone()
{
    if (reply_) {
        charge(true);
        (reply_->stream ? owner_.seen.streams_aborted : owner_.seen.answers_aborted)
            .fetch_add(1, std::memory_order_relaxed);
    }
    end(false);
}

void session::end(bool reset)
{
    if (ended_) {
        return;
    }
    ended_ = true;
    timer_.disarm();
    owner_.loop.forget(channel_.descriptor(), *this);
    if (reset) {
        reset_on_close(channel_.descriptor());
    }
    channel_.close();
    owner_.drop(*this);
}

void session::want(std::uint32_t events)
{
    if (events != interest_) {
        interest_ = events;
        owner_.loop.change(channel_.descriptor(), *this, events);
    }
}

} // namespace cogate::transports::mock
