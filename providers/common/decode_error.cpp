#include "providers/common/decode_error.hpp"

#include "providers/common/error_classes.hpp"

#include "lib/core/text.hpp"
#include "lib/core/utf8.hpp"
#include "lib/wire/retry_after.hpp"

#include <algorithm>

namespace cogate::providers {

namespace {

constexpr std::size_t longest_message = 4096;
constexpr std::size_t longest_plain_text = 500;
constexpr std::size_t longest_word = 128;

/// The start of the text, no character of it cut.
std::string_view start_of(std::string_view text, std::size_t limit) noexcept
{
    if (text.size() <= limit) {
        return text;
    }
    while (limit > 0 && core::is_utf8_continuation(static_cast<unsigned char>(text[limit]))) {
        --limit;
    }
    return text.substr(0, limit);
}

void cut(std::string& text, std::size_t limit)
{
    if (text.size() > limit) {
        text.resize(start_of(text, limit).size());
        text += "...";
    }
}

std::string word_of(json::value value)
{
    std::string out = value.is_number() ? std::string(value.raw()) : value.string();
    cut(out, longest_word);
    return out;
}

/// FastAPI's list: where and why, not the `input` that it echoes.
std::string join_details(json::value list)
{
    std::string out;
    for (json::value item : list) {
        std::string line;
        for (json::value step : item["loc"]) {
            if (!line.empty()) {
                line += '.';
            }
            line += word_of(step);
        }
        const std::string why = item.is_string() ? item.string() : item["msg"].string();
        if (!out.empty()) {
            out += "; ";
        }
        if (!line.empty()) {
            out += line;
            out += ": ";
        }
        out += why;
        if (out.size() > longest_message) {
            break;
        }
    }
    return out;
}

std::string text_of(json::value value)
{
    if (value.is_string()) {
        return value.string();
    }
    if (value.is_array()) {
        return join_details(value);
    }
    return value.is_object() && value["message"].is_string() ? value["message"].string() : std::string();
}

void read_object(json::value object, reported_error& out)
{
    const auto take = [&](std::string& to, std::string_view key) {
        if (to.empty()) {
            to = word_of(object[key]);
        }
    };
    out.message = text_of(object["message"]);
    take(out.type, "type");
    take(out.code, "code");
    take(out.param, "param");
    take(out.inner_code, "status"); // Google: "RESOURCE_EXHAUSTED"
    if (const json::value inner = object["innererror"]["code"]; inner.is_string()) {
        out.inner_code = word_of(inner);
    }
    const json::value details = object["details"];
    if (const json::value spend = details["error_code"]; spend.is_string()) {
        out.inner_code = word_of(spend);
    }
    for (json::value detail : details) {
        if (detail["reason"].is_string()) {
            out.inner_code = word_of(detail["reason"]);
        }
        if (detail["retryDelay"].is_string()) {
            out.retry_delay = word_of(detail["retryDelay"]);
        }
    }
    // OpenRouter keeps what its upstream said here.
    if (const json::value raw = object["metadata"]["raw"]; raw.is_string()) {
        std::string upstream = raw.string();
        cut(upstream, longest_plain_text);
        out.message += out.message.empty() ? upstream : ": " + upstream;
    }
}

} // namespace

bool read_envelope(json::value root, reported_error& out)
{
    if (root.is_array()) {
        return root.size() > 0 && read_envelope(root[std::size_t{0}], out);
    }
    if (!root.is_object()) {
        return false;
    }
    const json::value error = root["error"];
    if (error.is_object()) {
        read_object(error, out);
        return true;
    }
    if (error.is_string()) {
        read_object(root, out);
        const std::string text = error.string();
        out.message = out.message.empty() ? text : text + ": " + out.message;
        return true;
    }
    if (root["message"].exists()) {
        read_object(root, out);
        return true;
    }
    for (std::string_view const name : {"detail", "errors"}) {
        if (root[name].exists() && !root[name].is_null()) {
            read_object(root, out);
            out.message = text_of(root[name]);
            return true;
        }
    }
    return false;
}

namespace {

void read_body(int status, std::string_view body, reported_error& out)
{
    const std::string prefix = "the provider answered with status " + std::to_string(status);
    json::document doc;
    json::parse_error error;
    if (doc.parse(body, error)) {
        read_envelope(doc.root(), out);
        if (out.message.empty()) {
            out.message = prefix + (out.code.empty() ? "" : " (" + out.code + ")");
        }
        return;
    }
    const std::string_view text = core::trim(body);
    if (text.empty()) {
        out.message = prefix + " and no body";
    } else if (text.front() == '<') {
        out.message = prefix + " and an HTML page";
    } else if (text.front() == '{' || text.front() == '[' ||
               !core::is_utf8(start_of(text, longest_plain_text))) {
        out.message = prefix + " and a body that cannot be read";
    } else {
        const std::string_view start = start_of(text, longest_plain_text);
        out.message = prefix + ": " + std::string(start) + (start.size() == text.size() ? "" : "...");
    }
}

bool is_openai_word(std::string_view text) noexcept
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

} // namespace

failure make_failure(reported_error&& reported, error_kind kind)
{
    if (reported.message.empty()) {
        reported.message = "the provider reported an error";
    }
    cut(reported.message, longest_message);
    failure out(kind, std::move(reported.message));
    if (is_openai_word(reported.type) && kind != error_kind::quota_exceeded) {
        out.with_type(std::move(reported.type));
    }
    // Clients look for exactly these two codes, whatever the provider calls them.
    const bool canonical =
        kind == error_kind::context_window_exceeded || kind == error_kind::content_policy_violation;
    if (!reported.code.empty() && !canonical) {
        out.with_code(std::move(reported.code));
    }
    if (!reported.param.empty()) {
        out.with_param(std::move(reported.param));
    }
    return out;
}

failure error_event(std::string_view data, std::span<error_rule const> rules)
{
    reported_error reported;
    json::document doc;
    json::parse_error error;
    if (doc.parse(data, error)) {
        read_envelope(doc.root(), reported);
    } else {
        reported.message = core::is_utf8(data) ? std::string(data) : std::string();
    }
    const error_kind kind = classify(reported, 0, rules);
    return make_failure(std::move(reported), kind);
}

namespace {

std::optional<std::chrono::milliseconds> named_delay(int status, std::span<wire::header const> headers,
                                                     reported_error const& reported,
                                                     std::chrono::system_clock::time_point now)
{
    std::optional<std::chrono::milliseconds> out;
    if (const auto value = wire::find_header(headers, "retry-after-ms")) {
        out = wire::parse_retry_after_ms(*value);
    }
    if (const auto value = wire::find_header(headers, "retry-after"); value && !out) {
        out = wire::parse_retry_after(*value, now);
    }
    if (!out && !reported.retry_delay.empty()) {
        out = wire::parse_go_duration(reported.retry_delay);
    }
    if (out || status != 429) {
        return out;
    }
    struct window {
        std::string_view remaining;
        std::string_view reset;
    };
    for (window const& w : {window{"x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"},
                            window{"x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"}}) {
        const auto remaining = wire::find_header(headers, w.remaining);
        const auto reset = wire::find_header(headers, w.reset);
        if (remaining && reset && core::trim(*remaining) == "0") {
            const auto wait = wire::parse_reset_delay(*reset, now);
            out = wait && out ? std::max(*wait, *out) : wait ? wait : out;
        }
    }
    return out;
}

} // namespace

failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now, std::span<error_rule const> rules)
{
    reported_error reported;
    read_body(status, body, reported);
    return decode_error(status, headers, std::move(reported), now, rules);
}

failure decode_error(int status, std::span<wire::header const> headers, reported_error&& reported,
                     std::chrono::system_clock::time_point now, std::span<error_rule const> rules)
{
    const error_kind kind = classify(reported, status, rules);
    const std::optional<std::chrono::milliseconds> delay =
        status >= 300 ? named_delay(status, headers, reported, now) : std::nullopt;
    failure out = make_failure(std::move(reported), kind);
    // Statuses beyond the common ones (529, 520) would be strange to an OpenAI client.
    const bool common = status >= 400 && status <= 504 && status != 424 && status != 498;
    if (common && kind_of_status(status) == kind) {
        out.with_status(status);
    }
    if (status == 409) {
        out.with_retryable(true);
    }
    if (const auto advice = wire::find_header(headers, "x-should-retry")) {
        if (core::iequals(*advice, "true") || core::iequals(*advice, "false")) {
            out.with_retryable(core::iequals(*advice, "true"));
        }
    }
    for (std::string_view const name :
         {"x-request-id", "request-id", "apim-request-id", "x-generation-id", "x-amzn-requestid"}) {
        if (const auto id = wire::find_header(headers, name); id && !id->empty()) {
            out.with_upstream_request_id(std::string(id->substr(0, longest_word)));
            break;
        }
    }
    if (delay) {
        out.with_retry_after(*delay);
    }
    return out;
}

} // namespace cogate::providers
