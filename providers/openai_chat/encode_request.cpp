#include "providers/common/fields.hpp"
#include "providers/common/lacks.hpp"
#include "providers/common/write_members.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_chat/messages.hpp"
#include "providers/openai_chat/quirks.hpp"

#include "lib/core/json/scanner.hpp"

#include <array>

namespace cogate::providers::openai_chat {

namespace {

void write_tool(raw_writer& to, tool const& t)
{
    static constexpr std::array<std::string_view, 2> inner = {"function", "cache_control"};
    if (t.type != "function") {
        to.element(t.definition, "tools");
        return;
    }
    json::writer& out = to.out();
    out.begin_object().member("type", t.type).key("function").begin_object().member("name", t.name);
    if (!t.description.empty()) {
        out.member("description", t.description);
    }
    to.member("parameters", t.parameters);
    if_set(out, "strict", t.strict);
    to.leftovers(t.extra, "function");
    out.end_object();
    if (raw_json const* mark = t.extra.find("cache_control")) {
        to.member("cache_control", *mark);
    } else {
        to.cache(t.cache);
    }
    to.extra(t.extra, inner);
    out.end_object();
}

/// Another dialect's own tools (its web search, its code interpreter) mean nothing here.
result<void> write_tools(raw_writer& to, chat_request const& r, call_context const& context)
{
    if (r.tools.empty()) {
        return {};
    }
    to.out().key("tools").begin_array();
    for (std::size_t i = 0; i != r.tools.size(); ++i) {
        tool const& t = r.tools[i];
        if (t.dialect.empty()) {
            write_tool(to, t);
        } else if (!context.rules.drop_params) {
            return failure(error_kind::invalid_request, std::string(context.service.name) + " has no tool '" +
                                                            t.type.substr(0, 64) +
                                                            "'; leave it out, or set drop_params")
                .with_code("unsupported_parameter")
                .with_param("tools[" + std::to_string(i) + "]");
        }
    }
    to.out().end_array();
    return {};
}

void write_tool_choice(raw_writer& to, tool_choice const& choice, chat_quirks const& quirks)
{
    json::writer& out = to.out();
    switch (choice.how) {
    case tool_choice::mode::automatic: out.member("tool_choice", "auto"); break;
    case tool_choice::mode::none: out.member("tool_choice", "none"); break;
    case tool_choice::mode::required:
        out.member("tool_choice",
                   quirks.tool_choice_required.empty() ? "required" : quirks.tool_choice_required);
        break;
    case tool_choice::mode::function:
        out.key("tool_choice").begin_object().member("type", "function").key("function").begin_object();
        out.member("name", choice.name).end_object().end_object();
        break;
    case tool_choice::mode::other: to.member("tool_choice", choice.value); break;
    }
}

void write_response_format(raw_writer& to, response_format const& format)
{
    json::writer& out = to.out();
    if (format.type == response_format::kind::other) {
        to.member("response_format", format.value);
        return;
    }
    out.key("response_format").begin_object();
    switch (format.type) {
    case response_format::kind::json_object: out.member("type", "json_object"); break;
    case response_format::kind::json_schema:
        out.member("type", "json_schema").key("json_schema").begin_object().member("name", format.name);
        if (!format.description.empty()) {
            out.member("description", format.description);
        }
        to.member("schema", format.schema);
        if_set(out, "strict", format.strict);
        out.end_object();
        break;
    default: out.member("type", "text"); break;
    }
    out.end_object();
}

void write_sampling(raw_writer& to, chat_request const& r, chat_quirks const& quirks)
{
    json::writer& out = to.out();
    to.member("temperature", r.temperature);
    to.member("top_p", r.top_p);
    if_set(out, "top_k", r.top_k);
    if_set(out, renamed("max_tokens", quirks), r.max_tokens);
    if_set(out, renamed("max_completion_tokens", quirks), r.max_completion_tokens);
    if_set(out, "n", r.n);
    write_stop(out, r.stop, r.stop_is_text);
    if_set(out, renamed("seed", quirks), r.seed);
    to.member("presence_penalty", r.presence_penalty);
    to.member("frequency_penalty", r.frequency_penalty);
    to.member("logit_bias", r.logit_bias);
    if_set(out, "logprobs", r.logprobs);
    if_set(out, "top_logprobs", r.top_logprobs);
}

void write_options(raw_writer& to, chat_request const& r, chat_quirks const& quirks)
{
    json::writer& out = to.out();
    if (r.response_format) {
        write_response_format(to, *r.response_format);
    }
    write_reasoning_wish(to, r.reasoning, quirks);
    if_set(out, "verbosity", r.verbosity);
    if_set(out, "modalities", r.modalities);
    to.member("audio", r.audio);
    to.member("prediction", r.prediction);
    to.member("web_search_options", r.web_search_options);
    if_set(out, renamed("user", quirks), r.user);
    if_set(out, "safety_identifier", r.safety_identifier);
    if_set(out, "prompt_cache_key", r.prompt_cache_key);
    if_set(out, "service_tier", r.service_tier);
    if_set(out, "store", r.store);
    to.member("metadata", r.metadata);
}

void write_streaming(raw_writer& to, chat_request const& r, chat_quirks const& quirks)
{
    json::writer& out = to.out();
    out.member("stream", true);
    if (!quirks.stream_options) {
        return;
    }
    out.key("stream_options").begin_object();
    // Always asked for, so that the money can be counted; the caller gets it only if he asked.
    out.member("include_usage", true);
    if (!r.stream_options_extra.empty()) {
        extra_fields rest;
        rest.set("stream_options", r.stream_options_extra);
        to.leftovers(rest, "stream_options");
    }
    out.end_object();
}

} // namespace

result<encoded_request> encode_chat(chat_request const& asked, call_context const& context)
{
    chat_quirks const& quirks = context.service.quirks;
    std::optional<chat_request> changed;
    result<chat_request const*> const fitted = fit(asked, context, changed);
    if (!fitted) {
        return fitted.error();
    }
    chat_request const& r = **fitted;
    encoded_request request{.path = "/chat/completions", .body = {}};
    json::writer out(request.body);
    raw_writer to(out);
    out.begin_object();
    out.member("model", context.model);
    out.key("messages").begin_array();
    for (message const& m : r.messages) {
        write_message(to, m, audience::provider);
    }
    out.end_array();
    if (const result<void> written = write_tools(to, r, context); !written) {
        return written.error();
    }
    if (r.tool_choice) {
        write_tool_choice(to, *r.tool_choice, quirks);
    }
    if_set(out, renamed("parallel_tool_calls", quirks), r.parallel_tool_calls);
    write_sampling(to, r, quirks);
    write_options(to, r, quirks);
    if (context.stream) {
        write_streaming(to, r, quirks);
    }
    return close_request(to, std::move(request), r.extra);
}

} // namespace cogate::providers::openai_chat
