#pragma once

#include <cogate/audio.hpp>
#include <cogate/image.hpp>
#include <cogate/result.hpp>

#include "lib/wire/multipart_reader.hpp"

#include <string>
#include <string_view>

namespace cogate::providers {

/// What a client sends in forms, or gets in other formats than JSON: audio, and edits of images. Stateless, thread-safe.
/// All failures are the 400 or 413 that the client gets.
class media_codec {
public:
    virtual ~media_codec() = default;

    virtual result<speech_request> parse_speech(std::string_view body) const = 0;
    /// An edit, as a form or as JSON.
    virtual result<image_request> parse_image_edit(std::string_view content_type,
                                                   std::string_view body) const = 0;
    virtual result<transcription_request>
    parse_transcription(std::string_view content_type, std::string_view body, bool translate) const = 0;
    /// Appends the answer in the format that the client asked for; its content type. Fails where the provider's answer
    /// cannot be put into that format.
    virtual result<std::string_view> write_transcription(transcription_response const& response,
                                                         transcription_request const& request,
                                                         std::string& out) const = 0;
    /// Of a form that cannot be read. `field`: what was at fault, where that is known.
    virtual failure form_failure(wire::multipart_errc error, std::string_view field) const = 0;
};

} // namespace cogate::providers
