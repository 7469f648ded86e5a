#pragma once
/// The pieces of the dialect, one per file; dialect.cpp puts them behind the interfaces. See
/// providers/dialect.hpp for what each promises.

#include "lib/core/json/document.hpp"
#include "providers/dialect.hpp"

namespace cogate::providers::openai_chat {

result<encoded_request> encode_chat(chat_request const& request, std::string_view upstream_model,
                                    bool stream);
result<chat_response> decode_chat(std::string_view body);
std::unique_ptr<chat_stream_decoder> make_stream_decoder();

result<encoded_request> encode_embedding(embedding_request const& request, std::string_view upstream_model);
result<embedding_response> decode_embedding(std::string_view body);

failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now);

/// An error that a provider put into an answer or an event of HTTP status 200: the object around `error`,
/// or a flat `{"object":"error",...}`. Nothing when there is none.
std::optional<failure> in_band_error(json::value root);
/// The payload of an `event: error`, whatever it is.
failure error_event(std::string_view data);

result<chat_request> parse_chat(std::string_view body, bool& stream);
void write_chat(chat_response const& response, std::string& out);
void write_chunk(chat_chunk const& chunk, bool wants_usage, std::string& out);
result<embedding_request> parse_embedding(std::string_view body);
void write_embedding(embedding_response const& response, embedding_request const& request, std::string& out);
void write_error(failure const& why, std::string& out);

express_lane const& chat_lane() noexcept;
express_lane const& embedding_lane() noexcept;

/// Watches a streamed answer; `drop_usage`: the caller did not ask for the usage chunk.
std::unique_ptr<stream_relay> make_relay(bool drop_usage);
/// Looks into a whole answer whose main member is the list `list` ("choices", "data").
result<relay_facts> inspect_answer(std::string_view body, std::string_view list);

/// What an answer that is not what it should be is called.
failure nonsense(std::string_view what);
/// The root of a client's body, or the 400 for one that is no JSON object or names a field twice.
result<json::value> open_request(json::document& doc, std::string_view body);
/// The root of a provider's whole answer; an error that it reports inside is the failure.
result<json::value> open_answer(json::document& doc, std::string_view body);
/// The 400 for a body that is not JSON, or names a field twice.
failure not_json(json::scan_error const& error, std::string_view body);

} // namespace cogate::providers::openai_chat
