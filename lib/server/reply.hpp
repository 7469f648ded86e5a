#pragma once

#include <cogate/error.hpp>

#include "lib/engine/call.hpp"
#include "lib/engine/call_report.hpp"
#include "lib/server/account.hpp"
#include "providers/server_dialect.hpp"
#include "transports/listener/listener.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogate::server {

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view event_stream_type = "text/event-stream";

/// How the body of an answer ends.
enum class body_framing {
    length, ///< content-length
    chunked,
    close, ///< HTTP/1.0 stream: the end of the connection
};

/// Which framing a stream to this client has.
body_framing stream_framing(transports::inbound_request& request) noexcept;

/// What a reply tells of its call: LiteLLM's headers, Server-Timing, the caller's limits. It is sent once the call's rows
/// are committed, where the gateway promises that.
struct about_call {
    about_call() = default;
    about_call(engine::call const* one) noexcept
        : call(one), paid(one != nullptr ? account_of(one->options()) : nullptr)
    {}
    /// Of calls that are not at hand any more, made with these options.
    about_call(engine::call_report const& told, call_options const& options) noexcept
        : report(&told), paid(account_of(options))
    {}

    engine::call const* call = nullptr;
    engine::call_report const* report = nullptr;
    account* paid = nullptr;
};

/// Appends the head of an answer.
void write_head(std::string& out, transports::inbound_request const& request, int status,
                std::string_view content_type, body_framing framing, std::uint64_t length,
                about_call about = {}, failure const* why = nullptr);

/// A whole small answer; `why` where it is a provider's own refusal.
boost::asio::awaitable<void> reply(transports::inbound_request& request, int status,
                                   std::string_view content_type, std::string_view body,
                                   about_call about = {}, failure const* why = nullptr);

/// An error in the shape of the client's dialect. A cancelled call gets no answer: nobody is there to read it.
boost::asio::awaitable<void> reply_error(providers::server_dialect const& dialect,
                                         transports::inbound_request& request, failure why,
                                         about_call about = {});

} // namespace cogate::server
