#include "providers/anthropic_messages/codec.hpp"

#include "lib/core/json/writer.hpp"

namespace cogate::providers::anthropic_messages {

namespace {

// What Anthropic's status for an overload is, and what its clients wait for.
constexpr int overloaded = 529;

std::string_view type_of(failure const& why) noexcept
{
    switch (why->kind) {
    case error_kind::authentication: return "authentication_error";
    case error_kind::permission_denied: return "permission_error";
    case error_kind::not_found: return "not_found_error";
    case error_kind::request_too_large: return "request_too_large";
    case error_kind::rate_limit: return "rate_limit_error";
    case error_kind::quota_exceeded: return why->status == 402 ? "billing_error" : "rate_limit_error";
    case error_kind::service_unavailable: return "overloaded_error";
    case error_kind::timeout: return "timeout_error";
    case error_kind::invalid_request:
    case error_kind::unprocessable:
    case error_kind::context_window_exceeded:
    case error_kind::content_policy_violation: return "invalid_request_error";
    case error_kind::internal_server:
    case error_kind::bad_gateway:
    case error_kind::connection:
    case error_kind::truncated:
    case error_kind::cancelled: break;
    }
    return "api_error";
}

} // namespace

void write_error(failure const& why, std::string& to)
{
    json::writer out(to);
    // Clients know a prompt that is too long by these words, and shorten it.
    constexpr std::string_view too_long = "prompt is too long";
    const bool add =
        why->kind == error_kind::context_window_exceeded && why->message.find(too_long) == std::string::npos;
    out.begin_object().member("type", "error").key("error").begin_object().member("type", type_of(why));
    out.member("message", add ? std::string(too_long) + ": " + why->message : why->message).end_object();
    out.key("request_id");
    why->upstream_request_id.empty() ? out.value(nullptr) : out.value(why->upstream_request_id);
    out.end_object();
}

int error_status(failure const& why) noexcept
{
    return why->kind == error_kind::service_unavailable ? overloaded : why->status;
}

} // namespace cogate::providers::anthropic_messages
