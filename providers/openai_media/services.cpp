#include "providers/openai_media/services.hpp"

#include <array>

namespace cogate::providers::openai_media {

namespace {

using references = media_service::references;

constexpr media_service openai{.name = "openai"};

constexpr std::array table = {
    media_service{.name = "xai",
                  .edits = references::typed_url,
                  .transcription_path = "/stt",
                  .translation_path = {},
                  .transcription_model = false,
                  .speech_path = "/tts",
                  .speech_as_text = true},
    media_service{.name = "openrouter",
                  .image_path = "/images",
                  .edit_path = "/images",
                  .edits = references::input_references,
                  .translation_path = {}},
    media_service{.name = "cohere", .transcription_path = "/v2/audio/transcriptions", .translation_path = {}},
    media_service{
        .name = "cohere_chat", .transcription_path = "/v2/audio/transcriptions", .translation_path = {}},
    media_service{.name = "mistral", .translation_path = {}},
};

} // namespace

media_service const& service_named(std::string_view name) noexcept
{
    for (media_service const& row : table) {
        if (row.name == name) {
            return row;
        }
    }
    return openai;
}

} // namespace cogate::providers::openai_media
