#pragma once

#include <string>

namespace cogate::micro {

/// A chat request of about `size` bytes: a long system text with escapes, a question, two tools.
std::string chat_request_text(std::size_t size);

/// A whole chat answer with usage.
std::string chat_response_text();

/// An event stream of 200 deltas, the usage chunk and [DONE], without transfer coding.
std::string event_stream_text();

/// The same text as Anthropic Messages: a whole answer, and an event stream.
std::string message_text();
std::string message_stream_text();

} // namespace cogate::micro
