#include "providers/vertex/signing_key.hpp"

#include "lib/core/json/writer.hpp"
#include "lib/core/text.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <limits>

namespace cogate::providers::vertex {

namespace {

/// base64url without padding (RFC 7515, 2).
std::string base64_url(std::string_view bytes)
{
    std::string out = core::base64_encode(bytes);
    for (char& c : out) {
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    out.resize(out.find_last_not_of('=') + 1);
    return out;
}

} // namespace

std::optional<signing_key> signing_key::from_pem(std::string_view pem)
{
    if (pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        return std::nullopt;
    }
    const std::unique_ptr<BIO, int (*)(BIO*)> source(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    // An empty password, else OpenSSL asks at the terminal for that of an encrypted key.
    char no_password[] = "";
    EVP_PKEY* const raw =
        source ? PEM_read_bio_PrivateKey(source.get(), nullptr, nullptr, static_cast<void*>(no_password))
               : nullptr;
    if (raw == nullptr) {
        ERR_clear_error();
        return std::nullopt;
    }
    std::shared_ptr<void> key(raw, [](void* held) { EVP_PKEY_free(static_cast<EVP_PKEY*>(held)); });
    if (EVP_PKEY_is_a(raw, "RSA") != 1 || EVP_PKEY_get_bits(raw) < 2048) {
        return std::nullopt;
    }
    return signing_key(std::move(key));
}

std::string signing_key::sign(std::string_view message) const
{
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    auto const* bytes = reinterpret_cast<unsigned char const*>(message.data());
    std::size_t size = 0;
    std::string out;
    if (context &&
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr,
                           static_cast<EVP_PKEY*>(key_.get())) == 1 &&
        EVP_DigestSign(context.get(), nullptr, &size, bytes, message.size()) == 1) {
        out.resize(size);
        if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes,
                           message.size()) == 1) {
            out.resize(size);
            return out;
        }
    }
    ERR_clear_error();
    return {};
}

std::string signed_assertion(signing_key const& key, token_claims const& claims)
{
    std::string header;
    json::writer head(header);
    head.begin_object().member("alg", "RS256").member("typ", "JWT");
    if (!claims.key_id.empty()) {
        head.member("kid", claims.key_id);
    }
    head.end_object();
    std::string body;
    json::writer out(body);
    out.begin_object()
        .member("iss", claims.issuer)
        .member("scope", claims.scope)
        .member("aud", claims.audience);
    out.member("iat", claims.issued_at).member("exp", claims.issued_at + claims.lifetime).end_object();
    std::string text = base64_url(header) + '.' + base64_url(body);
    const std::string signature = key.sign(text);
    return signature.empty() ? std::string() : text + '.' + base64_url(signature);
}

} // namespace cogate::providers::vertex
