#pragma once
/// The pieces of the dialect, one per file; dialect.cpp puts them behind the interface.

#include "lib/core/json/document.hpp"
#include "providers/client_dialect.hpp"
#include "providers/common/bodies.hpp"
#include "providers/common/decode_error.hpp"

#include <string>
#include <string_view>

namespace cogate::providers::bedrock_converse {

result<encoded_request> encode_chat(chat_request const& request, call_context const& context);
result<chat_response> decode_chat(whole_answer const& answer, call_context const& context);
std::unique_ptr<event_decoder> make_event_decoder(call_context const& context);

/// What a non-2xx answer of any Bedrock service means: the type stands in `x-amzn-errortype`.
failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now);
/// What an event of type "exception:<type>" or "error:<code>" means.
failure exception_event(stream_event const& event);
/// Whether the event's type says so.
bool is_exception(stream_event const& event) noexcept;

/// "/model/<model>/<action>", the model percent-encoded and without LiteLLM's "converse/" or "invoke/".
std::string model_path(std::string_view model, std::string_view action);
std::string_view bare_model(std::string_view model) noexcept;

/// The content types of frames.
inline constexpr std::string_view frames_type = "application/vnd.amazon.eventstream";
bool is_frames_type(std::string_view content_type) noexcept;

/// "chatcmpl-" and 24 letters and digits that follow from `seed`: Converse's answers have no id.
std::string response_id(std::string_view seed);

/// The tool that stands for a response format; its input is the answer.
inline constexpr std::string_view answer_tool = "cogate_structured_answer";

/// A stop reason of Converse; a word that is not known is `other` and kept in `text`.
finish_reason read_finish_reason(json::value word, std::string& text);

} // namespace cogate::providers::bedrock_converse
