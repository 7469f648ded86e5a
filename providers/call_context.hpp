#pragma once

#include <cogate/parameter_rules.hpp>

#include "providers/provider.hpp"
#include "providers/settings.hpp"

#include <cstddef>
#include <string_view>

namespace cogate::providers {

/// What kind of call it is.
enum class operation {
    chat,
    completion, ///< OpenAI's older text completion
    responses,
    embedding,
    image_generation,
    image_edit,
    transcription,
    translation,
    speech,
    rerank,
    moderation,
    count_tokens,
};

/// What a dialect must know of a call beyond its canonical value. References live as long as the deployment;
/// the model as long as the call.
struct call_context {
    std::string_view model; ///< the upstream's own name
    bool stream = false;
    provider const& service;
    providers::settings const& settings;
    parameter_rules const& rules;
    std::size_t max_event_bytes = 1 << 20; ///< cap of one stream event that holds text; see media_event_bytes
};

/// The cap of one stream event where events carry base64 of pictures and sound: a multiple of the one for text,
/// with a ceiling of its own. Buffers grow to it only as bytes arrive.
constexpr std::size_t media_event_bytes(call_context const& context) noexcept
{
    constexpr std::size_t times = 32;
    constexpr std::size_t ceiling = std::size_t{32} << 20;
    const std::size_t text = context.max_event_bytes;
    return text >= ceiling ? text : text > ceiling / times ? ceiling : text * times;
}

} // namespace cogate::providers
