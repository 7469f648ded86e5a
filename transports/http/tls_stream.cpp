#include "transports/http/tls_stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>

#include <sys/socket.h>

#include <cerrno>
#include <new>

namespace cogate::transports {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

bool worth_a_retry(int error) noexcept
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

int handle_of(BIO* bio) noexcept
{
    return static_cast<tcp::socket*>(BIO_get_data(bio))->native_handle();
}

int send_bytes(BIO* bio, char const* data, std::size_t size, std::size_t* sent) noexcept
{
    BIO_clear_retry_flags(bio);
    // OpenSSL's own socket BIO would raise SIGPIPE.
    const ssize_t n = ::send(handle_of(bio), data, size, MSG_NOSIGNAL);
    if (n < 0) {
        if (worth_a_retry(errno)) {
            BIO_set_retry_write(bio);
        }
        return 0;
    }
    *sent = static_cast<std::size_t>(n);
    return 1;
}

int receive_bytes(BIO* bio, char* room, std::size_t size, std::size_t* got) noexcept
{
    BIO_clear_retry_flags(bio);
    const ssize_t n = ::recv(handle_of(bio), room, size, 0);
    if (n < 0 && worth_a_retry(errno)) {
        BIO_set_retry_read(bio);
    }
    if (n == 0) {
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    }
    if (n <= 0) {
        return 0;
    }
    *got = static_cast<std::size_t>(n);
    return 1;
}

long control(BIO* bio, int command, long, void*) noexcept
{
    if (command == BIO_CTRL_EOF) {
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    }
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int mark_ready(BIO* bio) noexcept
{
    BIO_set_init(bio, 1);
    return 1;
}

struct free_method {
    void operator()(BIO_METHOD* method) const noexcept { BIO_meth_free(method); }
};

BIO_METHOD const* socket_method()
{
    static const std::unique_ptr<BIO_METHOD, free_method> method = [] {
        std::unique_ptr<BIO_METHOD, free_method> made(
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals"));
        if (!made) {
            throw std::bad_alloc();
        }
        BIO_meth_set_write_ex(made.get(), &send_bytes);
        BIO_meth_set_read_ex(made.get(), &receive_bytes);
        BIO_meth_set_ctrl(made.get(), &control);
        BIO_meth_set_create(made.get(), &mark_ready);
        return made;
    }();
    return method.get();
}

boost::system::error_code tls_error(unsigned long code) noexcept
{
    if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        return asio::ssl::error::stream_truncated;
    }
    return {static_cast<int>(code), asio::error::get_ssl_category()};
}

/// Before each call of OpenSSL: what SSL_get_error reads must stem from that call.
void clear_errors() noexcept
{
    if (ERR_peek_error() != 0) {
        ERR_clear_error(); // goes through the whole queue, empty or not
    }
    errno = 0;
}

} // namespace

tls_stream::tls_stream(tcp::socket& socket, SSL_CTX* context) : tls_(SSL_new(context))
{
    BIO* const bio = tls_ ? BIO_new(socket_method()) : nullptr;
    if (bio == nullptr) {
        throw std::bad_alloc();
    }
    BIO_set_data(bio, &socket);
    SSL_set_bio(tls_.get(), bio, bio);
    // One receive for a record's head and body, and for as many records as there are.
    SSL_set_read_ahead(tls_.get(), 1);
    SSL_set_mode(tls_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                 SSL_MODE_RELEASE_BUFFERS);
    SSL_set_connect_state(tls_.get());
}

tls_stream::~tls_stream()
{
    // OpenSSL bars the session of a connection that was freed without a shutdown from being resumed, but
    // waiting for the peer's close_notify would be waiting for nothing.
    SSL_set_shutdown(tls_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

tls_stream::step tls_stream::handshake() noexcept
{
    clear_errors();
    return judge(SSL_do_handshake(tls_.get()), 0);
}

tls_stream::step tls_stream::read(std::span<char> room) noexcept
{
    if (fault_) {
        return {.why = fault_};
    }
    std::size_t bytes = 0;
    clear_errors();
    const int outcome = SSL_read_ex(tls_.get(), room.data(), room.size(), &bytes);
    return judge(outcome, bytes);
}

tls_stream::step tls_stream::write(std::string_view bytes) noexcept
{
    if (fault_) {
        return {.why = fault_};
    }
    std::size_t written = 0;
    clear_errors();
    const int outcome = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &written);
    return judge(outcome, written);
}

tls_stream::step tls_stream::judge(int outcome, std::size_t bytes) noexcept
{
    if (outcome == 1) {
        return {.bytes = bytes};
    }
    const int system = errno;
    switch (SSL_get_error(tls_.get(), outcome)) {
    case SSL_ERROR_WANT_READ: return {.wants = want::read};
    case SSL_ERROR_WANT_WRITE: return {.wants = want::write};
    case SSL_ERROR_ZERO_RETURN: fault_ = asio::error::eof; break;
    case SSL_ERROR_SSL: fault_ = tls_error(ERR_get_error()); break;
    default:
        fault_ = system != 0 ? boost::system::error_code(system, boost::system::system_category())
                             : boost::system::error_code(asio::ssl::error::stream_truncated);
        break;
    }
    return {.why = fault_};
}

} // namespace cogate::transports
