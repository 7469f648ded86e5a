#include "providers/bedrock_converse/codec.hpp"

#include "lib/core/text.hpp"

#include <array>

namespace cogate::providers::bedrock_converse {

namespace {

constexpr std::string_view exception_mark = "exception:";
constexpr std::string_view error_mark = "error:";
constexpr std::size_t longest_name = 128;

constexpr std::array<error_rule, 20> rules = {{
    {"ThrottlingException", error_kind::rate_limit},
    {"ModelNotReadyException", error_kind::rate_limit},
    {"ServiceQuotaExceededException", error_kind::quota_exceeded},
    {"ServiceUnavailableException", error_kind::service_unavailable},
    {"InternalServerException", error_kind::internal_server},
    {"InternalFailure", error_kind::internal_server},
    {"ModelErrorException", error_kind::internal_server},
    {"ModelStreamErrorException", error_kind::internal_server},
    {"ModelTimeoutException", error_kind::timeout},
    {"AccessDeniedException", error_kind::permission_denied},
    {"ResourceNotFoundException", error_kind::not_found},
    {"UnrecognizedClientException", error_kind::authentication},
    {"InvalidClientTokenId", error_kind::authentication},
    {"InvalidSignatureException", error_kind::authentication},
    {"IncompleteSignatureException", error_kind::authentication},
    {"SignatureDoesNotMatch", error_kind::authentication},
    {"MissingAuthenticationTokenException", error_kind::authentication},
    {"MissingAuthenticationToken", error_kind::authentication},
    {"ExpiredTokenException", error_kind::authentication},
    {"ExpiredToken", error_kind::authentication},
}};

/// What the exceptions of a stream would have been as statuses.
int status_of(std::string_view name) noexcept
{
    struct row {
        std::string_view name;
        int status;
    };
    static constexpr std::array<row, 12> rows = {{{"ThrottlingException", 429},
                                                  {"ValidationException", 400},
                                                  {"ModelStreamErrorException", 424},
                                                  {"ModelErrorException", 424},
                                                  {"ModelTimeoutException", 408},
                                                  {"ModelNotReadyException", 429},
                                                  {"ServiceUnavailableException", 503},
                                                  {"InternalServerException", 500},
                                                  {"AccessDeniedException", 403},
                                                  {"ResourceNotFoundException", 404},
                                                  {"ServiceQuotaExceededException", 400},
                                                  {"UnrecognizedClientException", 403}}};
    for (row const& r : rows) {
        if (core::iequals(r.name, name)) {
            return r.status;
        }
    }
    return 500;
}

/// "com.amazon.coral#ValidationException:http://internal..." is ValidationException.
std::string_view short_name(std::string_view type) noexcept
{
    type = type.substr(0, type.find(':'));
    if (const std::size_t mark = type.rfind('#'); mark != std::string_view::npos) {
        type.remove_prefix(mark + 1);
    }
    return core::trim(type).substr(0, longest_name);
}

std::string text_of(json::value value)
{
    return value.is_string() ? value.string() : std::string();
}

void read_message(std::string_view body, reported_error& out)
{
    json::document doc;
    json::parse_error error;
    if (!doc.parse(body, error)) {
        return;
    }
    const json::value root = doc.root();
    for (std::string_view const name : {"message", "Message", "originalMessage"}) {
        if (out.message.empty()) {
            out.message = text_of(root[name]);
        }
    }
    if (out.message.empty()) {
        read_envelope(root, out);
    }
    if (out.code.empty()) {
        const std::string type = text_of(root["__type"]);
        out.code = short_name(type);
    }
}

/// One exception for everything that is wrong with a request: its text says what.
void refine_validation(reported_error& out)
{
    if (!core::iequals(out.code, "ValidationException")) {
        return;
    }
    struct row {
        std::string_view text;
        std::string_view code;
    };
    static constexpr std::array<row, 6> rows = {{
        {"model identifier is invalid", "model_not_found"},
        {"input tokens exceeded", "context_length_exceeded"},
        {"input is too long", "context_length_exceeded"},
        {"too many input tokens", "context_length_exceeded"},
        {"expected maxlength", "context_length_exceeded"},
        {"prompt is too long", "context_length_exceeded"},
    }};
    const std::string words = core::ilower(std::string_view(out.message).substr(0, 600));
    for (row const& r : rows) {
        if (words.find(r.text) != std::string::npos) {
            out.code = r.code;
            return;
        }
    }
}

} // namespace

failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                     std::chrono::system_clock::time_point now)
{
    reported_error reported;
    if (const auto type = wire::find_header(headers, "x-amzn-errortype")) {
        reported.code = short_name(*type);
    }
    read_message(body, reported);
    if (reported.message.empty() && reported.code.empty()) {
        return providers::decode_error(status, headers, body, now, rules);
    }
    if (reported.message.empty()) {
        reported.message =
            "Bedrock answered with status " + std::to_string(status) + " (" + reported.code + ")";
    }
    if (reported.code.empty() && status == 400) {
        reported.code = "ValidationException"; // some proxies lose the header
    }
    refine_validation(reported);
    return providers::decode_error(status, headers, std::move(reported), now, rules);
}

bool is_exception(stream_event const& event) noexcept
{
    return event.type.starts_with(exception_mark) || event.type.starts_with(error_mark);
}

failure exception_event(stream_event const& event)
{
    const std::string_view name = event.type.substr(event.type.find(':') + 1);
    reported_error reported;
    reported.code = short_name(name);
    read_message(event.data, reported);
    if (reported.message.empty()) {
        reported.message = event.data.empty() || event.data.front() == '{'
                               ? "Bedrock ended the stream with " + reported.code
                               : std::string(event.data);
    }
    const int status = status_of(reported.code);
    refine_validation(reported);
    return providers::decode_error(status, {}, std::move(reported), {}, rules);
}

} // namespace cogate::providers::bedrock_converse
