#include "providers/anthropic_messages/codec.hpp"

#include "lib/core/utf8.hpp"

#include <array>

namespace cogate::providers::anthropic_messages {

namespace {

constexpr std::array<error_rule, 9> rules = {{
    {"authentication_error", error_kind::authentication},
    {"billing_error", error_kind::quota_exceeded},
    {"permission_error", error_kind::permission_denied},
    {"not_found_error", error_kind::not_found},
    {"request_too_large", error_kind::request_too_large},
    {"timeout_error", error_kind::timeout},
    {"overloaded_error", error_kind::service_unavailable},
    {"api_error", error_kind::internal_server},
    {"enforced_spend_limit_reached", error_kind::quota_exceeded},
}};

/// What the API tells by its text alone, all of it under "invalid_request_error".
void add_code(reported_error& reported)
{
    struct row {
        std::string_view text;
        std::string_view code;
    };
    static constexpr std::array<row, 3> rows = {{
        {"content filtering policy", "content_policy_violation"},
        {"credit balance is too low", "insufficient_quota"},
        {"exceed context limit", "context_length_exceeded"},
    }};
    for (row const& r : rows) {
        if (reported.code.empty() && reported.type == "invalid_request_error" &&
            reported.message.find(r.text) != std::string::npos) {
            reported.code = r.code;
        }
    }
}

} // namespace

std::span<error_rule const> error_rules() noexcept
{
    return rules;
}

std::optional<failure> in_band_error(json::value root)
{
    const json::value error = root["error"];
    if (!root["type"].equals("error") && (!error.exists() || error.is_null() || root["content"].exists())) {
        return std::nullopt;
    }
    reported_error reported;
    if (!read_envelope(root, reported)) {
        reported.message = "the provider reported an error";
    }
    add_code(reported);
    const error_kind kind = classify(reported, 0, rules);
    failure out = make_failure(std::move(reported), kind);
    if (root["request_id"].is_string()) {
        out.with_upstream_request_id(root["request_id"].string().substr(0, 128));
    }
    return out;
}

failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now)
{
    json::document doc;
    json::parse_error error;
    reported_error reported;
    if (!doc.parse(body, error) || !read_envelope(doc.root(), reported) || reported.message.empty()) {
        return providers::decode_error(status, headers, body, now, rules);
    }
    add_code(reported);
    failure out = providers::decode_error(status, headers, std::move(reported), now, rules);
    if (out->upstream_request_id.empty() && doc["request_id"].is_string()) {
        out.with_upstream_request_id(doc["request_id"].string().substr(0, 128));
    }
    return out;
}

} // namespace cogate::providers::anthropic_messages
