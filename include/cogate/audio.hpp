#pragma once

#include <cogate/chat.hpp>
#include <cogate/image.hpp>
#include <cogate/raw_json.hpp>
#include <cogate/usage.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cogate {

/// Speech to text. `translate`: to English text (OpenAI's /audio/translations).
///
/// Plain value: borrows nothing, thread-safe as one. The file is held whole in memory.
/// Errors of the call: as gateway::transcription; what the provider lacks is invalid_request and named.
struct transcription_request {
    std::string model;
    media_file file;
    std::string language{}; ///< ISO 639-1; empty = detected
    std::string prompt{};
    std::string response_format{}; ///< "json", "text", "srt", "verbose_json", "vtt"
    number_text temperature{};
    std::vector<std::string> timestamp_granularities{};
    bool translate = false;
    std::vector<std::pair<std::string, std::string>> extra{}; ///< further form fields, as they are
    friend bool operator==(transcription_request const&, transcription_request const&) = default;
};

struct transcription_response {
    std::string text;
    std::string language{};
    std::optional<double> duration{}; ///< seconds of audio
    raw_json words{};
    raw_json segments{};
    std::string formatted{}; ///< the body as it came when response_format is not JSON
    cogate::usage usage{};
    extra_fields extra{};
    friend bool operator==(transcription_response const&, transcription_response const&) = default;
};

/// Text to speech. `speed` is a factor, 1 is the voice's own.
///
/// Plain value: borrows nothing, thread-safe as one.
struct speech_request {
    std::string model;
    std::string input;
    std::string voice{};
    std::string response_format{}; ///< "mp3", "opus", "aac", "flac", "wav", "pcm"
    number_text speed{};
    std::string instructions{};
    extra_fields extra{};
    friend bool operator==(speech_request const&, speech_request const&) = default;
};

/// Audio as the provider made it.
struct speech_response {
    std::string media_type; ///< "audio/mpeg"
    std::string bytes;
    friend bool operator==(speech_response const&, speech_response const&) = default;
};

} // namespace cogate
