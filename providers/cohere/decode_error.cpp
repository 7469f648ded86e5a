#include "providers/cohere/codec.hpp"

#include "lib/core/text.hpp"
#include "providers/common/decode_error.hpp"

#include <array>

namespace cogate::providers::cohere {

namespace {

constexpr std::array<error_rule, 4> rules = {
    error_rule{"TOO_MANY_TOKENS", error_kind::context_window_exceeded},
    error_rule{"INVALID_TOKEN", error_kind::authentication},
    // The model's call did not fit the tools; the caller can change these.
    error_rule{"INVALID_TOOL_GENERATION", error_kind::invalid_request},
    error_rule{"TIMEOUT", error_kind::timeout},
};

/// Their id of the exchange, their word for the error, their text. False when the body is none of theirs.
bool read_report(json::value root, reported_error& out, std::string& id)
{
    if (!root.is_object()) {
        return false;
    }
    const json::value inner = root["error"];
    if (!(inner.is_string() ? inner : root["message"]).is_string()) {
        return false;
    }
    out.message = inner.is_string() ? inner.string() : root["message"].string();
    out.code = root["error_type"].string().substr(0, 128);
    id = root["id"].string().substr(0, 128);
    return true;
}

} // namespace

failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now)
{
    json::document doc;
    json::parse_error error;
    reported_error reported;
    std::string id;
    if (!doc.parse(body, error) || !read_report(doc.root(), reported, id)) {
        return providers::decode_error(status, headers, body, now, rules);
    }
    constexpr int invalid_token = 498; // of other providers: no capacity
    if (status == invalid_token && reported.code.empty()) {
        reported.code = "invalid_token";
    }
    // Most errors come as text alone.
    if (status == 400 && reported.code.empty() &&
        core::iequals(reported.message.substr(0, 15), "too many tokens")) {
        reported.code = "too_many_tokens";
    }
    failure out = providers::decode_error(status, headers, std::move(reported), now, rules);
    if (out->upstream_request_id.empty() && !id.empty()) {
        out.with_upstream_request_id(std::move(id));
    }
    return out;
}

std::optional<failure> broken_off(json::value object)
{
    const json::value word = object["finish_reason"];
    const bool failed = word.equals("ERROR") || word.equals("TIMEOUT") ||
                        (object["error"].is_string() && !object["error"].equals(""));
    if (!failed) {
        return std::nullopt;
    }
    reported_error reported;
    reported.message = object["error"].string();
    reported.code = object["error_type"].string().substr(0, 128);
    if (reported.message.empty()) {
        reported.message = word.equals("TIMEOUT") ? "the provider gave up: its own time limit passed"
                                                  : "the provider broke off its answer with an error";
    }
    if (reported.code.empty() && word.equals("TIMEOUT")) {
        reported.code = "TIMEOUT";
    }
    const error_kind kind = classify(reported, 0, rules);
    return make_failure(std::move(reported), kind);
}

} // namespace cogate::providers::cohere
