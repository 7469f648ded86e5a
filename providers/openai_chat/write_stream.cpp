#include "providers/common/fields.hpp"
#include "providers/common/sealed.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_chat/messages.hpp"
#include "providers/openai_chat/parts.hpp"
#include "providers/openai_chat/token_usage.hpp"

#include "lib/wire/sse_writer.hpp"

#include <array>

namespace cogate::providers::openai_chat {

namespace {

constexpr std::string_view data_field = "data: ";

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
            write_thinking_block(to, {}, {},
                                 redacted_for_client(delta.reasoning_redacted, delta.reasoning_id));
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

/// What names a chunk, where it is not said by the chunk itself.
struct chunk_name {
    std::string_view id;
    std::int64_t created;
};

/// An event whose data was written in place behind `begin`; a member carried through may hold line ends.
void end_event(std::string& to, std::size_t begin)
{
    const std::size_t data = begin + data_field.size();
    if (to.find('\n', data) != std::string::npos || to.find('\r', data) != std::string::npos) {
        const std::string text = to.substr(data);
        to.resize(begin);
        wire::append_sse_data(to, text);
        return;
    }
    to.append("\n\n");
}

void write_event(chat_chunk const& chunk, chunk_name name, bool with_choices, bool wants_usage,
                 std::string& to)
{
    const std::size_t begin = to.size();
    to.append(data_field);
    json::writer out(to);
    raw_writer raw(out);
    out.begin_object().member("id", name.id).member("object", "chat.completion.chunk");
    out.member("created", name.created).member("model", chunk.model);
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
    if (with_choices || chunk.choices.empty()) {
        raw.extra(chunk.extra);
    }
    out.end_object();
    end_event(to, begin);
}

void write_named(chat_chunk const& chunk, chunk_name name, bool wants_usage, std::string& out)
{
    // Members beside a usage go with it: a chunk without choices is news to clients who asked for no usage.
    if (!chunk.choices.empty() || (!chunk.extra.empty() && !chunk.usage)) {
        write_event(chunk, name, true, wants_usage, out);
    }
    if (chunk.usage && wants_usage) {
        write_event(chunk, name, false, wants_usage, out);
    }
}

} // namespace

void write_chunk(chat_chunk const& chunk, bool wants_usage, std::string& out)
{
    write_named(chunk, {chunk.id, chunk.created}, wants_usage, out);
}

namespace {

class writer final : public chat_stream_writer {
public:
    explicit writer(reply_context const& context)
        : wants_usage_(context.request.include_usage),
          now_(context.now),
          fallback_id_(context.fallback_id.empty() ? std::string()
                                                   : "chatcmpl-" + std::string(context.fallback_id))
    {}

    void write(chat_chunk const& chunk, std::string& out) override
    {
        const chunk_name name{chunk.id.empty() ? std::string_view(fallback_id_) : std::string_view(chunk.id),
                              chunk.created != 0 ? chunk.created : now_};
        write_named(chunk, name, wants_usage_, out);
    }

    void end(std::string& out) override { wire::append_sse_data(out, "[DONE]"); }

    void fail(failure const& why, std::string& out) override
    {
        std::string text;
        write_error(why, text);
        wire::append_sse_data(out, text);
    }

private:
    bool wants_usage_;
    std::int64_t now_;
    std::string fallback_id_;
};

} // namespace

std::unique_ptr<chat_stream_writer> make_stream_writer(reply_context const& context)
{
    return std::make_unique<writer>(context);
}

} // namespace cogate::providers::openai_chat
