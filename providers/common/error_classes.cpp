#include "providers/common/error_classes.hpp"

#include "lib/core/text.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers {

namespace {

struct code_row {
    std::string_view code; // lower case
    error_kind kind;
};

constexpr std::array<code_row, 33> codes = {{
    {"context_length_exceeded", error_kind::context_window_exceeded},
    {"too_many_prompt_tokens", error_kind::context_window_exceeded},
    {"too_many_tokens", error_kind::context_window_exceeded},
    {"max_tokens_exceeded", error_kind::context_window_exceeded},
    {"content_policy_violation", error_kind::content_policy_violation},
    {"content_filter", error_kind::content_policy_violation},
    {"responsibleaipolicyviolation", error_kind::content_policy_violation},
    {"moderation_blocked", error_kind::content_policy_violation},
    {"insufficient_quota", error_kind::quota_exceeded},
    {"billing_hard_limit_reached", error_kind::quota_exceeded},
    {"billing_not_active", error_kind::quota_exceeded},
    {"billing_error", error_kind::quota_exceeded},
    {"enforced_spend_limit_reached", error_kind::quota_exceeded},
    {"insufficient_balance", error_kind::quota_exceeded},
    {"invalid_api_key", error_kind::authentication},
    {"api_key_invalid", error_kind::authentication},
    {"unauthenticated", error_kind::authentication},
    {"model_not_found", error_kind::not_found},
    {"deploymentnotfound", error_kind::not_found},
    {"rate_limit_exceeded", error_kind::rate_limit},
    {"rate_limit_error", error_kind::rate_limit},
    {"ratelimitreached", error_kind::rate_limit},
    {"resource_exhausted", error_kind::rate_limit},
    {"throttling_error", error_kind::rate_limit},
    {"too_many_requests", error_kind::rate_limit},
    {"overloaded_error", error_kind::service_unavailable},
    {"overloaded", error_kind::service_unavailable},
    {"engine_overloaded", error_kind::service_unavailable},
    {"server_overloaded", error_kind::service_unavailable},
    {"service_unavailable", error_kind::service_unavailable},
    {"unavailable", error_kind::service_unavailable},
    {"request_too_large", error_kind::request_too_large},
    {"permission_denied", error_kind::permission_denied},
}};

// Words that only help when there is no status: with one they say less than it does.
constexpr std::array<code_row, 11> vague = {{
    {"invalid_request_error", error_kind::invalid_request},
    {"badrequesterror", error_kind::invalid_request},
    {"authentication_error", error_kind::authentication},
    {"permission_error", error_kind::permission_denied},
    {"not_found_error", error_kind::not_found},
    {"timeout_error", error_kind::timeout},
    {"server_error", error_kind::internal_server},
    {"internal_server_error", error_kind::internal_server},
    {"api_error", error_kind::internal_server},
    {"tool_use_failed", error_kind::invalid_request},
    {"service_unavailable_error", error_kind::service_unavailable},
}};

template <std::size_t N>
std::optional<error_kind> look_up(std::array<code_row, N> const& table, std::string_view code) noexcept
{
    for (code_row const& row : table) {
        if (core::iequals(row.code, code)) {
            return row.kind;
        }
    }
    return std::nullopt;
}

/// The provider's own words in lower case: what stands in quotes may be the caller's, and is blanked. An
/// apostrophe within a word opens nothing; an unclosed quote hides the rest.
std::string own_words(std::string_view message)
{
    constexpr std::size_t enough = 600;
    std::string out;
    char open = 0;
    char before = ' ';
    for (char const c : message.substr(0, enough)) {
        const bool in_word = (before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z');
        if (open != 0) {
            if (c == open) {
                open = 0;
            }
            out += ' ';
        } else if (c == '"' || (c == '\'' && !in_word)) {
            open = c;
            out += ' ';
        } else {
            out += core::lower(c);
        }
        before = c;
    }
    return out;
}

std::optional<error_kind> kind_of_text(std::string_view message)
{
    struct text_row {
        std::string_view text;
        error_kind kind;
    };
    // Wordings seen in recorded traffic (providers.md 29.4) and known to LiteLLM.
    static constexpr auto rows = std::to_array<text_row>({
        {"context_length_exceeded", error_kind::context_window_exceeded},
        {"prompt is too long", error_kind::context_window_exceeded},
        {"prompt too long", error_kind::context_window_exceeded},
        {"exceeds the context length", error_kind::context_window_exceeded},
        {"input tokens exceed the configured limit", error_kind::context_window_exceeded},
        {"maximum input length is", error_kind::context_window_exceeded},
        {"exceeds the maximum number of tokens allowed", error_kind::context_window_exceeded},
        {"input tokens exceeded", error_kind::context_window_exceeded},
        {"too_many_tokens", error_kind::context_window_exceeded},
        {"too_many_prompt_tokens", error_kind::context_window_exceeded},
        {"maximum context length is", error_kind::context_window_exceeded},
        {"exceed context limit", error_kind::context_window_exceeded},
        {"maximum context limit", error_kind::context_window_exceeded},
        {"longer than the model's context length", error_kind::context_window_exceeded},
        {"exceeds the available context size", error_kind::context_window_exceeded},
        {"total length of all messages is too long", error_kind::context_window_exceeded},
        {"incorrect api key", error_kind::authentication},
        {"invalid api key", error_kind::authentication},
        {"api key not valid", error_kind::authentication},
        {"violating our usage policy", error_kind::content_policy_violation},
        {"content management policy", error_kind::content_policy_violation},
        {"rejected as a result of our safety system", error_kind::content_policy_violation},
        {"exceeded your current quota", error_kind::quota_exceeded},
    });
    const std::string words = own_words(message);
    for (text_row const& row : rows) {
        if (words.find(row.text) != std::string::npos) {
            return row.kind;
        }
    }
    return std::nullopt;
}

} // namespace

error_kind kind_of_status(int status) noexcept
{
    switch (status) {
    case 401: return error_kind::authentication;
    case 402: return error_kind::quota_exceeded;
    case 403: return error_kind::permission_denied;
    case 404: return error_kind::not_found;
    case 408:
    case 504:
    case 522:
    case 524: return error_kind::timeout;
    case 413: return error_kind::request_too_large;
    case 422: return error_kind::unprocessable;
    case 424: return error_kind::internal_server; // Bedrock: the model failed
    case 429: return error_kind::rate_limit;
    case 498: return error_kind::service_unavailable; // Groq: no flex capacity
    case 502: return error_kind::bad_gateway;
    case 503:
    case 529: return error_kind::service_unavailable;
    default: break;
    }
    if (status >= 520 && status < 530) {
        return error_kind::bad_gateway;
    }
    if (status >= 500) {
        return error_kind::internal_server;
    }
    return status >= 400 ? error_kind::invalid_request : error_kind::bad_gateway;
}

std::optional<error_kind> kind_of_code(std::string_view code) noexcept
{
    return look_up(codes, code);
}

error_kind classify(reported_error const& error, int status, std::span<error_rule const> rules)
{
    for (std::string_view const word :
         {std::string_view(error.code), std::string_view(error.inner_code), std::string_view(error.type)}) {
        for (error_rule const& rule : rules) {
            if (core::iequals(rule.word, word)) {
                return rule.kind;
            }
        }
    }
    for (std::string_view const word :
         {std::string_view(error.code), std::string_view(error.inner_code), std::string_view(error.type)}) {
        if (std::optional<error_kind> kind = kind_of_code(word)) {
            // "You exceeded your current quota" comes as a rate limit from some services.
            const bool quota =
                *kind == error_kind::rate_limit && kind_of_text(error.message) == error_kind::quota_exceeded;
            return quota ? error_kind::quota_exceeded : *kind;
        }
    }
    if (status == 0) {
        const int number = core::parse_int<int>(error.code).value_or(0);
        if (number >= 400 && number < 600) {
            return classify(error, number, rules);
        }
        for (std::string_view const word : {std::string_view(error.type), std::string_view(error.code)}) {
            if (std::optional<error_kind> kind = look_up(vague, word)) {
                return *kind == error_kind::invalid_request ? kind_of_text(error.message).value_or(*kind)
                                                            : *kind;
            }
        }
        return kind_of_text(error.message).value_or(error_kind::internal_server);
    }
    switch (status) {
    case 429:
        return kind_of_text(error.message) == error_kind::quota_exceeded ? error_kind::quota_exceeded
                                                                         : error_kind::rate_limit;
    case 400:
    case 403:
    case 413:
    case 422: return kind_of_text(error.message).value_or(kind_of_status(status));
    default: return kind_of_status(status);
    }
}

} // namespace cogate::providers
