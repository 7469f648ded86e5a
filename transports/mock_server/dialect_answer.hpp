#pragma once

#include "transports/mock_server/answer.hpp"

#include <string_view>

namespace cogate::transports::mock {

/// Answers of the other dialects: the same text and usage as a chat answer of the same shape. `model` goes out as it
/// is: it must be the inside of a JSON string. Pure.

/// Anthropic Messages: a message, or its events from message_start to message_stop.
answer messages_answer(const answer_shape& shape, std::string_view model);
answer messages_stream(const answer_shape& shape, std::string_view model);

/// OpenAI Responses: a response, or its events from response.created to response.completed.
answer responses_answer(const answer_shape& shape, std::string_view model);
answer responses_stream(const answer_shape& shape, std::string_view model);

/// Gemini generateContent: a response, or such responses as events (alt=sse) of which the last has the finish
/// reason; there is no end mark.
answer generate_answer(const answer_shape& shape, std::string_view model);
answer generate_stream(const answer_shape& shape, std::string_view model);

} // namespace cogate::transports::mock
