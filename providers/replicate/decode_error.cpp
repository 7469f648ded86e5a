#include "providers/replicate/codec.hpp"

#include "lib/core/text.hpp"
#include "providers/common/decode_error.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::replicate {

namespace {

struct text_rule {
    std::string_view text; ///< lower case
    error_kind kind;
};

// Wordings of models and of the service; there are no codes but those in brackets at the end.
constexpr std::array<text_rule, 8> rules = {
    text_rule{"input is too long", error_kind::context_window_exceeded},
    text_rule{"prompt length exceeds", error_kind::context_window_exceeded},
    text_rule{"flagged as sensitive", error_kind::content_policy_violation},
    text_rule{"nsfw content", error_kind::content_policy_violation},
    text_rule{"request was throttled", error_kind::rate_limit},
    text_rule{"insufficient credit", error_kind::quota_exceeded},
    text_rule{"unauthenticated", error_kind::authentication},
    text_rule{"input validation error", error_kind::invalid_request},
};

std::optional<error_kind> kind_of_text(std::string_view message)
{
    constexpr std::size_t enough = 600;
    const std::string words = core::ilower(message.substr(0, enough));
    for (text_rule const& rule : rules) {
        if (words.find(rule.text) != std::string::npos) {
            return rule.kind;
        }
    }
    return std::nullopt;
}

} // namespace

failure model_error(std::string text)
{
    reported_error reported;
    reported.message = std::move(text);
    const error_kind kind = kind_of_text(reported.message).value_or(classify(reported, 0));
    return make_failure(std::move(reported), kind);
}

std::optional<failure> failed(json::value prediction)
{
    const json::value status = prediction["status"];
    if (status.equals("canceled") || status.equals("aborted")) {
        return failure(error_kind::internal_server, "the prediction was canceled at the provider")
            .with_code("prediction_canceled");
    }
    if (!status.equals("failed")) {
        return std::nullopt;
    }
    const json::value why = prediction["error"];
    std::string text =
        why.is_string() ? why.string() : std::string(why.is_null() ? std::string_view() : why.raw());
    return model_error(text.empty() ? std::string("the prediction failed") : std::move(text));
}

failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now)
{
    failure out = providers::decode_error(status, headers, body, now);
    if (const std::optional<error_kind> kind = kind_of_text(out->message);
        kind && *kind != out->kind && (status == 400 || status == 402 || status == 413 || status == 422)) {
        std::string const id = out->upstream_request_id;
        reported_error reported;
        reported.message = out->message;
        out = make_failure(std::move(reported), *kind);
        if (!id.empty()) {
            out.with_upstream_request_id(id);
        }
    }
    // Seconds until the window opens again.
    const auto reset = wire::find_header(headers, "ratelimit-reset");
    if (status == 429 && !out->retry_after && reset) {
        if (const auto seconds = core::parse_int<int>(core::trim(*reset)); seconds && *seconds >= 0) {
            out.with_retry_after(std::chrono::seconds(std::min(*seconds, 3600)));
        }
    }
    return out;
}

} // namespace cogate::providers::replicate
