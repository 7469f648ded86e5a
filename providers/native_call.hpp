#pragma once

#include <cogate/result.hpp>

#include "providers/call_context.hpp"
#include "providers/client_dialect.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers {

/// A request of a service's own API that calls a model, as far as whoever passes it on must know.
struct native_call {
    operation what = operation::chat;        ///< chat, completion, responses, embedding or count_tokens
    std::string model;                       ///< as the service names it
    bool stream = false;                     ///< its answer is one
    client_dialect const* dialect = nullptr; ///< which understands the answer; static
    /// The most that the answer may have, where the dialect says it in a member of its own (Converse).
    std::optional<std::int64_t> max_output_tokens{};
    /// Whether nothing else in the body says it.
    bool limit_is_nested = false;
};

/// The call that a request to a service is: of OpenAI's chat, completions, responses and embeddings, Anthropic's messages,
/// Gemini's generateContent and streamGenerateContent, Bedrock's Converse and Claude's InvokeModel, Cohere's chat. `path`
/// is as sent, without the query, whatever prefix it has. Nothing for any other path or method (files, batches, ...), or a
/// body that leaves the model to the service. Failures: the 400 for a body that is no JSON object, or says a member twice.
/// Pure.
result<std::optional<native_call>> read_native_call(std::string_view service, std::string_view method,
                                                    std::string_view path, std::string_view body);

} // namespace cogate::providers
