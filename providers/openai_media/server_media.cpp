#include "providers/openai_media/codec.hpp"

namespace cogate::providers::openai_media {

namespace {

class server_half final : public media_codec {
public:
    result<speech_request> parse_speech(std::string_view body) const override
    {
        return openai_media::parse_speech(body);
    }
    result<image_request> parse_image_edit(std::string_view content_type,
                                           std::string_view body) const override
    {
        return openai_media::parse_image_edit(content_type, body);
    }
    result<transcription_request> parse_transcription(std::string_view content_type, std::string_view body,
                                                      bool translate) const override
    {
        return openai_media::parse_transcription(content_type, body, translate);
    }
    result<std::string_view> write_transcription(transcription_response const& response,
                                                 transcription_request const& request,
                                                 std::string& out) const override
    {
        return openai_media::write_transcription(response, request, out);
    }
    failure form_failure(wire::multipart_errc error, std::string_view field) const override
    {
        return openai_media::form_failure(error, field);
    }
};

} // namespace

media_codec const& server_media() noexcept
{
    static const server_half half;
    return half;
}

} // namespace cogate::providers::openai_media
