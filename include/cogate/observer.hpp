#pragma once

#include <cogate/error.hpp>
#include <cogate/money.hpp>
#include <cogate/usage.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogate {

/// What is known of a call when it starts. Shared by all events of that call; never changed.
struct call_facts {
    std::string call_id;                              ///< UUIDv7; the `x-litellm-call-id` of the gateway
    std::string operation;                            ///< "chat", "embedding"
    std::string model_group;                          ///< the name the caller asked for
    bool stream = false;                              ///< the answer is streamed
    std::vector<std::string> tags;                    ///< of `call_options::tags`
    std::chrono::system_clock::time_point started_at; ///< wall clock, UTC
};

/// One attempt of a call: where, why and how it ended. Plain value. Durations are measured from the start of the call.
struct attempt_trace {
    std::string deployment_id; ///< which deployment
    std::string model_group;   ///< the group that the deployment served it for: another one after a fallback
    std::string_view reason;   ///< "first", "reconnect", "retry", "fallback", "hedge", "race"
    double score = 0;          ///< what the routing strategy judged by
    std::chrono::nanoseconds started{0};                   ///< 0: at once
    std::optional<std::chrono::nanoseconds> first_byte{};  ///< to the response head
    std::optional<std::chrono::nanoseconds> first_token{}; ///< to the first content
    std::optional<std::chrono::nanoseconds> ended{};       ///< empty: still under way when this was taken
    int status = 0; ///< HTTP status of the upstream; 0 when it never answered
    /// What it cost; for an attempt that was cancelled, or that failed behind content, an estimate from its prompt.
    std::optional<money> cost{};
    std::optional<failure> error{}; ///< kind `cancelled` for the loser of a hedge or race
};

/// What is known of an attempt or of a finished call. Durations are measured from the start of the call.
struct call_outcome {
    std::string deployment_id;            ///< which deployment answered, or failed last
    std::string provider;                 ///< its provider's name
    std::string upstream_model;           ///< the provider's own name of the model
    int status = 0;                       ///< HTTP status of the upstream; 0 when it never answered
    int attempts = 0;                     ///< upstream exchanges begun
    int retries = 0;                      ///< of those, at a group that was tried before
    int fallbacks = 0;                    ///< groups left behind
    std::vector<attempt_trace> route{};   ///< when there were several attempts, or `call_options::explain`
    std::chrono::nanoseconds duration{0}; ///< whole call
    std::optional<std::chrono::nanoseconds> first_token{}; ///< to the first content
    std::chrono::nanoseconds upstream{0};                  ///< time spent waiting for the provider's head
    cogate::usage usage{};                                 ///< tokens of the call, as far as they are known
    std::optional<money> cost{};      ///< of the answer; empty when the price or the usage is not known
    std::uint64_t request_bytes = 0;  ///< body sent to the provider
    std::uint64_t response_bytes = 0; ///< body that came back
    std::string upstream_request_id;  ///< the provider's id of the exchange; may be empty
    std::optional<failure> error{};   ///< set for failures only
};

/// Facts of a call, kept alive by every event that shares them.
using call_facts_ptr = std::shared_ptr<call_facts const>;
/// An outcome, kept alive by every event that shares it.
using call_outcome_ptr = std::shared_ptr<call_outcome const>;

/// A user's callback that hears of every call: start, first token, then exactly one of success and failure.
///
/// Callbacks are coroutines and run after the fact, on the io_context of the call, one at a time per observer
/// and context, in the order of events. They never delay, change or fail a call: a slow observer makes its own
/// bounded queue fill, after which events are dropped and counted (`dropped()`); an exception is counted and
/// swallowed.
///
/// Thread safety: with several io_contexts the callbacks run on several threads at once; the observer guards
/// its own state. Lifetime: the gateway shares ownership until it and its last queued event are gone.
class observer {
public:
    virtual ~observer() = default;

    /// The call was taken; no attempt has been sent.
    virtual boost::asio::awaitable<void> on_start(call_facts_ptr call);
    /// The first content came, `after` so long since the start of the call. Streams only.
    virtual boost::asio::awaitable<void> on_first_token(call_facts_ptr call, std::chrono::nanoseconds after);
    /// The whole answer came. The last event of its call.
    virtual boost::asio::awaitable<void> on_success(call_facts_ptr call, call_outcome_ptr outcome);
    /// The call failed or was cancelled: `outcome->error` says why. The last event of its call.
    virtual boost::asio::awaitable<void> on_failure(call_facts_ptr call, call_outcome_ptr outcome);

    /// Which events are wanted; the others are not even queued. Asked once per gateway.
    struct interests {
        bool start = true;       ///< on_start
        bool first_token = true; ///< on_first_token
        bool success = true;     ///< on_success
        bool failure = true;     ///< on_failure
    };
    /// All of them unless overridden. Must not throw.
    virtual interests wants() const { return {}; }
};

} // namespace cogate
