#pragma once
/// The pieces of the dialect, one per file; dialect.cpp puts them behind the interface.

#include "lib/core/json/document.hpp"
#include "providers/client_dialect.hpp"
#include "providers/common/fields.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers::ollama {

inline constexpr std::string_view dialect_name = "ollama";

result<encoded_request> encode_chat(chat_request const& request, call_context const& context);
result<chat_response> decode_chat(std::string_view body);
std::unique_ptr<event_decoder> make_event_decoder();
embedding_codec const& embeddings() noexcept;

/// The `messages` member. Fails for content that Ollama has no place for.
result<void> write_messages(raw_writer& out, std::vector<message> const& messages);

/// A whole answer or line `{"error": "..."}`; nothing when it is none.
std::optional<failure> in_band_error(json::value root);

/// What an answer and the lines of a stream share.
std::string answer_id(json::value root, std::string_view text);
std::string_view text_in(json::value root, std::string& scratch);
std::string thinking_in(json::value root);
/// The call at `index` of the answer called `id`. A name or arguments of a wrong type count as empty.
tool_call read_call(json::value value, std::string_view id, std::size_t index);
finish_reason read_finish_reason(std::string_view word, bool calls, std::string& text);
usage read_usage(json::value root);
/// Members of an answer that have no place of their own (durations).
void keep_rest(json::value root, extra_fields& extra);

} // namespace cogate::providers::ollama
