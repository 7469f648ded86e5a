#pragma once
/// What whole answers and streamed events have in common.

#include <cogate/chat.hpp>

#include "lib/core/json/document.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::providers::gemini {

inline constexpr std::array<std::string_view, 4> known_answer = {"candidates", "usageMetadata",
                                                                 "modelVersion", "responseId"};
inline constexpr std::array<std::string_view, 4> known_candidate = {"content", "finishReason", "index",
                                                                    "logprobsResult"};

/// `logprobsResult` as OpenAI's logprobs, and back.
raw_json read_logprobs(json::value result);
std::string write_logprobs(raw_json const& logprobs);

/// The web pages of a candidate's grounding as url citations, without those in `seen`, which grows.
raw_json read_annotations(json::value candidate, std::vector<std::string>& seen);

/// Audio of an answer as OpenAI's audio object, with the media type beside. Nothing for other parts.
std::optional<raw_json> read_audio(json::value part, std::string_view id);

/// The word of a prompt that was refused, or empty.
std::string block_reason(json::value root);

} // namespace cogate::providers::gemini
