#pragma once
/// What a provider's error means, from its structured code first and its text last. Pure.

#include <cogate/error.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cogate::providers {

/// An error as the provider worded it, out of whichever envelope.
struct reported_error {
    std::string message;
    std::string type;
    std::string code;       ///< also a number's digits
    std::string inner_code; ///< Azure's innererror.code, Google's details reason
    std::string param;
    std::string retry_delay; ///< Google's RetryInfo, "48.9s"
};

/// What an HTTP status means by itself.
error_kind kind_of_status(int status) noexcept;

/// The meaning of one machine code or type; nothing for words that say less than the status does.
std::optional<error_kind> kind_of_code(std::string_view code) noexcept;

/// One word of a dialect and what it means. Matched without case against code, inner code and type.
struct error_rule {
    std::string_view word;
    error_kind kind;
};

/// The dialect's rules, then what is known of all providers: code, type, status, and text last. `status` is 0 for an
/// error inside an answer of status 200.
error_kind classify(reported_error const& error, int status, std::span<error_rule const> rules = {});

} // namespace cogate::providers
