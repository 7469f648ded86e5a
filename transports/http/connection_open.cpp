#include "transports/http/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>

#include <openssl/x509.h>

#include <unistd.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace cogate::transports {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// Asio watches a socket that it connected for writability ever after, and the kernel then reports that with
/// every arrival. Registered anew, the socket is watched for arrivals only.
error_code forget_connecting(tcp::socket& socket, tcp const& protocol)
{
    error_code why;
    const tcp::socket::native_handle_type handle = socket.release(why);
    if (!why) {
        socket.assign(protocol, handle, why);
        if (why) {
            ::close(handle);
        }
    }
    return why;
}

} // namespace

asio::awaitable<result<void>> connection::establish(endpoint const& where, exchange_limits const& limits,
                                                    tls_contexts& contexts)
{
    if (where.url.tls) {
        // First, so that an unusable file of authorities costs no connection.
        result<std::shared_ptr<tls_context>> context = contexts.of(where.ca_file);
        if (!context) {
            co_return context.error();
        }
        tls_context_ = *std::move(context);
    }
    result<void> done = co_await connect(where.url, limits);
    if (done && where.url.tls) {
        done = co_await handshake(where.url.host, limits);
    }
    if (!done) {
        close();
        co_return done;
    }
    count(stats_->opened);
    co_return done;
}

asio::awaitable<result<void>> connection::connect(wire::url const& url, exchange_limits const& limits)
{
    const steady_time by = std::min(clock_.now() + limits.connect, limits.total_by);
    dns_cache& names = dns_cache::of(socket_.get_executor().context());
    const dns_cache::resolution found = co_await names.resolve(url.host, by);
    if (found.result == dns_cache::outcome::cancelled) {
        co_return failures::cancelled(origin_);
    }
    if (found.result == dns_cache::outcome::timed_out) {
        co_return failures::name_timed_out(url.host, clock_.now() >= limits.total_by);
    }
    if (found.result == dns_cache::outcome::failed) {
        co_return failures::unresolved(url.host, found.why);
    }
    error_code why;
    for (std::size_t i = 0; i < found.addresses.size(); ++i) {
        const tcp::endpoint peer(found.addresses[i], url.port);
        const auto left = static_cast<std::chrono::nanoseconds::rep>(found.addresses.size() - i);
        phase_ = phase::connect;
        total_by_ = limits.total_by;
        expired_ = false;
        watchdog_.arm(clock_.now() + (by - clock_.now()) / left);
        close();
        const std::tuple<error_code> outcome =
            co_await socket_.async_connect(peer, asio::as_tuple(asio::deferred));
        why = std::get<0>(outcome);
        watchdog_.disarm();
        if (!why && !expired_) {
            why = forget_connecting(socket_, peer.protocol());
        }
        if (!why && !expired_) {
            error_code ignored;
            socket_.set_option(tcp::no_delay(true), ignored);
            socket_.non_blocking(true, ignored);
            names.prefer(url.host, found.addresses[i]);
            co_return result<void>();
        }
        if (expired_) {
            why = asio::error::timed_out;
        } else if (why == asio::error::operation_aborted) {
            co_return failures::cancelled(origin_);
        }
    }
    if (expired_) {
        co_return failures::timed_out(origin_, phase::connect, clock_.now() >= limits.total_by);
    }
    co_return failures::unconnected(origin_, why);
}

asio::awaitable<result<void>> connection::handshake(std::string const& host, exchange_limits const& limits)
{
    tls_ = std::make_unique<tls_stream>(socket_, tls_context_->native().native_handle());
    if (!tls_context_->prepare(tls_->native_handle(), host, pool_key_)) {
        co_return failures::tls_refused(origin_, "the host name cannot be verified");
    }
    arm(phase::tls, limits.tls, limits);
    tls_stream::step made = tls_->handshake();
    error_code why = made.why;
    while (made.wants != tls_stream::want::nothing && !why) {
        why = co_await ready_for(made.wants);
        if (!why) {
            made = tls_->handshake();
            why = made.why;
        }
    }
    if (why || expired_) {
        if (std::optional<failure> ours = ended_by_us(why)) {
            co_return *std::move(ours);
        }
        co_return failures::tls_refused(origin_, verification_fault(why));
    }
    watchdog_.disarm();
    if (SSL_session_reused(tls_->native_handle()) == 1) {
        count(stats_->resumed);
    }
    co_return result<void>();
}

std::string connection::verification_fault(error_code why) const
{
    const long verdict = SSL_get_verify_result(tls_->native_handle());
    return verdict != X509_V_OK ? X509_verify_cert_error_string(verdict) : why.message();
}

} // namespace cogate::transports
