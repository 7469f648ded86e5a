#pragma once

#include <string_view>

namespace cogate::providers::openai_media {

/// How a service's media endpoints depart from OpenAI's. Data only.
struct media_service {
    std::string_view name; ///< of its row in providers.def
    std::string_view image_path = "/images/generations";
    std::string_view edit_path = "/images/edits";
    /// How the images of an edit are given.
    enum class references {
        form,             ///< as files of a form, or JSON `images[{image_url}]` for images to be fetched
        typed_url,        ///< JSON `images[{type,url}]` (xAI)
        input_references, ///< JSON `input_references[{type,image_url{url}}]` (OpenRouter)
    };
    references edits = references::form;
    std::string_view transcription_path = "/audio/transcriptions";
    std::string_view translation_path = "/audio/translations"; ///< empty: none
    bool transcription_model = true;                           ///< false: the endpoint has one model
    std::string_view speech_path = "/audio/speech";
    bool speech_as_text = false; ///< xAI's request: text, voice_id, language, output_format
};

/// The row of a service; OpenAI's own for all that have none.
media_service const& service_named(std::string_view name) noexcept;

} // namespace cogate::providers::openai_media
