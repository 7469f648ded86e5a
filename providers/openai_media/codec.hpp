#pragma once
/// OpenAI's images, audio, moderations (providers.md 2.6) as the services that copy them speak them, and
/// Cohere's rerank (29.6) as the gateway's clients send it. Both halves; dialects hand the client half out as
/// their codecs. All objects live for ever, are stateless and safe from any thread.
///
/// What a reader should know:
/// - Paths and peculiarities of the services are rows of services.cpp.
/// - Forms are read strictly (lib/wire/multipart_reader.hpp) and written with a boundary made from their
///   content.
/// - Streamed answers (partial images, transcript deltas, audio events) are relayed, never decoded: a parser
///   that is asked for one says which field to leave out.

#include <cogate/audio.hpp>
#include <cogate/image.hpp>
#include <cogate/moderation.hpp>
#include <cogate/rerank.hpp>

#include "lib/wire/multipart_reader.hpp"
#include "providers/client_dialect.hpp"
#include "providers/media_codec.hpp"
#include "providers/server_dialect.hpp"

#include <string>
#include <string_view>

namespace cogate::providers::openai_media {

/// What OpenAI takes when the client names no model.
inline constexpr std::string_view default_image_model = "dall-e-2";
inline constexpr std::string_view default_moderation_model = "omni-moderation-latest";

// ---- Client half ----

/// Generation, and edits where the request has images.
image_codec const& client_images() noexcept;
moderation_codec const& client_moderations() noexcept;
/// Transcription and translation.
transcription_codec const& client_transcriptions() noexcept;
/// For the answer see providers/speech_answer.hpp.
result<encoded_request> encode_speech(speech_request const& request, call_context const& context);
/// Where a form goes unread: transcription, translation, image_edit. Empty: the service has none, or takes
/// another request than OpenAI's.
std::string_view upload_path(operation what, call_context const& context) noexcept;

// ---- Server half ----

server_codec<image_request, image_response> const& server_images() noexcept;
server_codec<moderation_request, moderation_response> const& server_moderations() noexcept;
server_codec<rerank_request, rerank_response> const& server_rerank() noexcept;
/// The functions below.
media_codec const& server_media() noexcept;
result<speech_request> parse_speech(std::string_view body);
/// An edit, as a form or as JSON.
result<image_request> parse_image_edit(std::string_view content_type, std::string_view body);
result<transcription_request> parse_transcription(std::string_view content_type, std::string_view body,
                                                  bool translate);
/// Appends the answer in the format that the client asked for; its content type. Fails where the provider's
/// answer cannot be put into that format.
result<std::string_view> write_transcription(transcription_response const& response,
                                             transcription_request const& request, std::string& out);

/// The 400 or 413 for a form that cannot be read. `field`: what was at fault, where that is known.
failure form_failure(wire::multipart_errc error, std::string_view field = {});

// ---- Express lanes ----

express_lane const& image_lane() noexcept; ///< generations, and edits as JSON
express_lane const& moderation_lane() noexcept;
express_lane const& speech_lane() noexcept; ///< `stream` is "stream_format is sse"; other answers are no JSON
/// Only to find the model: answers are always rebuilt, as services differ.
express_lane const& rerank_lane() noexcept;
/// Watches a streamed answer to a form (transcript or image events).
std::unique_ptr<stream_relay> make_relay();
/// The usage and the error of a whole JSON answer whose main member is `member` ("data", "text").
result<relay_facts> inspect_answer(std::string_view body, std::string_view member);

} // namespace cogate::providers::openai_media
