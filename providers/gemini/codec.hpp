#pragma once
/// The pieces of the dialect, one per file; dialect.cpp puts them behind the interfaces. See
/// providers/client_dialect.hpp and providers/server_dialect.hpp for what each promises.

#include "lib/core/json/document.hpp"
#include "providers/client_dialect.hpp"
#include "providers/common/bodies.hpp"
#include "providers/common/decode_error.hpp"
#include "providers/gemini/dialect.hpp"
#include "providers/server_dialect.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers::gemini {

/// Where the same bodies are served: Google's API for developers, or Vertex AI.
struct flavour {
    std::string_view name = "gemini";
    std::string_view models = "/models/"; ///< what stands before the model in the path
    bool call_ids = true;                 ///< some Vertex versions refuse ids of calls (providers.md 6.2)
    bool vertex = false;
};

/// "/models/gemini-x:generateContent": the model percent-encoded, `verb` may hold a query.
std::string model_path(flavour const& at, std::string_view model, std::string_view verb);

result<encoded_request> encode_chat(chat_request const& request, call_context const& context,
                                    flavour const& at);
result<chat_response> decode_chat(std::string_view body);
std::unique_ptr<event_decoder> make_event_decoder();

/// The client half for one flavour; `at` and the codecs must live for ever.
std::unique_ptr<client_dialect> make_client(flavour const& at, embedding_codec const& embeddings,
                                            image_codec const& images);
embedding_codec const& client_embeddings() noexcept;
image_codec const& client_images() noexcept;
std::unique_ptr<image_codec> make_images(flavour const& at);

/// What a non-2xx answer means.
failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now);
/// An error that came with status 200, alone or in a list. Nothing when there is none.
std::optional<failure> in_band_error(json::value root);
/// The root of a provider's whole answer; an error that it reports inside is the failure.
result<json::value> open_answer(json::document& doc, std::string_view body);

result<parsed_chat> parse_chat(std::string_view body, inbound_target const& target);
void write_chat(chat_response const& response, reply_context const& context, std::string& out);
/// `sse`: events as the query alt=sse asks for; else the elements of one JSON array.
std::unique_ptr<chat_stream_writer> make_stream_writer(reply_context const& context, bool sse);
void write_error(failure const& why, std::string& out);

/// Whether the query of a request asks for server-sent events.
bool asks_for_sse(std::string_view query) noexcept;

express_lane const& chat_lane() noexcept;
/// Whether a request of chat_lane() may be relayed: an array of JSON cannot, upstream gives events.
bool may_be_relayed(express_request const& request) noexcept;
std::unique_ptr<stream_relay> make_relay();
result<relay_facts> inspect_answer(std::string_view body);

} // namespace cogate::providers::gemini
