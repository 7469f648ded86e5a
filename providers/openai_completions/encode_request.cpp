#include "providers/common/fields.hpp"
#include "providers/common/lacks.hpp"
#include "providers/common/parameters.hpp"
#include "providers/common/write_members.hpp"
#include "providers/openai_completions/codec.hpp"

#include "lib/core/json/scanner.hpp"

#include <array>

namespace cogate::providers::openai_completions {

namespace {

constexpr std::array<std::string_view, 13> supported = {"temperature",
                                                        "top_p",
                                                        "max_tokens",
                                                        "max_completion_tokens",
                                                        "n",
                                                        "stop",
                                                        "seed",
                                                        "presence_penalty",
                                                        "frequency_penalty",
                                                        "logit_bias",
                                                        "logprobs",
                                                        "top_logprobs",
                                                        "user"};

/// The texts of all messages, a line each; one message is the prompt itself.
result<std::string> prompt_of(chat_request const& request)
{
    std::string prompt;
    for (std::size_t i = 0; i != request.messages.size(); ++i) {
        message const& m = request.messages[i];
        for (std::size_t k = 0; k != m.content.size(); ++k) {
            auto const* text = std::get_if<text_part>(&m.content[k]);
            if (text == nullptr && !std::holds_alternative<reasoning_part>(m.content[k])) {
                const std::string at =
                    "messages[" + std::to_string(i) + "].content[" + std::to_string(k) + "]";
                return failure(error_kind::invalid_request,
                               "a text completion cannot carry the content of " + at)
                    .with_code("unsupported_content")
                    .with_param(at);
            }
        }
        if (!m.tool_calls.empty()) {
            const std::string at = "messages[" + std::to_string(i) + "].tool_calls";
            return failure(error_kind::invalid_request, "a text completion cannot carry " + at)
                .with_code("unsupported_content")
                .with_param(at);
        }
        prompt += i == 0 ? "" : "\n";
        prompt += m.text();
    }
    return prompt;
}

void write_streaming(raw_writer& to, chat_request const& r, call_context const& context)
{
    json::writer& out = to.out();
    out.member("stream", true);
    if (!context.service.quirks.stream_options) {
        return;
    }
    // Always asked for, so that the money can be counted; the caller gets it only if he asked.
    out.key("stream_options").begin_object().member("include_usage", true);
    extra_fields rest;
    rest.set("stream_options", r.stream_options_extra);
    if (!r.stream_options_extra.empty()) {
        to.leftovers(rest, "stream_options");
    }
    out.end_object();
}

} // namespace

result<encoded_request> encode_chat(chat_request const& asked, call_context const& context)
{
    std::optional<chat_request> changed;
    const result<chat_request const*> fitted =
        fit_parameters(asked, supported, dialect_name, context, changed);
    if (!fitted) {
        return fitted.error();
    }
    chat_request const& r = **fitted;
    encoded_request request{.path = "/completions", .body = {}};
    json::writer out(request.body);
    raw_writer to(out);
    out.begin_object().member("model", context.model);
    // Tokens or several prompts stand in `extra`.
    if (r.extra.find("prompt") == nullptr) {
        const result<std::string> prompt = prompt_of(r);
        if (!prompt) {
            return prompt.error();
        }
        const bool list =
            r.messages.size() == 1 && !r.messages.front().content_is_text && r.extra_dialect == dialect_name;
        out.key("prompt");
        list ? out.begin_array().value(*prompt).end_array() : out.value(*prompt);
    }
    if_set(out, "max_tokens", r.max_completion_tokens ? r.max_completion_tokens : r.max_tokens);
    to.member("temperature", r.temperature);
    to.member("top_p", r.top_p);
    if_set(out, "n", r.n);
    if (r.logprobs.value_or(false)) {
        out.member("logprobs", r.top_logprobs.value_or(0));
    }
    write_stop(out, r.stop, r.stop_is_text);
    if_set(out, "seed", r.seed);
    to.member("presence_penalty", r.presence_penalty);
    to.member("frequency_penalty", r.frequency_penalty);
    to.member("logit_bias", r.logit_bias);
    if (!r.user.empty()) {
        out.member("user", r.user);
    }
    if (context.stream) {
        write_streaming(to, r, context);
    }
    return close_request(to, std::move(request), r.extra);
}

} // namespace cogate::providers::openai_completions
