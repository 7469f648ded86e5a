#pragma once

#include <cogate/error.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cogate {

class payer;

/// How long each phase of one upstream exchange may take. Every one is enforced; the error names the phase in
/// `code` ("timeout_connect", "timeout_tls", "timeout_write", "timeout_first_byte", "timeout_idle",
/// "timeout_total").
struct deadlines {
    std::chrono::milliseconds connect{3'000};            ///< DNS and TCP
    std::chrono::milliseconds tls{5'000};                ///< TLS handshake
    std::chrono::milliseconds write{60'000};             ///< whole request, also the longest write stall
    std::chrono::milliseconds first_byte{600'000};       ///< request sent to response head, not streaming
    std::chrono::milliseconds stream_first_byte{60'000}; ///< the same for a stream (LiteLLM's stream_timeout)
    std::chrono::milliseconds idle{60'000};              ///< between two events or two reads of the body
    std::chrono::milliseconds total{1'800'000};          ///< from the call to its last byte

    friend bool operator==(deadlines const&, deadlines const&) = default;
};

/// Who goes first where calls wait for room at a model group.
enum class call_priority { interactive, batch };

/// How one call may be routed other than its gateway says.
struct routing_options {
    std::vector<std::string> fallbacks{}; ///< model groups, before the configured ones
    bool disable_fallbacks = false;       ///< a failure at the first group is final
    std::optional<int> num_retries{};     ///< instead of the gateway's
    std::optional<int> race{};            ///< attempts begun at once
    std::optional<bool> hedge{};          ///< false: never hedged; true: as configured
    /// For tests: attempts at the first group end with this failure and are not sent, so that a fallback answers.
    std::optional<error_kind> fail_first{};
};

/// What one call may ask for beyond its request. Plain value.
struct call_options {
    std::optional<cogate::deadlines> deadlines{};               ///< instead of the deployment's
    std::optional<std::chrono::milliseconds> timeout{};         ///< shortens `deadlines.total` only
    std::vector<std::string> tags{};                            ///< handed to observers
    std::vector<std::pair<std::string, std::string>> headers{}; ///< extra request headers for the provider
    std::optional<routing_options> routing{};                   ///< unset: as the gateway says
    call_priority priority = call_priority::interactive;        ///< where calls wait for room
    bool explain = false;                                       ///< keep the trace of every attempt
    std::string call_id{};                                      ///< empty: a UUIDv7 is made
    /// Admits and pays for every attempt (cogate/payer.hpp); null: nobody is asked.
    std::shared_ptr<cogate::payer> payer{};
};

} // namespace cogate
