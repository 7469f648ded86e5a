#pragma once

#include <cogate/money.hpp>
#include <cogate/raw_json.hpp>
#include <cogate/usage.hpp>

#include <optional>
#include <string>

namespace cogate {

/// A request of OpenAI's Responses API as its JSON: every member reaches a provider that speaks it, byte for byte; for
/// the others it is translated to a chat, and what that cannot say is invalid_request and named.
///
/// Plain value. `body` is an object; "stream": true is refused, for the answer comes whole.
struct responses_request {
    std::string model; ///< a body without "model" gets it; empty: the body's own
    raw_json body;     ///< the request's object
    friend bool operator==(responses_request const&, responses_request const&) = default;
};

/// Its answer, a "response" object as the provider made it, or made from a chat's answer.
struct responses_response {
    raw_json body;               ///< the "response" object
    cogate::usage usage{};       ///< tokens of the call
    std::optional<money> cost{}; ///< empty: the price or the usage is not known

    /// The texts of the output's messages (`output_text`), one after the other.
    std::string text() const;
    friend bool operator==(responses_response const&, responses_response const&) = default;
};

} // namespace cogate
