#pragma once
/// The pieces of the dialect, one per file; dialect.cpp puts them behind the interface.

#include "lib/core/json/document.hpp"
#include "providers/client_dialect.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers::replicate {

inline constexpr std::string_view dialect_name = "replicate";

result<encoded_request> encode_chat(chat_request const& request, call_context const& context);
result<chat_response> decode_chat(std::string_view body);
std::unique_ptr<event_decoder> make_event_decoder(std::string model);
result<std::optional<follow_up>> follow(std::string_view body, bool stream);

failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now);

/// The error of a prediction that failed or was canceled; nothing for any other.
std::optional<failure> failed(json::value prediction);
/// What a model's own error text means.
failure model_error(std::string text);

} // namespace cogate::providers::replicate
