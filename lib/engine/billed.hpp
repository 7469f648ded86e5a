#pragma once
/// What typed calls are charged for besides tokens, before and after the answer. Pure.

#include <cogate/audio.hpp>
#include <cogate/embedding.hpp>
#include <cogate/image.hpp>
#include <cogate/moderation.hpp>
#include <cogate/prices.hpp>
#include <cogate/rerank.hpp>

namespace cogate::engine {

/// What is certain from the request.
billing_facts planned_for(embedding_request const& request);
billing_facts planned_for(image_request const& request);
billing_facts planned_for(transcription_request const& request);
billing_facts planned_for(speech_request const& request);
billing_facts planned_for(rerank_request const& request);
billing_facts planned_for(moderation_request const& request);

/// What it came to.
billing_facts billed_for(embedding_request const& request, embedding_response const& answer);
billing_facts billed_for(image_request const& request, image_response const& answer);
billing_facts billed_for(transcription_request const& request, transcription_response const& answer);
billing_facts billed_for(rerank_request const& request, rerank_response const& answer);
billing_facts billed_for(moderation_request const& request, moderation_response const& answer);

} // namespace cogate::engine
