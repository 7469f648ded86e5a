#include "providers/common/fields.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_chat/messages.hpp"
#include "providers/openai_chat/token_usage.hpp"

namespace cogate::providers::openai_chat {

namespace {

void write_choice(raw_writer& to, chat_choice const& choice)
{
    json::writer& out = to.out();
    out.begin_object().member("index", choice.index);
    out.key("message");
    write_message(to, choice.message, audience::client);
    if (choice.logprobs.empty()) {
        out.key("logprobs").value(nullptr);
    } else {
        to.member("logprobs", choice.logprobs);
    }
    out.key("finish_reason");
    if (choice.finish_reason == finish_reason::none) {
        out.value(nullptr);
    } else {
        out.value(finish_reason_name(choice.finish_reason));
    }
    const bool hides_word =
        choice.finish_reason == finish_reason::other && !choice.finish_reason_text.empty();
    if (hides_word && choice.extra.find("native_finish_reason") == nullptr) {
        out.member("native_finish_reason", choice.finish_reason_text);
    }
    to.extra(choice.extra);
    out.end_object();
}

} // namespace

void write_chat(chat_response const& response, std::string& to)
{
    json::writer out(to);
    raw_writer raw(out);
    out.begin_object();
    out.member("id", response.id).member("object", "chat.completion").member("created", response.created);
    out.member("model", response.model).key("choices").begin_array();
    for (chat_choice const& choice : response.choices) {
        write_choice(raw, choice);
    }
    out.end_array();
    if (response.usage.reported) {
        out.key("usage");
        write_usage(raw, response.usage);
    }
    if (!response.service_tier.empty()) {
        out.member("service_tier", response.service_tier);
    }
    if (!response.system_fingerprint.empty()) {
        out.member("system_fingerprint", response.system_fingerprint);
    }
    raw.extra(response.extra);
    out.end_object();
}

void write_error(failure const& why, std::string& to)
{
    json::writer out(to);
    const auto text_or_null = [&](std::string_view key, std::string const& text) {
        out.key(key);
        text.empty() ? out.value(nullptr) : out.value(text);
    };
    out.begin_object().key("error").begin_object();
    out.member("message", why->message).member("type", why.type());
    text_or_null("param", why->param);
    text_or_null("code", why->code);
    out.end_object().end_object();
}

} // namespace cogate::providers::openai_chat
