#pragma once
/// What a provider's error means, from its structured code first and its text last. Pure.

#include <cogate/error.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers::openai_chat {

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

/// Code, then type, then status, then text. `status` is 0 for an error inside an answer of status 200.
error_kind classify(reported_error const& error, int status);

} // namespace cogate::providers::openai_chat
