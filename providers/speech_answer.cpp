#include "providers/speech_answer.hpp"

#include "lib/core/text.hpp"
#include "providers/common/bodies.hpp"
#include "providers/common/decode_error.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers {

namespace {

/// What services call a format, and its media type.
struct format_row {
    std::string_view name;
    std::string_view media_type;
};
constexpr std::array formats = {format_row{"mp3", "audio/mpeg"}, format_row{"opus", "audio/ogg"},
                                format_row{"aac", "audio/aac"},  format_row{"flac", "audio/flac"},
                                format_row{"wav", "audio/wav"},  format_row{"pcm", "audio/pcm"}};

std::string_view media_type_of(std::string_view format) noexcept
{
    for (format_row const& row : formats) {
        if (row.name == (format.empty() ? "mp3" : format)) {
            return row.media_type;
        }
    }
    return "application/octet-stream";
}

std::string_view content_type(whole_answer const& answer) noexcept
{
    return wire::find_header(answer.headers, "content-type").value_or(std::string_view{});
}

} // namespace

bool is_plain_audio(whole_answer const& answer) noexcept
{
    const std::string_view type = content_type(answer);
    return type.find("json") == std::string_view::npos && !type.starts_with("text/");
}

result<speech_response> decode_speech(whole_answer const& answer, speech_request const& request)
{
    const std::string_view type = content_type(answer);
    if (type.starts_with("text/event-stream")) {
        return failure(error_kind::invalid_request, "a stream of audio events cannot be read whole")
            .with_code("unsupported_parameter")
            .with_param("stream_format");
    }
    if (is_plain_audio(answer)) {
        if (answer.body.empty()) {
            return nonsense("it has no audio");
        }
        const std::string_view media_type = type.empty() ? media_type_of(request.response_format) : type;
        return speech_response{std::string(media_type), std::string(answer.body)};
    }
    json::document doc;
    const result<json::value> opened = open_json(doc, answer.body);
    if (!opened) {
        return opened.error();
    }
    std::optional<std::string> bytes = core::base64_decode((*opened)["audio_data"].string());
    if (bytes && !bytes->empty()) {
        return speech_response{std::string(media_type_of(request.response_format)), *std::move(bytes)};
    }
    reported_error reported;
    if (!read_envelope(*opened, reported)) {
        return nonsense("it has no audio");
    }
    const error_kind kind = classify(reported, 0);
    return make_failure(std::move(reported), kind);
}

} // namespace cogate::providers
