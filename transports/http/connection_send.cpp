#include "transports/http/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace cogate::transports {

namespace asio = boost::asio;
using boost::system::error_code;
using io_outcome = std::tuple<error_code, std::size_t>;

namespace {

// What TLS can encrypt in one go; pieces that come together in one call share a record.
constexpr std::size_t one_record = 16 * 1024;

// Up to here copying a message into one buffer costs less than the kernel's work with a list of them.
constexpr std::size_t max_copied = 8 * 1024;

std::size_t total_size(std::span<std::string_view const> pieces) noexcept
{
    std::size_t sum = 0;
    for (std::string_view piece : pieces) {
        sum += piece.size();
    }
    return sum;
}

} // namespace

/// Watches for an answer that comes while the request is still being written: such a peer may read no further,
/// and the write would wait for ever. Shared with the handler, which may run after the write is over.
struct connection::early_answer {
    connection* self;
    bool came = false;

    static std::shared_ptr<early_answer> watch(connection& owner)
    {
        auto state = std::make_shared<early_answer>(early_answer{&owner});
        owner.socket_.async_wait(asio::ip::tcp::socket::wait_read, [state](error_code why) {
            if (!why && state->self != nullptr) {
                error_code ignored;
                state->came = true;
                state->self->socket_.cancel(ignored);
            }
        });
        return state;
    }
};

asio::awaitable<result<void>> connection::send(std::span<std::string_view const> pieces,
                                               exchange_limits const& limits)
{
    error_code why = asio::error::operation_aborted;
    if (!pieces.empty() && pieces.front().starts_with("HEAD ")) {
        reader_.answers_head();
    }
    if (!cancelled_ && !expired_) {
        arm(phase::write, limits.write, limits);
        if (turn_.waits()) {
            auto later = turn_.end_of_turn();
            co_await std::move(later);
        }
        if (tls_) {
            why = co_await write_tls(pieces, limits);
        } else {
            const std::size_t total = total_size(pieces);
            std::string_view joined;
            if (pieces.size() > 1 && total <= max_copied) {
                joined = join(pieces, total);
                pieces = {&joined, 1};
            }
            const std::size_t written = write_now(pieces, why);
            if (!why && written < total) {
                why = co_await write_rest(pieces, written, limits);
            }
        }
    }
    if (why && why != asio::error::in_progress) {
        failed_ = true;
        if (std::optional<failure> ours = ended_by_us(why)) {
            co_return *std::move(ours);
        }
    }
    // A peer that answers early and closes makes the write fail: whether an answer came, the read will tell.
    watchdog_.disarm();
    written_ = !why;
    co_return result<void>();
}

std::span<asio::const_buffer const> connection::gather(std::span<std::string_view const> pieces,
                                                       std::size_t written) noexcept
{
    std::size_t n = 0;
    for (std::string_view piece : pieces) {
        const std::size_t done = std::min(written, piece.size());
        written -= done;
        piece.remove_prefix(done);
        if (!piece.empty() && n < max_gather) {
            gathered_[n++] = asio::const_buffer(piece.data(), piece.size());
        }
    }
    return {gathered_.data(), n};
}

std::string_view connection::join(std::span<std::string_view const> pieces, std::size_t most)
{
    outgoing_.clear();
    for (std::string_view piece : pieces) {
        outgoing_.append(piece.substr(0, most - outgoing_.size()));
    }
    return outgoing_;
}

/// A socket takes most requests at once: no turn of the event loop for those.
std::size_t connection::write_now(std::span<std::string_view const> pieces, error_code& why)
{
    const std::size_t written =
        pieces.size() == 1 ? socket_.write_some(asio::const_buffer(pieces[0].data(), pieces[0].size()), why)
                           : socket_.write_some(gather(pieces, 0), why);
    if (why == asio::error::would_block || why == asio::error::try_again) {
        why = {};
    }
    return written;
}

/// error::in_progress: an answer began before all was written, and writing has stopped.
asio::awaitable<error_code> connection::write_rest(std::span<std::string_view const> pieces,
                                                   std::size_t written, exchange_limits const& limits)
{
    const std::size_t total = total_size(pieces);
    const std::shared_ptr<early_answer> early = early_answer::watch(*this);
    error_code why;
    while (written < total && !why) {
        const std::span<asio::const_buffer const> buffers = gather(pieces, written);
        const io_outcome outcome = co_await socket_.async_write_some(buffers, asio::as_tuple(asio::deferred));
        why = std::get<0>(outcome);
        written += std::get<1>(outcome);
        if (!why && written < total) {
            arm(phase::write, limits.write, limits);
            if (early->came) {
                why = asio::error::in_progress;
            }
        }
    }
    early->self = nullptr;
    if (early->came && !cancelled_ && !expired_ && written < total) {
        why = asio::error::in_progress;
    } else if (!early->came && socket_.is_open()) {
        error_code ignored;
        socket_.cancel(ignored);
    }
    co_return why;
}

asio::awaitable<error_code> connection::write_tls(std::span<std::string_view const> pieces,
                                                  exchange_limits const& limits)
{
    const std::string_view front = join(pieces, one_record);
    const std::size_t total = total_size(pieces);
    std::size_t written = 0;
    error_code why;
    while (written < total && !why) {
        std::string_view next = front.substr(std::min(written, front.size()));
        if (next.empty()) {
            const asio::const_buffer rest = gather(pieces, written).front();
            next = {static_cast<char const*>(rest.data()), rest.size()};
        }
        const tls_stream::step sent = tls_->write(next);
        why = sent.why;
        written += sent.bytes;
        if (sent.wants != tls_stream::want::nothing) {
            why = co_await ready_for(sent.wants);
            if (!why) {
                arm(phase::write, limits.write, limits);
            }
        }
    }
    co_return why;
}

} // namespace cogate::transports
