#include "providers/gemini/codec.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::gemini {

namespace {

// Google's status words. INVALID_ARGUMENT says less than the text does.
constexpr std::array rules = {
    error_rule{"UNAUTHENTICATED", error_kind::authentication},
    error_rule{"API_KEY_INVALID", error_kind::authentication},
    error_rule{"ACCESS_TOKEN_EXPIRED", error_kind::authentication},
    error_rule{"PERMISSION_DENIED", error_kind::permission_denied},
    error_rule{"FAILED_PRECONDITION", error_kind::permission_denied}, // no billing, or a country not served
    error_rule{"NOT_FOUND", error_kind::not_found},
    error_rule{"RESOURCE_EXHAUSTED", error_kind::rate_limit},
    error_rule{"RATE_LIMIT_EXCEEDED", error_kind::rate_limit},
    error_rule{"UNAVAILABLE", error_kind::service_unavailable},
    error_rule{"ABORTED", error_kind::service_unavailable},
    error_rule{"DEADLINE_EXCEEDED", error_kind::timeout},
    error_rule{"INTERNAL", error_kind::internal_server},
};

/// A limit per day is not over after a wait.
bool is_daily_quota(json::value error)
{
    for (json::value detail : error["details"]) {
        for (json::value violation : detail["violations"]) {
            if (violation["quotaId"].string().find("PerDay") != std::string::npos) {
                return true;
            }
        }
    }
    return false;
}

json::value error_in(json::value root)
{
    return root.is_array() ? root[std::size_t{0}]["error"] : root["error"];
}

/// The report with Google's word as the code: the number says no more than the status.
bool read_report(json::value root, reported_error& out)
{
    const json::value error = error_in(root);
    if (!read_envelope(root, out)) {
        return false;
    }
    if (const std::string word = error["status"].string(); !word.empty() && word.size() < 128) {
        out.code = word;
    }
    if (is_daily_quota(error)) {
        out.code = "insufficient_quota";
        out.inner_code.clear();
    }
    return true;
}

} // namespace

failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now)
{
    json::document doc;
    json::parse_error error;
    reported_error reported;
    if (doc.parse(body, error) && error_in(doc.root()).is_object() && read_report(doc.root(), reported)) {
        return providers::decode_error(status, headers, std::move(reported), now, rules);
    }
    return providers::decode_error(status, headers, body, now, rules);
}

std::optional<failure> in_band_error(json::value root)
{
    const json::value error = error_in(root);
    if (!error.exists() || error.is_null()) {
        return std::nullopt;
    }
    reported_error reported;
    read_report(root, reported);
    const int status =
        static_cast<int>(std::clamp<std::int64_t>(error["code"].as_int64().value_or(0), 0, 599));
    if (status < 400) {
        const error_kind kind = classify(reported, 0, rules);
        return make_failure(std::move(reported), kind);
    }
    return providers::decode_error(status, {}, std::move(reported), {}, rules);
}

} // namespace cogate::providers::gemini
