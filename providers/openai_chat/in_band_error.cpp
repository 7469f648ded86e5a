#include "providers/openai_chat/codec.hpp"

#include "providers/common/decode_error.hpp"

namespace cogate::providers::openai_chat {

std::optional<failure> in_band_error(json::value root)
{
    const json::value error = root["error"];
    const json::value groq = root["x_groq"]["error"];
    const bool flat = root["object"].equals("error") ||
                      (root["type"].equals("error") && !root["choices"].exists()) ||
                      (root.is_object() && !root["choices"].exists() && !root["usage"].exists() &&
                       (root["message"].is_string() || root["detail"].exists()));
    reported_error reported;
    if (error.exists() && !error.is_null()) {
        if (!read_envelope(root, reported)) {
            reported.message = "the provider reported an error";
        }
    } else if (groq.is_string()) {
        reported.message = groq.string();
    } else if (flat) {
        read_envelope(root, reported);
    } else {
        // OpenRouter and Mistral end a broken answer so; DeepSeek has its own word for an overload.
        for (json::value choice : root["choices"]) {
            const json::value why = choice["finish_reason"];
            if (why.equals("error")) {
                read_envelope(choice, reported);
                if (reported.message.empty()) {
                    reported.message = "the provider broke off its answer with an error";
                }
                const error_kind kind = classify(reported, 0);
                return make_failure(std::move(reported), kind);
            }
            if (why.equals("insufficient_system_resource")) {
                return failure(error_kind::service_unavailable,
                               "the provider broke off its answer: overloaded")
                    .with_code("insufficient_system_resource");
            }
        }
        return std::nullopt;
    }
    const error_kind kind = classify(reported, 0);
    return make_failure(std::move(reported), kind);
}

} // namespace cogate::providers::openai_chat
