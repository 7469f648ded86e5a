#pragma once
/// The pieces of the dialect, one per file; dialect.cpp puts them behind the interfaces. See
/// providers/client_dialect.hpp and providers/server_dialect.hpp for what each promises.

#include "lib/core/json/document.hpp"
#include "providers/client_dialect.hpp"
#include "providers/common/bodies.hpp"
#include "providers/common/decode_error.hpp"
#include "providers/server_dialect.hpp"

namespace cogate::providers::openai_chat {

result<encoded_request> encode_chat(chat_request const& request, call_context const& context);
result<chat_response> decode_chat(std::string_view body, chat_quirks const& quirks = {});
std::unique_ptr<event_decoder> make_event_decoder(chat_quirks const& quirks = {});

embedding_codec const& client_embeddings() noexcept;
server_codec<embedding_request, embedding_response> const& server_embeddings() noexcept;

/// An error that a provider put into an answer or an event of HTTP status 200: the object around `error`,
/// or a flat `{"object":"error",...}`. Nothing when there is none.
std::optional<failure> in_band_error(json::value root);

result<parsed_chat> parse_chat(std::string_view body);
std::unique_ptr<chat_stream_writer> make_stream_writer(reply_context const& context);
void write_chat(chat_response const& response, std::string& out);
void write_chunk(chat_chunk const& chunk, bool wants_usage, std::string& out);
void write_error(failure const& why, std::string& out);

express_lane const& chat_lane() noexcept;
express_lane const& embedding_lane() noexcept;
bool express_fits(express_request const& request, call_context const& context);

/// Watches a streamed answer; `drop_usage`: the caller did not ask for the usage chunk.
std::unique_ptr<stream_relay> make_relay(bool drop_usage);
/// Looks into a whole answer whose main member is the list `list` ("choices", "data").
result<relay_facts> inspect_answer(std::string_view body, std::string_view list);

/// The root of a provider's whole answer; an error that it reports inside is the failure.
result<json::value> open_answer(json::document& doc, std::string_view body);

} // namespace cogate::providers::openai_chat
