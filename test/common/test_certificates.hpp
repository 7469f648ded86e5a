#pragma once

#include <boost/asio/ssl/context.hpp>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace cogate::test {

struct free_x509 {
    void operator()(X509* what) const noexcept { X509_free(what); }
};
struct free_key {
    void operator()(EVP_PKEY* what) const noexcept { EVP_PKEY_free(what); }
};

/// A certificate and its key, made on the spot.
struct identity {
    std::unique_ptr<X509, free_x509> certificate;
    std::unique_ptr<EVP_PKEY, free_key> key;
};

struct certificate_wish {
    std::string common_name = "test";
    std::string alternative_names{}; ///< OpenSSL's text: "DNS:localhost,IP:127.0.0.1"; empty: none
    long from_days = -1;
    long until_days = 30;
    bool authority = false;
};

/// Issued by `issuer`, or by itself when that is null. P-256, SHA-256.
inline identity make_identity(certificate_wish const& wish, identity const* issuer = nullptr)
{
    static std::atomic<long> serial{1};
    identity made{std::unique_ptr<X509, free_x509>(X509_new()),
                  std::unique_ptr<EVP_PKEY, free_key>(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"))};
    X509* const certificate = made.certificate.get();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate), wish.from_days * 86'400);
    X509_gmtime_adj(X509_getm_notAfter(certificate), wish.until_days * 86'400);
    X509_NAME* const name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<unsigned char const*>(wish.common_name.c_str()), -1, -1, 0);
    X509* const signer = issuer != nullptr ? issuer->certificate.get() : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(signer));
    X509_set_pubkey(certificate, made.key.get());
    const auto extend = [&](int id, std::string const& value) {
        X509V3_CTX context{};
        X509V3_set_ctx(&context, signer, certificate, nullptr, nullptr, 0);
        X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
        if (extension == nullptr) {
            throw std::runtime_error("certificate extension " + value);
        }
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    };
    if (wish.authority) {
        extend(NID_basic_constraints, "critical,CA:TRUE");
        extend(NID_key_usage, "critical,keyCertSign,cRLSign");
    }
    if (!wish.alternative_names.empty()) {
        extend(NID_subject_alt_name, wish.alternative_names);
    }
    EVP_PKEY* const signing_key = issuer != nullptr ? issuer->key.get() : made.key.get();
    if (X509_sign(certificate, signing_key, EVP_sha256()) == 0) {
        throw std::runtime_error("certificate could not be signed");
    }
    return made;
}

/// A file in the folder for temporary files that is gone with the object.
class temporary_pem {
public:
    explicit temporary_pem(identity const& what)
    {
        static std::atomic<int> number{0};
        path_ = (std::filesystem::temp_directory_path() /
                 ("cogate-test-" + std::to_string(::getpid()) + '-' + std::to_string(number++) + ".pem"))
                    .string();
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path_.c_str(), "w"),
                                                                   &std::fclose);
        if (!file || PEM_write_X509(file.get(), what.certificate.get()) == 0) {
            throw std::runtime_error("cannot write " + path_);
        }
    }
    ~temporary_pem() { std::remove(path_.c_str()); }
    temporary_pem(temporary_pem const&) = delete;
    temporary_pem& operator=(temporary_pem const&) = delete;

    std::string const& path() const noexcept { return path_; }

private:
    std::string path_;
};

/// A server's TLS settings with this identity; speaks ALPN http/1.1 with clients that offer it.
inline std::unique_ptr<boost::asio::ssl::context> serve_as(identity const& who)
{
    auto context = std::make_unique<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
    SSL_CTX* const native = context->native_handle();
    if (SSL_CTX_use_certificate(native, who.certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(native, who.key.get()) != 1) {
        throw std::runtime_error("certificate and key do not fit");
    }
    SSL_CTX_set_alpn_select_cb(
        native,
        [](SSL*, unsigned char const** out, unsigned char* out_size, unsigned char const* in,
           unsigned in_size, void*) {
            static constexpr unsigned char wanted[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
            unsigned char* selected = nullptr;
            if (SSL_select_next_proto(&selected, out_size, wanted, sizeof wanted, in, in_size) !=
                OPENSSL_NPN_NEGOTIATED) {
                return SSL_TLSEXT_ERR_ALERT_FATAL;
            }
            *out = selected;
            return SSL_TLSEXT_ERR_OK;
        },
        nullptr);
    return context;
}

} // namespace cogate::test
