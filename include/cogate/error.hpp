#pragma once

#include <boost/assert/source_location.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cogate {

/// Why a call failed. The names mirror OpenAI's and LiteLLM's exception classes.
enum class error_kind {
    invalid_request,          ///< 400: malformed or unsupported request; `param` names the field
    authentication,           ///< 401: missing or wrong key (ours or the provider's)
    permission_denied,        ///< 403
    not_found,                ///< 404: unknown model or route
    request_too_large,        ///< 413
    unprocessable,            ///< 422
    context_window_exceeded,  ///< 400, code context_length_exceeded
    content_policy_violation, ///< 400, code content_policy_violation
    rate_limit,               ///< 429: back off; `retry_after` may say how long
    quota_exceeded,           ///< 429 that waiting does not cure (code insufficient_quota)
    internal_server,          ///< 500 from the provider
    bad_gateway,              ///< 502: the provider's answer made no sense
    service_unavailable,      ///< 503: overloaded, or the gateway is draining
    connection,               ///< 502: no connection, TLS refused, or cut before any answer
    timeout,                  ///< 504: a deadline passed; `code` names the phase
    truncated,                ///< 502: the answer ended before its end mark
    cancelled,                ///< 499: the caller gave up
};

/// Stable text of a kind, in OpenAI's `type` vocabulary ("rate_limit_error", "timeout_error", ...).
std::string_view to_string(error_kind kind) noexcept;

/// The HTTP status that the gateway answers for a kind.
int http_status(error_kind kind) noexcept;

/// Whether another attempt may succeed, judged by the kind alone.
bool is_retryable(error_kind kind) noexcept;

/// Everything known about a failure. Texts that came from a provider are in `message` and may hold
/// whatever the provider wrote; they are never logged by default.
struct error_details {
    error_kind kind = error_kind::internal_server; ///< what went wrong
    int status = 500;     ///< HTTP status to answer with; the provider's own where it had one
    std::string message;  ///< for a person; says what to do where that is known
    std::string type;     ///< OpenAI's error type; empty means `to_string(kind)`
    std::string code;     ///< OpenAI's machine code, or ours ("upstream_connect"); may be empty
    std::string param;    ///< the request field at fault; may be empty
    std::string provider; ///< which provider answered; empty when the fault is ours or the caller's
    std::string upstream_request_id; ///< the provider's id of the exchange, for its support desk
    bool retryable = false;          ///< another attempt may succeed
    std::optional<std::chrono::milliseconds> retry_after; ///< from Retry-After and its kin, already capped
};

/// A failure as a value: cheap to copy and to move (one shared pointer), immutable once shared.
///
/// Thread safety: distinct objects safe; the details are never written after the first copy.
class [[nodiscard]] failure {
public:
    /// "No failure": what `result::error()` gives when there is a value.
    failure();

    /// A failure of this kind with the kind's default status and retryability.
    failure(error_kind kind, std::string message);

    /// Set one detail; not seen by copies made before.
    ///@{
    failure& with_code(std::string code) &;
    failure& with_param(std::string param) &;
    failure& with_type(std::string type) &;
    failure& with_status(int status) &;
    failure& with_provider(std::string provider) &;
    failure& with_upstream_request_id(std::string id) &;
    failure& with_retryable(bool retryable) &;
    failure& with_retry_after(std::chrono::milliseconds wait) &;
    ///@}

    /// The same on a temporary: `return failure{kind, "..."}.with_code("...");`
    ///@{
    failure&& with_code(std::string code) &&;
    failure&& with_param(std::string param) &&;
    failure&& with_type(std::string type) &&;
    failure&& with_status(int status) &&;
    failure&& with_provider(std::string provider) &&;
    failure&& with_retryable(bool retryable) &&;
    ///@}

    /// What is known of it; valid until the next `with_...` or assignment.
    ///@{
    error_details const& operator*() const noexcept { return *details_; }
    error_details const* operator->() const noexcept { return details_.get(); }
    ///@}

    /// OpenAI's `error.type` for this failure.
    std::string_view type() const noexcept;

private:
    error_details& edit();

    std::shared_ptr<error_details> details_;
};

/// Base of everything that the throwing forms throw. `what()` is the message.
///
/// The subclasses below mirror OpenAI's exception types; catch the base for "any failed call".
class error : public std::runtime_error {
public:
    /// Carries `why`; `what()` is its message.
    explicit error(failure why);

    failure const& why() const noexcept { return why_; }            ///< everything that is known of it
    error_kind kind() const noexcept { return why_->kind; }         ///< which kind of failure
    int status() const noexcept { return why_->status; }            ///< HTTP status to answer with
    std::string const& code() const noexcept { return why_->code; } ///< machine code; may be empty
    /// Who answered; empty when nobody did.
    std::string const& provider() const noexcept { return why_->provider; }
    bool retryable() const noexcept { return why_->retryable; } ///< another attempt may succeed
    /// How long to wait before it, where known.
    std::optional<std::chrono::milliseconds> retry_after() const noexcept { return why_->retry_after; }

private:
    failure why_;
};

/// The exception of `invalid_request`, and the base of what else is wrong with a request.
class bad_request_error : public error {
    using error::error;
};
/// The exception of `context_window_exceeded`.
class context_window_exceeded_error : public bad_request_error {
    using bad_request_error::bad_request_error;
};
/// The exception of `content_policy_violation`.
class content_policy_violation_error : public bad_request_error {
    using bad_request_error::bad_request_error;
};
/// The exception of `request_too_large`.
class request_too_large_error : public bad_request_error {
    using bad_request_error::bad_request_error;
};
/// The exception of `unprocessable`.
class unprocessable_entity_error : public bad_request_error {
    using bad_request_error::bad_request_error;
};
/// The exception of `authentication`.
class authentication_error : public error {
    using error::error;
};
/// The exception of `permission_denied`.
class permission_denied_error : public error {
    using error::error;
};
/// The exception of `not_found`.
class not_found_error : public error {
    using error::error;
};
/// The exception of `rate_limit`, and the base of `quota_exceeded_error`.
class rate_limit_error : public error {
    using error::error;
};
/// The exception of `quota_exceeded`.
class quota_exceeded_error : public rate_limit_error {
    using rate_limit_error::rate_limit_error;
};
/// The exception of `internal_server`.
class internal_server_error : public error {
    using error::error;
};
/// The exception of `bad_gateway`.
class bad_gateway_error : public error {
    using error::error;
};
/// The exception of `service_unavailable`.
class service_unavailable_error : public error {
    using error::error;
};
/// The exception of `connection`, and the base of what else cut an exchange.
class api_connection_error : public error {
    using error::error;
};
/// The exception of `timeout`.
class timeout_error : public api_connection_error {
    using api_connection_error::api_connection_error;
};
/// The exception of `truncated`.
class truncated_error : public api_connection_error {
    using api_connection_error::api_connection_error;
};
/// The exception of `cancelled`.
class cancelled_error : public error {
    using error::error;
};

/// Throws the subclass of `error` that belongs to `why`.
[[noreturn]] void throw_error(failure why);

/// Found by `result<T>::value()`.
[[noreturn]] inline void throw_exception_from_error(failure const& why, boost::source_location const&)
{
    throw_error(why);
}

} // namespace cogate
