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
    std::string model;             ///< "provider/model" or a model group
    media_file file;               ///< the speech: bytes, or a URL where the provider fetches
    std::string language{};        ///< ISO 639-1; empty = detected
    std::string prompt{};          ///< text that the speech goes on from, or names in it; empty = absent
    std::string response_format{}; ///< "json", "text", "srt", "verbose_json", "vtt"
    number_text temperature{};     ///< 0..1; absent: the provider's default
    std::vector<std::string> timestamp_granularities{};       ///< "word", "segment"; needs "verbose_json"
    bool translate = false;                                   ///< to English text
    std::vector<std::pair<std::string, std::string>> extra{}; ///< further form fields, as they are
    friend bool operator==(transcription_request const&, transcription_request const&) = default;
};

/// The text of a speech. Plain value: borrows nothing.
struct transcription_response {
    std::string text;                 ///< the whole text
    std::string language{};           ///< as the provider names it; empty: not said
    std::optional<double> duration{}; ///< seconds of audio
    raw_json words{};                 ///< array of words with their times in seconds, as it came
    raw_json segments{};              ///< array of segments with their times in seconds, as it came
    std::string formatted{};          ///< the body as it came when response_format is not JSON
    cogate::usage usage{};            ///< tokens, where the provider counts them
    extra_fields extra{};             ///< members that cogate has no name for
    friend bool operator==(transcription_response const&, transcription_response const&) = default;
};

/// Text to speech. `speed` is a factor, 1 is the voice's own.
///
/// Plain value: borrows nothing, thread-safe as one.
struct speech_request {
    std::string model;             ///< "provider/model" or a model group
    std::string input;             ///< the text to be spoken
    std::string voice{};           ///< the provider's name of a voice
    std::string response_format{}; ///< "mp3", "opus", "aac", "flac", "wav", "pcm"
    number_text speed{};           ///< absent: the provider's default
    std::string instructions{};    ///< how to speak; empty = absent
    extra_fields extra{};          ///< members that cogate has no name for, sent as they are
    friend bool operator==(speech_request const&, speech_request const&) = default;
};

/// Audio as the provider made it.
struct speech_response {
    std::string media_type; ///< "audio/mpeg"
    std::string bytes;      ///< the file itself
    friend bool operator==(speech_response const&, speech_response const&) = default;
};

} // namespace cogate
