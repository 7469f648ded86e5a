#include "transports/http/tls_context.hpp"

#include "transports/http/failures.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <openssl/x509v3.h>

#include <array>

namespace cogate::transports {

namespace ssl = boost::asio::ssl;

namespace {

// Where an SSL object keeps the address of its pool key; OpenSSL's application slot 0 is Asio's.
int key_index()
{
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

int store_index()
{
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

constexpr std::array<unsigned char, 9> alpn_http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

} // namespace

tls_context::tls_context(std::string const& ca_file) : context_(ssl::context::tls_client)
{
    context_.set_verify_mode(ssl::verify_peer);
    context_.set_default_verify_paths();
    if (!ca_file.empty()) {
        context_.load_verify_file(ca_file);
    }
    SSL_CTX* const native = context_.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_alpn_protos(native, alpn_http_1_1.data(), alpn_http_1_1.size());
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_set_ex_data(native, store_index(), &sessions_);
    SSL_CTX_sess_set_new_cb(native, &tls_context::keep_session);
}

int tls_context::keep_session(SSL* tls, SSL_SESSION* session) noexcept
{
    auto* const store = static_cast<session_store*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), store_index()));
    auto const* const key = static_cast<std::string const*>(SSL_get_ex_data(tls, key_index()));
    if (store == nullptr || key == nullptr) {
        return 0;
    }
    try {
        store->put(*key, tls_session(session));
    } catch (...) {
        // `put` owned it and let it go; the reference is used up all the same.
    }
    return 1;
}

bool tls_context::prepare(SSL* tls, std::string const& host, std::string const& key)
{
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    SSL_set_hostflags(tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    bool accepted = false;
    if (not_an_address) {
        // SSL_set_tlsext_host_name as a macro casts away const.
        accepted = SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                            const_cast<char*>(host.c_str())) == 1 &&
                   SSL_set1_host(tls, host.c_str()) == 1;
    } else {
        accepted = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str()) == 1;
    }
    if (!accepted) {
        return false;
    }
    SSL_set_ex_data(tls, key_index(), const_cast<std::string*>(&key));
    if (const tls_session session = sessions_.take(key)) {
        SSL_set_session(tls, session.get());
    }
    return true;
}

result<std::shared_ptr<tls_context>> tls_contexts::of(std::string const& ca_file)
{
    const std::lock_guard lock(mutex_);
    std::shared_ptr<tls_context>& context = contexts_[ca_file];
    if (!context) {
        try {
            context = std::make_shared<tls_context>(ca_file);
        } catch (boost::system::system_error const& why) {
            return failures::bad_authorities(ca_file, why.code());
        }
    }
    return context;
}

} // namespace cogate::transports
