#pragma once
/// The pieces of the dialect, one per file; dialect.cpp puts them behind the interface.

#include "lib/core/json/document.hpp"
#include "providers/client_dialect.hpp"
#include "providers/common/fields.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers::huggingface {

inline constexpr std::string_view dialect_name = "huggingface";

// What TEI takes in one request unless it is told otherwise (--max-client-batch-size).
inline constexpr std::size_t most_inputs = 32;

result<encoded_request> encode_chat(chat_request const& request, call_context const& context);
result<chat_response> decode_chat(whole_answer const& answer, std::string_view model);
std::unique_ptr<event_decoder> make_event_decoder(std::string model);
failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now);

embedding_codec const& embeddings() noexcept;
rerank_codec const& rerank() noexcept;
moderation_codec const& moderations() noexcept;

/// `{"error", "error_type"}` in an answer or event of status 200; nothing when it is none.
std::optional<failure> in_band_error(json::value root);

finish_reason read_finish_reason(std::string_view word, std::string& text);
/// Tokens of `details` and, for whole answers, of the header x-prompt-tokens.
usage read_usage(json::value details, std::optional<std::int64_t> prompt_tokens);
/// A header that is a count, or nothing.
std::optional<std::int64_t> count_in(std::span<wire::header const> headers, std::string_view name);
/// The tokens that an answer without a word of them in its body counts in its headers.
usage computed_tokens(std::span<wire::header const> headers);

/// The root of an answer that is a list, or why there is none.
result<json::value> open_list(json::document& doc, std::string_view body);

} // namespace cogate::providers::huggingface
