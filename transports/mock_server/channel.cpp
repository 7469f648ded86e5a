#include "transports/mock_server/channel.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <new>
#include <stdexcept>

namespace cogate::transports::mock {

namespace {

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned offered_size, void*)
{
    static constexpr std::array<unsigned char, 9> http11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, out_size, http11.data(), http11.size(), offered, offered_size) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_NOACK;
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

[[noreturn]] void refuse(SSL_CTX* context, const std::string& text)
{
    SSL_CTX_free(context);
    throw std::runtime_error(text);
}

} // namespace

tls_server_context::tls_server_context(const std::string& certificate_file, const std::string& key_file)
    : context_(SSL_CTX_new(TLS_server_method()))
{
    if (context_ == nullptr) {
        throw std::bad_alloc();
    }
    SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
    SSL_CTX_set_mode(context_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_alpn_select_cb(context_, choose_protocol, nullptr);
    if (SSL_CTX_use_certificate_chain_file(context_, certificate_file.c_str()) != 1) {
        refuse(context_, "cannot use the certificate " + certificate_file + " (PEM expected)");
    }
    if (SSL_CTX_use_PrivateKey_file(context_, key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context_) != 1) {
        refuse(context_, "cannot use the key " + key_file + " (PEM, and of the certificate, expected)");
    }
}

tls_server_context::~tls_server_context()
{
    SSL_CTX_free(context_);
}

channel::channel(socket_descriptor socket, const tls_server_context* tls) : socket_(std::move(socket))
{
    if (tls != nullptr) {
        ssl_ = SSL_new(tls->get());
        if (ssl_ == nullptr || SSL_set_fd(ssl_, socket_.get()) != 1) {
            SSL_free(ssl_);
            throw std::bad_alloc();
        }
        SSL_set_accept_state(ssl_);
    }
}

channel::~channel()
{
    close();
}

void channel::close() noexcept
{
    if (ssl_ != nullptr) {
        SSL_free(ssl_);
        ssl_ = nullptr;
    }
    socket_.reset();
}

channel::outcome channel::read(char* data, std::size_t size)
{
    outcome out;
    if (ssl_ != nullptr) {
        ERR_clear_error();
        return tls_outcome(SSL_read(ssl_, data, static_cast<int>(std::min<std::size_t>(size, INT_MAX))));
    }
    const ssize_t got = ::recv(socket_.get(), data, size, 0);
    out.bytes = got > 0 ? static_cast<std::size_t>(got) : 0;
    out.ended = got == 0;
    out.blocked = got < 0 && (errno == EAGAIN || errno == EINTR);
    out.failed = got < 0 && !out.blocked;
    return out;
}

channel::outcome channel::write(std::string_view bytes)
{
    outcome out;
    if (ssl_ != nullptr) {
        ERR_clear_error();
        return tls_outcome(
            SSL_write(ssl_, bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX))));
    }
    const ssize_t put = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    out.bytes = put > 0 ? static_cast<std::size_t>(put) : 0;
    out.blocked = put < 0 && (errno == EAGAIN || errno == EINTR);
    out.failed = put < 0 && !out.blocked;
    return out;
}

channel::outcome channel::tls_outcome(int result)
{
    outcome out;
    wants_write_ = false;
    if (result > 0) {
        out.bytes = static_cast<std::size_t>(result);
        return out;
    }
    switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ: out.blocked = true; break;
    case SSL_ERROR_WANT_WRITE:
        out.blocked = true;
        wants_write_ = true;
        break;
    case SSL_ERROR_ZERO_RETURN: out.ended = true; break;
    default: out.failed = true; break;
    }
    return out;
}

} // namespace cogate::transports::mock
