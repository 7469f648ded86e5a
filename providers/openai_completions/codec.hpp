#pragma once
/// The pieces of the dialect, one per file; dialect.cpp puts them behind the interfaces. See
/// providers/client_dialect.hpp and providers/server_dialect.hpp for what each promises.

#include "lib/core/json/document.hpp"
#include "providers/client_dialect.hpp"
#include "providers/common/bodies.hpp"
#include "providers/common/decode_error.hpp"
#include "providers/server_dialect.hpp"

namespace cogate::providers::openai_completions {

inline constexpr std::string_view dialect_name = "openai_completions";

result<encoded_request> encode_chat(chat_request const& request, call_context const& context);
result<chat_response> decode_chat(std::string_view body);
std::unique_ptr<event_decoder> make_event_decoder();

result<parsed_chat> parse_chat(std::string_view body);
void write_chat(chat_response const& response, reply_context const& context, std::string& out);
std::unique_ptr<chat_stream_writer> make_stream_writer(reply_context const& context);

express_lane const& chat_lane() noexcept;

/// The root of an answer or event, or the error that the provider reports in it.
result<json::value> open_answer(json::document& doc, std::string_view body);

/// One entry of `choices` but for its text.
void read_choice_end(json::value item, finish_reason& why, std::string& word, raw_json& logprobs,
                     extra_fields& extra);

/// The lists of this dialect (tokens, token_logprobs, top_logprobs, text_offset) as the chat dialect's
/// objects, and back. `offset` is where the text begins; it moves on. Empty for empty.
raw_json chat_logprobs(json::value lists);
raw_json completion_logprobs(raw_json const& logprobs, std::size_t& offset);

} // namespace cogate::providers::openai_completions
