#include "providers/gemini/codec.hpp"

#include "providers/gemini/answers.hpp"
#include "providers/gemini/candidate_writer.hpp"
#include "providers/gemini/finish.hpp"
#include "providers/gemini/parts.hpp"
#include "providers/gemini/signatures.hpp"
#include "providers/gemini/token_usage.hpp"

namespace cogate::providers::gemini {

namespace {

void write_message(raw_writer& to, message const& m, chat_request const& request)
{
    json::writer& out = to.out();
    const bool thoughts = wants_thoughts(request);
    out.key("content").begin_object().key("parts").begin_array();
    for (std::size_t i = 0; i < m.content.size(); ++i) {
        content_part const& part = m.content[i];
        if (auto const* text = std::get_if<text_part>(&part)) {
            auto const* next =
                i + 1 < m.content.size() ? std::get_if<reasoning_part>(&m.content[i + 1]) : nullptr;
            const std::string signature =
                next != nullptr && next->text.empty() ? mark_for_client(*next) : std::string();
            write_thought(out, text->text, signature, false);
            i += signature.empty() ? 0 : 1;
        } else if (auto const* thought = std::get_if<reasoning_part>(&part)) {
            // A signed thought has to come back, asked for or not.
            const std::string signature = mark_for_client(*thought);
            if (!signature.empty() || (thoughts && !thought->text.empty())) {
                write_thought(out, thought->text, signature, !thought->text.empty());
            }
        } else {
            write_other_part(to, part);
        }
    }
    write_audio(out, m.audio, request.audio);
    for (tool_call const& call : m.tool_calls) {
        write_call(to, call, call.signature, true);
    }
    out.end_array().member("role", "model").end_object();
}

void write_candidate(raw_writer& to, chat_choice const& choice, chat_request const& request)
{
    json::writer& out = to.out();
    out.begin_object();
    write_message(to, choice.message, request);
    if (const std::string_view word = write_finish(choice.finish_reason, choice.native_finish_reason);
        !word.empty()) {
        out.member("finishReason", word);
    }
    out.member("index", choice.index);
    if (const std::string logprobs = write_logprobs(choice.logprobs); !logprobs.empty()) {
        out.raw_member("logprobsResult", logprobs);
    }
    if (choice.extra.find("groundingMetadata") == nullptr) {
        write_citations(out, choice.message.annotations);
    }
    write_extra(to, choice.extra);
    out.end_object();
}

std::string_view status_word(error_kind kind) noexcept
{
    switch (kind) {
    case error_kind::authentication: return "UNAUTHENTICATED";
    case error_kind::permission_denied: return "PERMISSION_DENIED";
    case error_kind::not_found: return "NOT_FOUND";
    case error_kind::rate_limit:
    case error_kind::quota_exceeded: return "RESOURCE_EXHAUSTED";
    case error_kind::internal_server:
    case error_kind::bad_gateway: return "INTERNAL";
    case error_kind::service_unavailable:
    case error_kind::connection:
    case error_kind::truncated: return "UNAVAILABLE";
    case error_kind::timeout: return "DEADLINE_EXCEEDED";
    case error_kind::cancelled: return "CANCELLED";
    default: return "INVALID_ARGUMENT";
    }
}

} // namespace

void write_chat(chat_response const& response, reply_context const& context, std::string& to)
{
    json::writer out(to);
    raw_writer raw(out);
    out.begin_object().key("candidates").begin_array();
    for (chat_choice const& choice : response.choices) {
        write_candidate(raw, choice, context.request);
    }
    out.end_array();
    if (response.usage.reported) {
        out.key("usageMetadata");
        write_usage(raw, response.usage);
    }
    out.member("modelVersion", response.model.empty() ? context.model : std::string_view(response.model));
    out.member("responseId", response.id.empty() ? context.fallback_id : std::string_view(response.id));
    write_extra(raw, response.extra);
    out.end_object();
}

void write_error(failure const& why, std::string& to)
{
    json::writer out(to);
    out.begin_object().key("error").begin_object();
    out.member("code", why->status).member("message", why->message).member("status", status_word(why->kind));
    if (!why->code.empty() || why->retry_after) {
        out.key("details").begin_array();
        if (!why->code.empty()) {
            out.begin_object().member("@type", "type.googleapis.com/google.rpc.ErrorInfo");
            out.member("reason", why->code).member("domain", "cogate");
            if (!why->param.empty()) {
                out.key("metadata").begin_object().member("field", why->param).end_object();
            }
            out.end_object();
        }
        if (why->retry_after) {
            const auto ms = why->retry_after->count();
            std::string delay = std::to_string(ms / 1000);
            if (ms % 1000 != 0) {
                const std::string rest = std::to_string(ms % 1000);
                delay += '.' + std::string(3 - rest.size(), '0') + rest;
            }
            out.begin_object().member("@type", "type.googleapis.com/google.rpc.RetryInfo");
            out.member("retryDelay", delay + "s").end_object();
        }
        out.end_array();
    }
    out.end_object().end_object();
}

} // namespace cogate::providers::gemini
