#pragma once
/// The pieces of the dialect, one per file; dialect.cpp puts them behind the interface.

#include "lib/core/json/document.hpp"
#include "providers/client_dialect.hpp"
#include "providers/common/error_classes.hpp"
#include "providers/common/fields.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cogate::providers::cohere {

inline constexpr std::string_view dialect_name = "cohere";

result<encoded_request> encode_chat(chat_request const& request, call_context const& context);
result<chat_response> decode_chat(std::string_view body, std::string_view model);
std::unique_ptr<event_decoder> make_event_decoder(std::string model);
failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now);

embedding_codec const& embeddings() noexcept;
rerank_codec const& rerank() noexcept;

/// The `messages` member. Fails for content that Cohere has no place for.
result<void> write_messages(raw_writer& out, std::vector<message> const& messages);

/// OpenAI's reason for Cohere's word; `text` gets the word when there is none.
finish_reason read_finish_reason(std::string_view word, std::string& text) noexcept;
/// The error of an answer that ended with ERROR or TIMEOUT; `object` holds finish_reason, error and
/// error_type.
std::optional<failure> broken_off(json::value object);

usage read_usage(json::value object);

/// Cohere's logprobs in OpenAI's shape; empty when there are none.
raw_json read_logprobs(json::value list);

} // namespace cogate::providers::cohere
