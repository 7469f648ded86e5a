#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers::vertex {

/// A private RSA key that signs JSON web tokens with RS256. Immutable: safe from any thread.
class signing_key {
public:
    /// Nothing when the text is no PEM of an RSA private key of at least 2048 bits.
    static std::optional<signing_key> from_pem(std::string_view pem);

    /// RSASSA-PKCS1-v1_5 over SHA-256; empty when the library fails.
    std::string sign(std::string_view message) const;

private:
    explicit signing_key(std::shared_ptr<void> key) : key_(std::move(key)) {}

    std::shared_ptr<void> key_;
};

/// What a service account says to get a token (RFC 7523). Times are seconds since the epoch.
struct token_claims {
    std::string_view issuer;
    std::string_view key_id;
    std::string_view audience;
    std::string_view scope;
    std::int64_t issued_at = 0;
    std::int64_t lifetime = 3600;
};

/// "header.claims.signature", or empty when signing fails.
std::string signed_assertion(signing_key const& key, token_claims const& claims);

} // namespace cogate::providers::vertex
