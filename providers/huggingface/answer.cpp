#include "providers/common/token_count.hpp"
#include "providers/huggingface/codec.hpp"

#include "lib/core/text.hpp"
#include "providers/common/bodies.hpp"
#include "providers/common/decode_error.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cogate::providers::huggingface {

namespace {

// TGI's and TEI's words (`error_type`).
constexpr std::array<error_rule, 6> rules = {
    error_rule{"overloaded", error_kind::rate_limit},
    error_rule{"generation", error_kind::internal_server},
    error_rule{"request failed during generation", error_kind::internal_server},
    error_rule{"incomplete_generation", error_kind::internal_server},
    error_rule{"backend", error_kind::internal_server},
    error_rule{"unhealthy", error_kind::service_unavailable},
};

/// TGI: "`inputs` tokens + `max_new_tokens` must be <= 2048. Given: ...", "`inputs` must have less than 1024
/// tokens"; TEI: "`inputs` must have less than 512 tokens. Given: 900"; the inference API: "length limit
/// exceeded".
bool speaks_of_length(std::string_view text) noexcept
{
    for (std::string_view const wording : {"`inputs` tokens + `max_new_tokens` must be",
                                           "`inputs` must have less than", "length limit exceeded"}) {
        if (text.find(wording) != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

bool read_report(json::value root, reported_error& out)
{
    const json::value error = root["error"];
    if (!error.is_string()) {
        return false;
    }
    out.message = error.string();
    out.code = root["error_type"].string().substr(0, 128);
    if (speaks_of_length(out.message)) {
        out.code = "context_length_exceeded";
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
    if (!doc.parse(body, error) || !read_report(doc.root(), reported)) {
        return providers::decode_error(status, headers, body, now, rules);
    }
    failure out = providers::decode_error(status, headers, std::move(reported), now, rules);
    // A model of the inference API that is being loaded says how long that takes, in seconds.
    const std::optional<double> wait = doc["estimated_time"].as_double();
    if (wait && !out->retry_after && std::isfinite(*wait) && *wait > 0) {
        out.with_retry_after(
            std::chrono::milliseconds(static_cast<std::int64_t>(std::min(*wait, 3600.0) * 1000)));
    }
    return out;
}

std::optional<failure> in_band_error(json::value root)
{
    reported_error reported;
    if (!read_report(root, reported)) {
        return std::nullopt;
    }
    const error_kind kind =
        core::iequals(reported.code, "validation") ? error_kind::unprocessable : classify(reported, 0, rules);
    return make_failure(std::move(reported), kind);
}

finish_reason read_finish_reason(std::string_view word, std::string& text)
{
    if (word == "length") {
        return finish_reason::length;
    }
    if (word.empty() || word == "eos_token" || word == "stop_sequence" || word == "stop") {
        return finish_reason::stop;
    }
    text = word;
    return finish_reason::other;
}

usage read_usage(json::value details, std::optional<std::int64_t> prompt_tokens)
{
    usage out;
    if (!prompt_tokens && details["input_length"].is_number()) {
        prompt_tokens = token_count(details["input_length"]);
    }
    out.reported = prompt_tokens.has_value() || details["generated_tokens"].is_number();
    out.prompt_tokens = prompt_tokens.value_or(0);
    // With decoder_input_details the prompt's tokens are listed.
    if (!prompt_tokens && details["prefill"].is_array()) {
        out.prompt_tokens = static_cast<std::int64_t>(details["prefill"].size());
    }
    out.completion_tokens = token_count(details["generated_tokens"]);
    out.total_tokens = out.prompt_tokens + out.completion_tokens;
    return out;
}

std::optional<std::int64_t> count_in(std::span<wire::header const> headers, std::string_view name)
{
    const auto value = wire::find_header(headers, name);
    const auto number = value ? core::parse_int<std::int64_t>(core::trim(*value)) : std::nullopt;
    return number && *number >= 0 ? std::optional(std::min(*number, most_tokens)) : std::nullopt;
}

usage computed_tokens(std::span<wire::header const> headers)
{
    usage out;
    if (const std::optional<std::int64_t> tokens = count_in(headers, "x-compute-tokens")) {
        out.reported = true;
        out.prompt_tokens = out.total_tokens = *tokens;
    }
    return out;
}

result<json::value> open_list(json::document& doc, std::string_view body)
{
    json::parse_error error;
    if (!doc.parse(body, error)) {
        return nonsense("not JSON, " + json::to_string(error));
    }
    if (std::optional<failure> why = in_band_error(doc.root())) {
        return *std::move(why);
    }
    if (!doc.root().is_array()) {
        return nonsense("it is no list");
    }
    return doc.root();
}

} // namespace cogate::providers::huggingface
