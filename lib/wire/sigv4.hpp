#pragma once
/// AWS Signature Version 4 in the Authorization header. Pure functions of their arguments: the clock is one
/// of them. Thread safe. A digest that libcrypto cannot make is empty text.

#include <cogate/secret.hpp>

#include "lib/wire/header.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>

namespace cogate::wire {

/// Where a signature is valid.
struct sigv4_scope {
    std::string_view region;  ///< "us-east-1"
    std::string_view service; ///< "bedrock"
};

/// What a signature covers.
struct sigv4_request {
    std::string_view method;
    std::string_view path;  ///< as sent: it is encoded once more, which all services but S3 want
    std::string_view query; ///< as sent, without "?"
    std::span<header const>
        headers;                   ///< all of them are signed; any order, any case, repeated names are joined
    std::string_view payload_hash; ///< sha256_hex of the body
    bool normalize_path = true;    ///< empty, "." and ".." segments are resolved before
};

struct sigv4_canonical {
    std::string text;
    std::string signed_headers; ///< "host;x-amz-date"
};

sigv4_canonical canonical_request(sigv4_request const& request);

/// Lower-case hexadecimal SHA-256.
std::string sha256_hex(std::string_view bytes);

/// "20150830T123600Z"
std::string amz_date(std::chrono::system_clock::time_point time);

/// `date` as amz_date gives it.
std::string string_to_sign(std::string_view canonical, std::string_view date, sigv4_scope const& scope);

/// The signature in lower-case hexadecimal. Every derived key is wiped before this returns.
std::string sigv4_signature(secret const& key, std::string_view date, sigv4_scope const& scope,
                            std::string_view text);

/// The value of the Authorization field. Empty when a digest cannot be made.
std::string sigv4_authorization(std::string_view access_key_id, secret const& key, std::string_view date,
                                sigv4_scope const& scope, sigv4_request const& request);

} // namespace cogate::wire
