#pragma once

#include "providers/encoded_request.hpp"

#include <cogate/result.hpp>
#include <cogate/secret.hpp>

#include <chrono>
#include <string>

namespace cogate::cli {

/// A running gateway.
struct gateway_place {
    std::string url;
    secret key; ///< empty: none is sent
    std::chrono::milliseconds patience{30'000};
};

/// Sends one request of the management API and gives the body of a good answer, a JSON text. Blocks.
/// Failures: `invalid_request` for a URL that makes no sense, the transport's, and what the gateway answered:
/// its status, message, code and param.
result<std::string> ask_gateway(gateway_place const& where, providers::encoded_request request);

/// The failure in an answer of another status than 200. Pure.
failure failure_of(int status, std::string const& body);

/// What a person can do about a failure of ask_gateway(); empty when its message says it all.
std::string keys_advice(failure const& why, std::string const& url);

} // namespace cogate::cli
