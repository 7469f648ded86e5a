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
    std::size_t max_event_bytes = 1 << 20; ///< cap of one stream event
};

} // namespace cogate::providers
