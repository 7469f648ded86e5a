#include "providers/openai_chat/codec.hpp"
#include "providers/common/fields.hpp"
#include "providers/openai_chat/messages.hpp"
#include "providers/openai_chat/parts.hpp"
#include "providers/openai_chat/token_usage.hpp"

#include "lib/wire/sse_writer.hpp"

#include <array>

namespace cogate::providers::openai_chat {

namespace {

void write_call(raw_writer& to, tool_call_delta const& call)
{
    static constexpr std::array<std::string_view, 2> inner = {"function", "custom"};
    json::writer& out = to.out();
    const bool first = !call.id.empty() || !call.name.empty();
    const bool custom = call.type == "custom";
    out.begin_object().member("index", call.index);
    if (!call.id.empty()) {
        out.member("id", call.id);
    }
    if (!call.type.empty() || first) {
        out.member("type", call.type.empty() ? std::string_view("function") : std::string_view(call.type));
    }
    out.key(inner[custom ? 1 : 0]).begin_object();
    if (!call.name.empty()) {
        out.member("name", call.name);
    }
    out.member(custom ? "input" : "arguments", call.arguments);
    to.leftovers(call.extra, inner[custom ? 1 : 0]);
    out.end_object();
    write_signature(to, call.signature);
    to.extra(call.extra, inner);
    out.end_object();
}

void write_delta(raw_writer& to, chat_delta const& delta)
{
    json::writer& out = to.out();
    out.begin_object();
    if (delta.has_role) {
        out.member("role", "assistant");
    }
    if (delta.has_content || !delta.content.empty()) {
        out.member("content", delta.content);
    } else if (delta.has_role) {
        out.key("content").value(nullptr);
    }
    if (!delta.refusal.empty()) {
        out.member("refusal", delta.refusal);
    }
    if (!delta.reasoning.empty()) {
        out.member("reasoning_content", delta.reasoning);
    }
    if (!delta.reasoning_signature.empty() || !delta.reasoning_redacted.empty()) {
        out.key("thinking_blocks").begin_array();
        if (!delta.reasoning_signature.empty()) {
            // The text went out as reasoning_content already.
            write_thinking_block(to, {}, delta.reasoning_signature, {});
        }
        if (!delta.reasoning_redacted.empty()) {
            write_thinking_block(to, {}, {}, delta.reasoning_redacted);
        }
        out.end_array();
    }
    if (!delta.tool_calls.empty()) {
        out.key("tool_calls").begin_array();
        for (tool_call_delta const& call : delta.tool_calls) {
            write_call(to, call);
        }
        out.end_array();
    }
    to.member("annotations", delta.annotations);
    to.member("audio", delta.audio);
    to.extra(delta.message_extra);
    out.end_object();
}

void write_choice(raw_writer& to, chat_delta const& delta)
{
    json::writer& out = to.out();
    out.begin_object().member("index", delta.index).key("delta");
    write_delta(to, delta);
    if (delta.logprobs.empty()) {
        out.key("logprobs").value(nullptr);
    } else {
        to.member("logprobs", delta.logprobs);
    }
    out.key("finish_reason");
    if (delta.finish_reason == finish_reason::none) {
        out.value(nullptr);
    } else {
        out.value(finish_reason_name(delta.finish_reason));
    }
    const bool hides_word = delta.finish_reason == finish_reason::other && !delta.finish_reason_text.empty();
    if (hides_word && delta.extra.find("native_finish_reason") == nullptr) {
        out.member("native_finish_reason", delta.finish_reason_text);
    }
    to.extra(delta.extra);
    out.end_object();
}

void write_event(chat_chunk const& chunk, bool with_choices, bool wants_usage, std::string& to)
{
    std::string text;
    json::writer out(text);
    raw_writer raw(out);
    out.begin_object().member("id", chunk.id).member("object", "chat.completion.chunk");
    out.member("created", chunk.created).member("model", chunk.model);
    if (!chunk.service_tier.empty()) {
        out.member("service_tier", chunk.service_tier);
    }
    if (!chunk.system_fingerprint.empty()) {
        out.member("system_fingerprint", chunk.system_fingerprint);
    }
    out.key("choices").begin_array();
    if (with_choices) {
        for (chat_delta const& delta : chunk.choices) {
            write_choice(raw, delta);
        }
    }
    out.end_array();
    if (wants_usage) {
        out.key("usage");
        if (with_choices || !chunk.usage) {
            out.value(nullptr);
        } else {
            write_usage(raw, *chunk.usage);
        }
    }
    if (with_choices) {
        raw.extra(chunk.extra);
    }
    out.end_object();
    wire::append_sse_data(to, text);
}

} // namespace

void write_chunk(chat_chunk const& chunk, bool wants_usage, std::string& out)
{
    if (!chunk.choices.empty() || !chunk.extra.empty()) {
        write_event(chunk, true, wants_usage, out);
    }
    if (chunk.usage && wants_usage) {
        write_event(chunk, false, wants_usage, out);
    }
}

namespace {

class writer final : public chat_stream_writer {
public:
    explicit writer(bool wants_usage) : wants_usage_(wants_usage) {}

    void write(chat_chunk const& chunk, std::string& out) override { write_chunk(chunk, wants_usage_, out); }

    void end(std::string& out) override { wire::append_sse_data(out, "[DONE]"); }

    void fail(failure const& why, std::string& out) override
    {
        std::string text;
        write_error(why, text);
        wire::append_sse_data(out, text);
    }

private:
    bool wants_usage_;
};

} // namespace

std::unique_ptr<chat_stream_writer> make_stream_writer(bool wants_usage)
{
    return std::make_unique<writer>(wants_usage);
}

} // namespace cogate::providers::openai_chat
