#include "providers/openai_responses/response_object.hpp"

#include "providers/openai_chat/parts.hpp"
#include "providers/openai_responses/codec.hpp"
#include "providers/openai_responses/items.hpp"
#include "providers/openai_responses/token_usage.hpp"
#include "providers/openai_responses/tools.hpp"

#include <array>

namespace cogate::providers::openai_responses {

namespace {

using names = std::string_view;

void text_or_null(json::writer& out, names key, names text)
{
    out.key(key);
    text.empty() ? out.value(nullptr) : out.value(text);
}

void number_or_null(raw_writer& to, names key, number_text const& number)
{
    number.empty() ? static_cast<void>(to.out().key(key).value(nullptr)) : to.member(key, number);
}

template <class T>
void value_or_null(json::writer& out, names key, std::optional<T> const& value)
{
    out.key(key);
    value ? out.value(*value) : out.value(nullptr);
}

void raw_or_null(raw_writer& to, names key, chat_request const& request)
{
    raw_json const* found = request.extra.find(key);
    found == nullptr ? static_cast<void>(to.out().key(key).value(nullptr)) : to.member(key, *found);
}

names instructions_of(chat_request const& request, std::string& scratch)
{
    if (!request.messages.empty() && request.messages.front().role == role::system) {
        scratch = request.messages.front().text();
    }
    return scratch;
}

void write_tools(raw_writer& to, chat_request const& request)
{
    to.out().key("tools").begin_array();
    for (tool const& t : request.tools) {
        // True: whatever is there came in this dialect.
        write_tool(to, t, true);
    }
    to.out().end_array().key("tool_choice");
    if (request.tool_choice) {
        write_tool_choice(to, *request.tool_choice, true);
    } else {
        to.out().value("auto");
    }
}

} // namespace

std::string echo_of(chat_request const& r)
{
    std::string text;
    std::string scratch;
    json::writer out(text);
    raw_writer to(out);
    out.begin_object();
    text_or_null(out, "instructions", instructions_of(r, scratch));
    value_or_null(out, "max_output_tokens", r.max_completion_tokens ? r.max_completion_tokens : r.max_tokens);
    raw_or_null(to, "max_tool_calls", r);
    out.member("parallel_tool_calls", r.parallel_tool_calls.value_or(true));
    raw_or_null(to, "previous_response_id", r);
    text_or_null(out, "prompt_cache_key", r.prompt_cache_key);
    out.key("reasoning").begin_object();
    text_or_null(out, "effort", r.reasoning.effort);
    text_or_null(out, "summary", r.reasoning.summary);
    out.end_object();
    text_or_null(out, "safety_identifier", r.safety_identifier);
    out.member("store", r.store.value_or(false));
    number_or_null(to, "temperature", r.temperature);
    out.key("text").begin_object().key("format");
    if (!r.response_format || !write_format(to, *r.response_format, true)) {
        out.begin_object().member("type", "text").end_object();
    }
    if (!r.verbosity.empty()) {
        out.member("verbosity", r.verbosity);
    }
    out.end_object();
    write_tools(to, r);
    out.member("top_logprobs", r.top_logprobs.value_or(0));
    number_or_null(to, "top_p", r.top_p);
    raw_json const* truncation = r.extra.find("truncation");
    truncation == nullptr ? static_cast<void>(out.member("truncation", "disabled"))
                          : to.member("truncation", *truncation);
    text_or_null(out, "user", r.user);
    out.key("metadata");
    r.metadata.empty() ? static_cast<void>(out.begin_object().end_object())
                       : to.element(r.metadata, "metadata");
    out.member("background", false);
    out.end_object();
    return text;
}

void write_response_object(response_state const& state, std::string_view echo, std::string& to)
{
    static constexpr std::array<names, 29> written = {"id",
                                                      "object",
                                                      "created_at",
                                                      "status",
                                                      "completed_at",
                                                      "error",
                                                      "model",
                                                      "output",
                                                      "usage",
                                                      "service_tier",
                                                      "incomplete_details",
                                                      "instructions",
                                                      "tools",
                                                      "tool_choice",
                                                      "temperature",
                                                      "top_p",
                                                      "top_logprobs",
                                                      "text",
                                                      "reasoning",
                                                      "metadata",
                                                      "truncation",
                                                      "max_tool_calls",
                                                      "parallel_tool_calls",
                                                      "previous_response_id",
                                                      "background",
                                                      "store",
                                                      "user",
                                                      "safety_identifier",
                                                      "prompt_cache_key"};
    json::writer out(to);
    raw_writer raw(out);
    out.begin_object()
        .member("id", state.id)
        .member("object", "response")
        .member("created_at", state.created);
    out.member("status", state.status).key("error");
    if (state.error != nullptr) {
        failure const& why = *state.error;
        out.begin_object().member("code", why->code.empty() ? names("server_error") : names(why->code));
        out.member("message", why->message).end_object();
    } else {
        out.value(nullptr);
    }
    out.key("incomplete_details");
    if (state.status == "incomplete") {
        const bool filtered = state.why == finish_reason::content_filter;
        out.begin_object().member("reason", filtered ? names("content_filter") : names("max_output_tokens"));
        out.end_object();
    } else {
        out.value(nullptr);
    }
    out.member("model", state.model).key("output").raw("[" + std::string(state.output) + "]");
    out.key("usage");
    if (state.tokens != nullptr && state.tokens->reported) {
        write_usage(raw, *state.tokens);
    } else {
        out.value(nullptr);
    }
    if (!state.service_tier.empty()) {
        out.member("service_tier", state.service_tier);
    }
    if (state.extra != nullptr) {
        raw.extra(*state.extra, written);
    }
    out.end_object();
    // The echo's members, which were written once for all events.
    to.back() = ',';
    to += echo.substr(1);
}

void write_output_part(json::writer& out, output_part const& part)
{
    if (part.refusal) {
        out.begin_object().member("type", "refusal").member("refusal", part.text).end_object();
        return;
    }
    out.begin_object().member("type", "output_text").member("text", part.text);
    out.key("annotations").raw("[" + part.annotations + "]");
    out.key("logprobs").raw("[" + part.logprobs + "]").end_object();
}

void write_item(json::writer& out, output_item const& item, std::string_view status)
{
    switch (item.what) {
    case output_item::kind::message:
        out.begin_object().member("id", item.id).member("type", "message").member("status", status);
        out.member("role", "assistant").key("content").begin_array();
        for (output_part const& part : item.parts) {
            write_output_part(out, part);
        }
        out.end_array();
        if (!item.phase.empty()) {
            out.raw_member("phase", item.phase.text);
        }
        break;
    case output_item::kind::reasoning:
        out.begin_object().member("id", item.id).member("type", "reasoning").key("summary").begin_array();
        if (!item.text.empty()) {
            out.begin_object().member("type", "summary_text").member("text", item.text).end_object();
        }
        out.end_array();
        if (!item.encrypted.empty()) {
            out.member("encrypted_content", item.encrypted);
        }
        break;
    case output_item::kind::call:
        out.begin_object().member("id", item.id);
        out.member("type", item.custom ? names("custom_tool_call") : names("function_call"));
        out.member("status", status).member("call_id", item.call_id).member("name", item.name);
        out.member(item.custom ? "input" : "arguments", item.text);
        if (!item.space.empty()) {
            out.raw_member("namespace", item.space.text);
        }
        break;
    case output_item::kind::whole: out.raw(item.text); return;
    }
    out.end_object();
}

std::string image_item(image_part const& image, std::string_view id)
{
    std::string text;
    json::writer out(text);
    const names type = image.source.media_type;
    out.begin_object().member("id", id).member("type", "image_generation_call").member("status", "completed");
    out.member("result", image.source.data.empty() ? image.source.url : image.source.data);
    if (type.starts_with("image/")) {
        out.member("output_format", type.substr(6));
    }
    out.end_object();
    return text;
}

std::string_view status_of(finish_reason why) noexcept
{
    return why == finish_reason::length || why == finish_reason::content_filter ? "incomplete" : "completed";
}

std::string response_id(std::string_view id, reply_context const& context)
{
    return id.empty() ? "resp_" + std::string(context.fallback_id) : std::string(id);
}

} // namespace cogate::providers::openai_responses
