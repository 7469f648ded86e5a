#include "providers/huggingface/codec.hpp"

#include "providers/common/lacks.hpp"
#include "providers/common/parameters.hpp"
#include "providers/common/transcript.hpp"
#include "providers/common/write_members.hpp"

#include <array>

namespace cogate::providers::huggingface {

namespace {

constexpr std::array<std::string_view, 9> supported = {
    "temperature",       "top_p",          "top_k", "max_tokens", "max_completion_tokens", "stop", "seed",
    "frequency_penalty", "response_format"};

result<void> write_grammar(raw_writer& to, response_format const& format, call_context const& context)
{
    json::writer& out = to.out();
    switch (format.type) {
    case response_format::kind::text: return {};
    case response_format::kind::other:
        if (std::optional<failure> why = lacks("response_format", context)) {
            return *std::move(why);
        }
        return {};
    default: break;
    }
    out.key("grammar").begin_object().member("type", "json");
    if (format.schema.empty()) {
        out.key("value").begin_object().member("type", "object").end_object();
    } else {
        to.member("value", format.schema);
    }
    out.end_object();
    return {};
}

void write_sampling(raw_writer& to, chat_request const& r)
{
    json::writer& out = to.out();
    if (!r.temperature.empty() && r.temperature.value() > 0.0) {
        to.member("temperature", r.temperature);
    } else if (!r.temperature.empty()) {
        out.member("do_sample", false);
    }
    if (!r.top_p.empty() && r.top_p.value() > 0.0 && r.top_p.value() < 1.0) {
        to.member("top_p", r.top_p);
    }
    if (r.top_k && *r.top_k > 0) {
        out.member("top_k", *r.top_k);
    }
    to.member("frequency_penalty", r.frequency_penalty);
    if (r.max_completion_tokens || r.max_tokens) {
        out.member("max_new_tokens", r.max_completion_tokens ? *r.max_completion_tokens : *r.max_tokens);
    }
    if_set(out, "stop", r.stop);
    if_set(out, "seed", r.seed);
}

bool is_set_here(std::string_view name) noexcept
{
    return name == "details" || name == "return_full_text";
}

} // namespace

result<encoded_request> encode_chat(chat_request const& asked, call_context const& context)
{
    std::optional<chat_request> changed;
    const result<chat_request const*> fit = fit_parameters(asked, supported, dialect_name, context, changed);
    if (!fit) {
        return fit.error();
    }
    chat_request const& r = **fit;
    const result<transcript> said = write_transcript(r.messages, true);
    if (!said) {
        return said.error();
    }
    encoded_request request{.path = context.stream ? "/generate_stream" : "/generate", .body = {}};
    json::writer out(request.body);
    raw_writer to(out);
    out.begin_object().member("inputs", said->prompt);
    std::string text;
    json::writer inner_out(text);
    raw_writer inner(inner_out);
    inner_out.begin_object();
    write_sampling(inner, r);
    if (r.response_format) {
        if (const result<void> wrote = write_grammar(inner, *r.response_format, context); !wrote) {
            return wrote.error();
        }
    }
    // Without them there is neither a reason for the end nor a count of tokens.
    inner_out.member("details", true).member("return_full_text", false);
    for (auto const& [name, value] : r.extra) {
        if (!is_set_here(name)) {
            inner.member(name, value);
        }
    }
    inner_out.end_object();
    if (!inner.good()) {
        return inner.error();
    }
    encoded_request parameters{.path = {}, .body = std::move(text)};
    const result<encoded_request> checked = without_repeats(std::move(parameters), r.extra);
    if (!checked) {
        return checked.error();
    }
    out.raw_member("parameters", checked->body).end_object();
    return request;
}

} // namespace cogate::providers::huggingface
