#include "providers/openai_responses/codec.hpp"

#include <array>

namespace cogate::providers::openai_responses {

std::span<error_rule const> error_rules() noexcept
{
    // The codes of ResponseError (OpenAI's specification) that the common table does not know.
    static constexpr std::array<error_rule, 5> rules = {{
        {"invalid_prompt", error_kind::invalid_request},
        {"image_content_policy_violation", error_kind::content_policy_violation},
        {"bio_policy", error_kind::content_policy_violation},
        {"cyber_policy", error_kind::content_policy_violation},
        {"vector_store_timeout", error_kind::timeout},
    }};
    return rules;
}

std::optional<failure> in_band_error(json::value response)
{
    const json::value error = response["error"];
    const json::value status = response["status"];
    reported_error reported;
    if (error.exists() && !error.is_null()) {
        read_envelope(response, reported);
    } else if (status.equals("failed")) {
        reported.message = "the provider reports that the response failed";
    } else if (status.equals("cancelled") || status.equals("queued") || status.equals("in_progress")) {
        return nonsense("its status is '" + status.string() + "'");
    } else if (!response["output"].exists() && read_envelope(response, reported)) {
        // A flat error of a service that copies the dialect.
    } else {
        return std::nullopt;
    }
    // A bad image or file is the caller's to mend, whatever its code.
    const bool callers = reported.code.starts_with("invalid_") || reported.code.ends_with("_image") ||
                         reported.code.starts_with("image_") || reported.code.starts_with("unsupported_");
    error_kind kind = classify(reported, 0, error_rules());
    if (kind == error_kind::internal_server && callers) {
        kind = error_kind::invalid_request;
    }
    return make_failure(std::move(reported), kind);
}

} // namespace cogate::providers::openai_responses
