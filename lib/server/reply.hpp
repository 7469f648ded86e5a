#pragma once

#include <cogate/error.hpp>

#include "lib/engine/call.hpp"
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

/// Appends the head of an answer. `about`, when given, adds LiteLLM's call headers and Server-Timing.
void write_head(std::string& out, transports::inbound_request const& request, int status,
                std::string_view content_type, body_framing framing, std::uint64_t length,
                engine::call const* about = nullptr, failure const* why = nullptr);

/// A whole small answer.
boost::asio::awaitable<void> reply(transports::inbound_request& request, int status,
                                   std::string_view content_type, std::string_view body,
                                   engine::call const* about = nullptr);

/// An error in the shape of the client's dialect. A cancelled call gets no answer: nobody is there to read it.
boost::asio::awaitable<void> reply_error(providers::server_dialect const& dialect,
                                         transports::inbound_request& request, failure why,
                                         engine::call const* about = nullptr);

} // namespace cogate::server
