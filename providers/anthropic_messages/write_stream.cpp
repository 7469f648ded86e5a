#include "providers/anthropic_messages/blocks.hpp"
#include "providers/anthropic_messages/codec.hpp"
#include "providers/anthropic_messages/stop_reason.hpp"
#include "providers/anthropic_messages/stream_blocks.hpp"
#include "providers/anthropic_messages/token_usage.hpp"
#include "providers/anthropic_messages/write_parts.hpp"
#include "providers/common/sealed.hpp"

#include "lib/core/text.hpp"
#include "lib/wire/sse_writer.hpp"

namespace cogate::providers::anthropic_messages {

namespace {

class writer final : public chat_stream_writer {
public:
    explicit writer(reply_context const& context)
        : model_(context.model), fallback_id_(context.fallback_id), blocks_(std::string(context.fallback_id))
    {}

    void write(chat_chunk const& chunk, std::string& out) override;
    void end(std::string& out) override;
    void fail(failure const& why, std::string& out) override;

private:
    void begin(chat_chunk const* chunk, std::string& out);
    void write(chat_delta const& delta, std::string& out);
    void write_reasoning(chat_delta const& delta, std::string& out);
    void write_text(std::string const& text, bool fresh, std::string& out);
    void write_citations(extra_fields const& extra, std::string& out);
    void write_call(tool_call_delta const& piece, std::string& out);

    std::string model_;
    std::string fallback_id_;
    stream_blocks blocks_;
    std::string event_;
    bool begun_ = false;

    finish_reason finish_reason_ = finish_reason::none;
    std::string native_;
    std::string stop_sequence_;
    extra_fields choice_extra_;
    usage usage_{};
    std::string service_tier_;
    extra_fields extra_;
};

void writer::begin(chat_chunk const* chunk, std::string& out)
{
    if (begun_) {
        return;
    }
    begun_ = true;
    const bool has_id = chunk != nullptr && !chunk->id.empty();
    const bool has_model = chunk != nullptr && !chunk->model.empty();
    event_.clear();
    json::writer json(event_);
    raw_writer to(json);
    json.begin_object().member("type", "message_start").key("message").begin_object();
    json.member("id", has_id ? chunk->id : "msg_" + fallback_id_)
        .member("type", "message")
        .member("role", "assistant");
    json.member("model", has_model ? chunk->model : model_).key("content").begin_array().end_array();
    json.key("stop_reason").value(nullptr).key("stop_sequence").value(nullptr).key("usage");
    write_usage(to, chunk != nullptr && chunk->usage ? *chunk->usage : usage{}, {});
    json.end_object().end_object();
    wire::append_sse_event(out, "message_start", event_);
}

void writer::write(chat_chunk const& chunk, std::string& out)
{
    begin(&chunk, out);
    for (chat_delta const& delta : chunk.choices) {
        if (delta.index == 0) { // there is one choice in this dialect
            write(delta, out);
        }
    }
    if (chunk.usage) {
        usage_ = *chunk.usage;
    }
    if (!chunk.service_tier.empty()) {
        service_tier_ = chunk.service_tier;
    }
    for (std::string_view const name : {"container", "context_management"}) {
        if (raw_json const* found = chunk.extra.find(name)) {
            extra_.set(std::string(name), *found);
        }
    }
}

void writer::write(chat_delta const& delta, std::string& out)
{
    write_reasoning(delta, out);
    if (!delta.content.empty()) {
        write_text(delta.content, delta.begins_part && delta.reasoning.empty(), out);
    }
    write_citations(delta.message_extra, out);
    if (!delta.refusal.empty()) {
        write_text(delta.refusal, false, out);
    }
    for (content_part const& part : delta.parts) {
        std::string text;
        json::writer json(text);
        raw_writer to(json);
        if (write_part(to, part, std::nullopt, {.to_client = true, .extras = true}) && to.good()) {
            blocks_.add_whole(std::move(text), out);
        }
    }
    for (tool_call_delta const& piece : delta.tool_calls) {
        write_call(piece, out);
    }
    if (delta.finish_reason != finish_reason::none) {
        finish_reason_ = delta.finish_reason;
        native_ = delta.native_finish_reason;
    }
    if (!delta.stop_sequence.empty()) {
        stop_sequence_ = delta.stop_sequence;
    }
    if (raw_json const* details = delta.extra.find("stop_details")) {
        choice_extra_.set("stop_details", *details);
    }
    blocks_.relieve(out);
}

void writer::write_reasoning(chat_delta const& delta, std::string& out)
{
    constexpr std::string_view start = R"({"type":"thinking","thinking":"","signature":""})";
    stream_block* b = blocks_.last(block_kind::thinking);
    if (!delta.reasoning.empty()) {
        if (b == nullptr || delta.begins_part) {
            b = &blocks_.open(block_kind::thinking, std::string(start), out);
        }
        if (b->item.empty() && !delta.reasoning_id.empty()) {
            b->item = delta.reasoning_id;
            blocks_.add_text(*b, "signature_delta", "signature", signature_for_client({}, b->item), out);
        }
        blocks_.add_text(*b, "thinking_delta", "thinking", delta.reasoning, out);
    }
    if (!delta.reasoning_signature.empty()) {
        if (b == nullptr) {
            b = &blocks_.open(block_kind::thinking, std::string(start), out);
        }
        blocks_.add_text(*b, "signature_delta", "signature", delta.reasoning_signature, out);
        b->over = true;
    }
    if (!delta.reasoning_redacted.empty()) {
        std::string text;
        json::writer(text)
            .begin_object()
            .member("type", "redacted_thinking")
            .member("data", redacted_for_client(delta.reasoning_redacted, delta.reasoning_id))
            .end_object();
        blocks_.add_whole(std::move(text), out);
    }
}

void writer::write_text(std::string const& text, bool fresh, std::string& out)
{
    stream_block* b = blocks_.last(block_kind::text);
    if (b == nullptr || fresh) {
        b = &blocks_.open(block_kind::text, R"({"type":"text","text":""})", out);
    }
    blocks_.add_text(*b, "text_delta", "text", text, out);
}

void writer::write_citations(extra_fields const& extra, std::string& out)
{
    raw_json const* const list = extra.find("citations");
    stream_block* const b = blocks_.last(block_kind::text);
    json::document doc;
    json::parse_error error;
    if (list == nullptr || b == nullptr || !doc.parse(list->text, error)) {
        return;
    }
    for (json::value citation : doc.root()) {
        // Of other providers' lists (of URLs) this dialect has no counterpart.
        if (citation.is_object() && citation["type"].is_string()) {
            std::string delta;
            json::writer(delta)
                .begin_object()
                .member("type", "citations_delta")
                .raw_member("citation", citation.raw())
                .end_object();
            blocks_.add(*b, delta, out);
        }
    }
}

void writer::write_call(tool_call_delta const& piece, std::string& out)
{
    stream_block* b = blocks_.call(piece.index);
    if (b == nullptr) {
        if (piece.id.empty() && piece.name.empty()) {
            return; // the rest of a call that is closed already: white space, or no JSON anyway
        }
        b = &blocks_.open(block_kind::tool, {}, out);
        b->call = piece.index;
    }
    b->over = false; // until its fragment is in
    if (b->head.id.empty()) {
        b->head.id = piece.id;
    }
    if (b->head.name.empty()) {
        b->head.name = piece.name;
    }
    if (!piece.type.empty()) {
        b->head.type = piece.type;
    }
    for (auto const& [key, value] : piece.extra) {
        b->head.extra.set(key, value);
    }
    if (!piece.arguments.empty()) {
        blocks_.add_arguments(*b, piece.arguments, out);
    }
    b->over = b->arguments.reached();
    blocks_.advance(false, out);
}

void writer::end(std::string& out)
{
    begin(nullptr, out);
    blocks_.advance(true, out);
    event_.clear();
    json::writer json(event_);
    raw_writer to(json);
    json.begin_object().member("type", "message_delta").key("delta").begin_object();
    write_stop(to, finish_reason_, native_, blocks_.calls() != 0, stop_sequence_, choice_extra_);
    if (raw_json const* container = extra_.find("container")) {
        to.member("container", *container);
    }
    json.end_object().key("usage");
    write_usage(to, usage_, service_tier_);
    if (raw_json const* management = extra_.find("context_management")) {
        to.member("context_management", *management);
    }
    json.end_object();
    wire::append_sse_event(out, "message_delta", event_);
    wire::append_sse_event(out, "message_stop", R"({"type":"message_stop"})");
}

void writer::fail(failure const& why, std::string& out)
{
    event_.clear();
    write_error(why, event_);
    wire::append_sse_event(out, "error", event_);
}

} // namespace

std::unique_ptr<chat_stream_writer> make_stream_writer(reply_context const& context)
{
    return std::make_unique<writer>(context);
}

} // namespace cogate::providers::anthropic_messages
