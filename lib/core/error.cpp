#include <cogate/error.hpp>

#include <utility>

namespace cogate {

namespace {

struct kind_facts {
    std::string_view type;
    int status;
    bool retryable;
    std::string_view code; ///< the code that clients look for, where the kind has exactly one
};

// Types as the OpenAI clients and LiteLLM's proxy show them. 499 is nginx's word for a caller that went away.
constexpr kind_facts facts_of(error_kind kind) noexcept
{
    switch (kind) {
    case error_kind::invalid_request: return {"invalid_request_error", 400, false, ""};
    case error_kind::authentication: return {"authentication_error", 401, false, ""};
    case error_kind::permission_denied: return {"permission_error", 403, false, ""};
    case error_kind::not_found: return {"not_found_error", 404, false, ""};
    case error_kind::request_too_large: return {"invalid_request_error", 413, false, "request_too_large"};
    case error_kind::unprocessable: return {"invalid_request_error", 422, false, ""};
    case error_kind::context_window_exceeded:
        return {"invalid_request_error", 400, false, "context_length_exceeded"};
    case error_kind::content_policy_violation:
        return {"invalid_request_error", 400, false, "content_policy_violation"};
    case error_kind::rate_limit: return {"rate_limit_error", 429, true, "rate_limit_exceeded"};
    case error_kind::quota_exceeded: return {"insufficient_quota", 429, false, "insufficient_quota"};
    case error_kind::internal_server: return {"server_error", 500, true, ""};
    case error_kind::bad_gateway: return {"server_error", 502, true, ""};
    case error_kind::service_unavailable: return {"service_unavailable_error", 503, true, ""};
    case error_kind::connection: return {"api_connection_error", 502, true, ""};
    case error_kind::timeout: return {"timeout_error", 504, true, ""};
    case error_kind::truncated: return {"server_error", 502, true, "truncated"};
    case error_kind::cancelled: return {"cancelled_error", 499, false, ""};
    }
    return {"server_error", 500, false, ""};
}

} // namespace

std::string_view to_string(error_kind kind) noexcept
{
    return facts_of(kind).type;
}

int http_status(error_kind kind) noexcept
{
    return facts_of(kind).status;
}

bool is_retryable(error_kind kind) noexcept
{
    return facts_of(kind).retryable;
}

failure::failure()
{
    // Shared by all, so that asking a good result for its error allocates nothing; edit() copies it first.
    static const std::shared_ptr<error_details> none = std::make_shared<error_details>();
    details_ = none;
}

failure::failure(error_kind kind, std::string message) : details_(std::make_shared<error_details>())
{
    const kind_facts facts = facts_of(kind);
    details_->kind = kind;
    details_->status = facts.status;
    details_->message = std::move(message);
    details_->code = facts.code;
    details_->retryable = facts.retryable;
}

error_details& failure::edit()
{
    if (details_.use_count() > 1) {
        details_ = std::make_shared<error_details>(*details_);
    }
    return *details_;
}

failure& failure::with_code(std::string code) &
{
    edit().code = std::move(code);
    return *this;
}

failure& failure::with_param(std::string param) &
{
    edit().param = std::move(param);
    return *this;
}

failure& failure::with_type(std::string type) &
{
    edit().type = std::move(type);
    return *this;
}

failure& failure::with_status(int status) &
{
    edit().status = status;
    return *this;
}

failure& failure::with_provider(std::string provider) &
{
    edit().provider = std::move(provider);
    return *this;
}

failure& failure::with_upstream_request_id(std::string id) &
{
    edit().upstream_request_id = std::move(id);
    return *this;
}

failure& failure::with_retryable(bool retryable) &
{
    edit().retryable = retryable;
    return *this;
}

failure& failure::with_retry_after(std::chrono::milliseconds wait) &
{
    edit().retry_after = wait;
    return *this;
}

failure&& failure::with_code(std::string code) &&
{
    return std::move(with_code(std::move(code)));
}

failure&& failure::with_param(std::string param) &&
{
    return std::move(with_param(std::move(param)));
}

failure&& failure::with_type(std::string type) &&
{
    return std::move(with_type(std::move(type)));
}

failure&& failure::with_status(int status) &&
{
    return std::move(with_status(status));
}

failure&& failure::with_provider(std::string provider) &&
{
    return std::move(with_provider(std::move(provider)));
}

failure&& failure::with_retryable(bool retryable) &&
{
    return std::move(with_retryable(retryable));
}

std::string_view failure::type() const noexcept
{
    return details_->type.empty() ? to_string(details_->kind) : std::string_view(details_->type);
}

error::error(failure why) : std::runtime_error(why->message), why_(std::move(why)) {}

void throw_error(failure why)
{
    switch (why->kind) {
    case error_kind::invalid_request: throw bad_request_error(std::move(why));
    case error_kind::authentication: throw authentication_error(std::move(why));
    case error_kind::permission_denied: throw permission_denied_error(std::move(why));
    case error_kind::not_found: throw not_found_error(std::move(why));
    case error_kind::request_too_large: throw request_too_large_error(std::move(why));
    case error_kind::unprocessable: throw unprocessable_entity_error(std::move(why));
    case error_kind::context_window_exceeded: throw context_window_exceeded_error(std::move(why));
    case error_kind::content_policy_violation: throw content_policy_violation_error(std::move(why));
    case error_kind::rate_limit: throw rate_limit_error(std::move(why));
    case error_kind::quota_exceeded: throw quota_exceeded_error(std::move(why));
    case error_kind::internal_server: throw internal_server_error(std::move(why));
    case error_kind::bad_gateway: throw bad_gateway_error(std::move(why));
    case error_kind::service_unavailable: throw service_unavailable_error(std::move(why));
    case error_kind::connection: throw api_connection_error(std::move(why));
    case error_kind::timeout: throw timeout_error(std::move(why));
    case error_kind::truncated: throw truncated_error(std::move(why));
    case error_kind::cancelled: throw cancelled_error(std::move(why));
    }
    throw error(std::move(why));
}

} // namespace cogate
