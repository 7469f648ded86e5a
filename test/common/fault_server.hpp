#pragma once

#include "lib/wire/url.hpp"
#include "transports/runtime/timers.hpp"
#include "transports/transport.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace cogate::test {

/// An upstream that does what a script says, on the io_context of the test and on an ephemeral port. Each
/// connection plays the next script; the last one is played again for all that follow.
class fault_server {
public:
    struct step {
        enum class kind {
            handshake_stall,
            read_request,
            read_bytes,
            send,
            drip,
            pause,
            fin,
            reset,
            until_closed
        };
        kind what;
        std::string bytes{};
        std::size_t size = 0; ///< bytes to read, or of each piece of a drip
        std::chrono::milliseconds time{0};
    };
    using script = std::vector<step>;

    /// What the server saw of one connection.
    struct seen {
        std::string received;
        bool peer_closed = false;
        bool handshake_done = false;
        bool resumed = false;
        std::string alpn;
        std::string server_name;
    };

    static step read_request() { return {step::kind::read_request}; }
    static step read_bytes(std::size_t n) { return {step::kind::read_bytes, {}, n}; }
    static step send(std::string bytes) { return {step::kind::send, std::move(bytes)}; }
    /// In pieces of `size` bytes with a pause of `time` between them.
    static step drip(std::string bytes, std::size_t size, std::chrono::milliseconds time = {})
    {
        return {step::kind::drip, std::move(bytes), size, time};
    }
    static step pause(std::chrono::milliseconds time) { return {step::kind::pause, {}, 0, time}; }
    static step fin() { return {step::kind::fin}; }
    static step reset() { return {step::kind::reset}; }
    static step until_closed() { return {step::kind::until_closed}; }
    /// TLS only, first in a script: accepts and never shakes hands.
    static step handshake_stall() { return {step::kind::handshake_stall}; }

    fault_server(boost::asio::io_context& context, std::vector<script> scripts,
                 boost::asio::ssl::context* tls = nullptr)
        : state_(std::make_shared<state>(context, std::move(scripts), tls))
    {
        boost::asio::co_spawn(context, accept_all(state_), boost::asio::detached);
    }
    ~fault_server()
    {
        boost::system::error_code ignored;
        state_->acceptor.close(ignored);
    }
    fault_server(fault_server const&) = delete;
    fault_server& operator=(fault_server const&) = delete;

    std::uint16_t port() const { return state_->acceptor.local_endpoint().port(); }
    std::size_t connections() const { return state_->seen_.size(); }
    seen const& connection(std::size_t i) const { return *state_->seen_.at(i); }

    transports::endpoint where(std::string const& host = "127.0.0.1", std::string ca_file = {}) const
    {
        transports::endpoint out;
        const std::string scheme = state_->tls != nullptr ? "https" : "http";
        out.url = wire::parse_url(scheme + "://" + host + ':' + std::to_string(port())).value();
        out.ca_file = std::move(ca_file);
        out.pool_key = out.url.origin() + ' ' + out.ca_file;
        return out;
    }

private:
    using tcp = boost::asio::ip::tcp;

    struct state {
        state(boost::asio::io_context& context, std::vector<script> all, boost::asio::ssl::context* secure)
            : acceptor(context, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
              scripts(std::move(all)),
              tls(secure)
        {}
        tcp::acceptor acceptor;
        std::vector<script> scripts;
        boost::asio::ssl::context* tls;
        std::vector<std::shared_ptr<seen>> seen_;
    };

    static boost::asio::awaitable<void> accept_all(std::shared_ptr<state> server)
    {
        for (;;) {
            tcp::socket socket(server->acceptor.get_executor());
            std::tuple<boost::system::error_code> outcome =
                co_await server->acceptor.async_accept(socket, boost::asio::as_tuple(boost::asio::deferred));
            if (std::get<0>(outcome)) {
                co_return;
            }
            const std::size_t turn = std::min(server->seen_.size(), server->scripts.size() - 1);
            auto what = std::make_shared<seen>();
            server->seen_.push_back(what);
            script scene = server->scripts[turn];
            boost::asio::co_spawn(server->acceptor.get_executor(),
                                  serve(server, std::move(socket), std::move(what), std::move(scene)),
                                  boost::asio::detached);
        }
    }

    static boost::asio::awaitable<void> serve(std::shared_ptr<state> server, tcp::socket socket,
                                              std::shared_ptr<seen> what, script scene)
    {
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        if (server->tls == nullptr) {
            co_await play(socket, socket, what, scene);
            co_return;
        }
        boost::asio::ssl::stream<tcp::socket&> secure(socket, *server->tls);
        if (!scene.empty() && scene.front().what == step::kind::handshake_stall) {
            co_await play(socket, socket, what, scene);
            co_return;
        }
        std::tuple<boost::system::error_code> shaken = co_await secure.async_handshake(
            boost::asio::ssl::stream_base::server, boost::asio::as_tuple(boost::asio::deferred));
        if (std::get<0>(shaken)) {
            co_return;
        }
        note_handshake(secure.native_handle(), *what);
        co_await play(secure, socket, what, scene);
    }

    static void note_handshake(SSL* tls, seen& what)
    {
        what.handshake_done = true;
        what.resumed = SSL_session_reused(tls) == 1;
        unsigned char const* protocol = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(tls, &protocol, &size);
        what.alpn.assign(protocol, protocol + size);
        if (char const* const name = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name)) {
            what.server_name = name;
        }
    }

    template <class Stream>
    static boost::asio::awaitable<void> play(Stream& stream, tcp::socket& socket, std::shared_ptr<seen> what,
                                             script scene)
    {
        transports::timers& clock = transports::timers_of(socket.get_executor());
        std::size_t used = 0;
        for (step const& one : scene) {
            bool good = true;
            switch (one.what) {
            case step::kind::handshake_stall: break;
            case step::kind::read_request: good = co_await receive(stream, *what, used, request_end()); break;
            case step::kind::read_bytes: good = co_await receive(stream, *what, used, one.size); break;
            case step::kind::send: good = co_await transmit(stream, one.bytes); break;
            case step::kind::drip:
                for (std::size_t at = 0; good && at < one.bytes.size(); at += one.size) {
                    const std::string piece = one.bytes.substr(at, one.size);
                    good = co_await transmit(stream, piece);
                    co_await boost::asio::post(boost::asio::deferred);
                    if (one.time.count() > 0) {
                        co_await clock.sleep_until(clock.now() + one.time);
                    }
                }
                break;
            case step::kind::pause: co_await clock.sleep_until(clock.now() + one.time); break;
            case step::kind::fin: {
                boost::system::error_code ignored;
                socket.shutdown(tcp::socket::shutdown_send, ignored);
                break;
            }
            case step::kind::reset: {
                boost::system::error_code ignored;
                socket.set_option(boost::asio::socket_base::linger(true, 0), ignored);
                socket.close(ignored);
                co_return;
            }
            case step::kind::until_closed:
                co_await receive(stream, *what, used, static_cast<std::size_t>(-1));
                break;
            }
            if (!good) {
                break;
            }
        }
    }

    static constexpr std::size_t request_end() { return 0; }

    /// Reads `wanted` more bytes, or one whole request, or until the peer closes.
    template <class Stream>
    static boost::asio::awaitable<bool> receive(Stream& stream, seen& what, std::size_t& used,
                                                std::size_t wanted)
    {
        std::array<char, 4096> buffer;
        for (;;) {
            const std::string_view fresh = std::string_view(what.received).substr(used);
            const std::size_t enough = wanted == request_end() ? request_size(fresh) : wanted;
            if (enough != 0 && fresh.size() >= enough) {
                used += enough;
                co_return true;
            }
            std::tuple<boost::system::error_code, std::size_t> outcome = co_await stream.async_read_some(
                boost::asio::buffer(buffer), boost::asio::as_tuple(boost::asio::deferred));
            if (std::get<0>(outcome)) {
                what.peer_closed = true;
                co_return false;
            }
            what.received.append(buffer.data(), std::get<1>(outcome));
        }
    }

    template <class Stream>
    static boost::asio::awaitable<bool> transmit(Stream& stream, std::string const& bytes)
    {
        std::tuple<boost::system::error_code, std::size_t> outcome = co_await boost::asio::async_write(
            stream, boost::asio::buffer(bytes), boost::asio::as_tuple(boost::asio::deferred));
        co_return !std::get<0>(outcome);
    }

    /// Size of the request at the front, or 0 while its head is not whole.
    static std::size_t request_size(std::string_view bytes)
    {
        const std::size_t end = bytes.find("\r\n\r\n");
        if (end == std::string_view::npos) {
            return 0;
        }
        std::size_t body = 0;
        const std::size_t field = bytes.substr(0, end).find("content-length: ");
        if (field != std::string_view::npos) {
            std::from_chars(bytes.data() + field + 16, bytes.data() + end, body);
        }
        return end + 4 + body;
    }

    std::shared_ptr<state> state_;
};

} // namespace cogate::test
