#pragma once

#include <cogate/audio.hpp>
#include <cogate/result.hpp>

#include "providers/codec.hpp"

namespace cogate::providers {

/// Whether the answer to a speech request is audio that may be passed on as it comes. Pure.
bool is_plain_audio(whole_answer const& answer) noexcept;

/// The audio of a whole answer, also where a service wraps it in JSON (Mistral's `audio_data`). The media
/// type is the answer's, else that of the format that was asked for. A stream of events is refused:
/// invalid_request/"unsupported_parameter" at "stream_format". Pure.
result<speech_response> decode_speech(whole_answer const& answer, speech_request const& request);

} // namespace cogate::providers
