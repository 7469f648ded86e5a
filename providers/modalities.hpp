#pragma once
/// The values of the operations besides chat and embeddings, declared; whoever uses one includes its header.

namespace cogate {
struct image_request;
struct image_response;
struct moderation_request;
struct moderation_response;
struct rerank_request;
struct rerank_response;
struct speech_request;
struct transcription_request;
struct transcription_response;
} // namespace cogate
