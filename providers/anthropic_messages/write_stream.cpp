#include "providers/anthropic_messages/blocks.hpp"
#include "providers/anthropic_messages/codec.hpp"
#include "providers/anthropic_messages/stop_reason.hpp"
#include "providers/anthropic_messages/token_usage.hpp"
#include "providers/anthropic_messages/write_parts.hpp"
#include "providers/common/sealed.hpp"

#include "lib/core/text.hpp"
#include "lib/wire/sse_writer.hpp"

#include <algorithm>
#include <deque>

namespace cogate::providers::anthropic_messages {

namespace {

// Held back at most, for calls whose fragments come mixed; beyond it the open call is closed as it is.
constexpr std::size_t most_held_back = std::size_t{8} << 20;
constexpr std::size_t most_waiting = 256;

/// Follows a call's arguments as they come: whether they are a whole object. Says nothing of their validity inside.
class object_end {
public:
    void feed(std::string_view text) noexcept
    {
        for (char const c : text) {
            if (in_string_) {
                in_string_ = escaped_ || c != '"';
                escaped_ = !escaped_ && c == '\\';
            } else if (c == '"') {
                in_string_ = true;
            } else if (c == '{' || c == '[') {
                ++depth_;
            } else if (c == '}' || c == ']') {
                whole_ = whole_ || --depth_ <= 0;
            }
        }
    }
    bool reached() const noexcept { return whole_; }

private:
    long depth_ = 0;
    bool in_string_ = false;
    bool escaped_ = false;
    bool whole_ = false;
};

/// Blocks go out one after the other; other dialects mix the fragments of several. The first of `blocks_` is live:
/// what comes for it goes out at once. What comes for later ones waits in them until those before are complete.
class writer final : public chat_stream_writer {
public:
    explicit writer(reply_context const& context) : model_(context.model), fallback_id_(context.fallback_id)
    {}

    void write(chat_chunk const& chunk, std::string& out) override;
    void end(std::string& out) override;
    void fail(failure const& why, std::string& out) override;

private:
    enum class kind { text, thinking, tool, whole };

    struct block {
        writer::kind kind = kind::text;
        std::int64_t call = -1; ///< tool: which
        tool_call head{};       ///< tool: id, name and extra
        std::string start{};    ///< the content_block; made late for a tool
        std::string deltas{};   ///< events' `delta` objects that wait, each ended by a line end
        std::string item{};     ///< thinking: the provider's id of it, told as the signature
        object_end arguments{};
        bool live = false; ///< its start went out
        bool over = false; ///< nothing more comes
    };

    void begin(chat_chunk const* chunk, std::string& out);
    void write(chat_delta const& delta, std::string& out);
    void write_reasoning(chat_delta const& delta, std::string& out);
    void write_text(std::string const& text, bool fresh, std::string& out);
    void write_citations(extra_fields const& extra, std::string& out);
    void write_call(tool_call_delta const& piece, std::string& out);
    block& open(kind what, std::string start, std::string& out);
    void add_whole(std::string content, std::string& out);
    void add(block& to, std::string_view delta, std::string& out);
    void add_text(block& to, std::string_view type, std::string_view member, std::string_view text,
                  std::string& out);
    void advance(bool all, std::string& out);
    void emit_start(block& b, std::string& out);
    void emit_delta(std::string_view delta, std::string& out);
    block* last(kind what) noexcept;

    std::string model_;
    std::string fallback_id_;
    std::deque<block> blocks_;
    std::string event_;
    std::size_t held_back_ = 0;
    std::int64_t index_ = 0; ///< of the live block
    std::size_t calls_ = 0;
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
            add_whole(std::move(text), out);
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
}

void writer::write_reasoning(chat_delta const& delta, std::string& out)
{
    constexpr std::string_view start = R"({"type":"thinking","thinking":"","signature":""})";
    block* b = last(kind::thinking);
    if (!delta.reasoning.empty()) {
        if (b == nullptr || delta.begins_part) {
            b = &open(kind::thinking, std::string(start), out);
        }
        if (b->item.empty() && !delta.reasoning_id.empty()) {
            b->item = delta.reasoning_id;
            add_text(*b, "signature_delta", "signature", signature_for_client({}, b->item), out);
        }
        add_text(*b, "thinking_delta", "thinking", delta.reasoning, out);
    }
    if (!delta.reasoning_signature.empty()) {
        if (b == nullptr) {
            b = &open(kind::thinking, std::string(start), out);
        }
        add_text(*b, "signature_delta", "signature", delta.reasoning_signature, out);
        b->over = true;
    }
    if (!delta.reasoning_redacted.empty()) {
        std::string text;
        json::writer(text)
            .begin_object()
            .member("type", "redacted_thinking")
            .member("data", redacted_for_client(delta.reasoning_redacted, delta.reasoning_id))
            .end_object();
        add_whole(std::move(text), out);
    }
}

void writer::write_text(std::string const& text, bool fresh, std::string& out)
{
    block* b = last(kind::text);
    if (b == nullptr || fresh) {
        b = &open(kind::text, R"({"type":"text","text":""})", out);
    }
    add_text(*b, "text_delta", "text", text, out);
}

void writer::write_citations(extra_fields const& extra, std::string& out)
{
    raw_json const* const list = extra.find("citations");
    block* const b = last(kind::text);
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
            add(*b, delta, out);
        }
    }
}

void writer::write_call(tool_call_delta const& piece, std::string& out)
{
    const auto same = [&](block const& b) { return b.kind == kind::tool && b.call == piece.index; };
    auto at = std::find_if(blocks_.rbegin(), blocks_.rend(), same);
    block* b = at == blocks_.rend() ? nullptr : &*at;
    if (b == nullptr) {
        if (piece.id.empty() && piece.name.empty()) {
            return; // the rest of a call that is closed already: white space, or no JSON anyway
        }
        b = &open(kind::tool, {}, out);
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
    if (!piece.arguments.empty() && b->head.type == "custom") {
        b->head.arguments += piece.arguments; // free text: becomes JSON when it is whole
        held_back_ += piece.arguments.size();
    } else if (!piece.arguments.empty()) {
        b->arguments.feed(piece.arguments);
        add_text(*b, "input_json_delta", "partial_json", piece.arguments, out);
    }
    b->over = b->arguments.reached();
    advance(false, out);
}

writer::block* writer::last(kind what) noexcept
{
    return blocks_.empty() || blocks_.back().kind != what || blocks_.back().over ? nullptr : &blocks_.back();
}

/// A block behind all others. Text and thinking before it are complete then.
writer::block& writer::open(kind what, std::string start, std::string& out)
{
    for (block& b : blocks_) {
        b.over = b.over || b.kind != kind::tool;
    }
    advance(held_back_ > most_held_back || blocks_.size() >= most_waiting, out);
    blocks_.emplace_back();
    block& b = blocks_.back();
    b.kind = what;
    b.start = std::move(start);
    return b;
}

void writer::add_whole(std::string content, std::string& out)
{
    block& b = open(kind::whole, std::move(content), out);
    b.over = true;
    advance(false, out);
}

void writer::add_text(block& to, std::string_view type, std::string_view member, std::string_view text,
                      std::string& out)
{
    std::string delta;
    json::writer(delta).begin_object().member("type", type).member(member, text).end_object();
    add(to, delta, out);
}

void writer::add(block& to, std::string_view delta, std::string& out)
{
    if (&to == &blocks_.front() && !to.live) {
        advance(false, out);
    }
    if (to.live) {
        emit_delta(delta, out);
        return;
    }
    to.deltas += delta;
    to.deltas += '\n';
    held_back_ += delta.size() + 1;
}

/// Starts the first block, and goes on to the next while the first is over. `all`: whatever is there goes out.
void writer::advance(bool all, std::string& out)
{
    while (!blocks_.empty()) {
        block& b = blocks_.front();
        const bool named = b.kind != kind::tool || !b.head.name.empty();
        const bool free_text = b.kind == kind::tool && b.head.type == "custom";
        if (!b.live && (all || (named && !free_text))) {
            emit_start(b, out);
        }
        if (!b.live || (!all && !b.over)) {
            return;
        }
        event_.clear();
        json::writer(event_)
            .begin_object()
            .member("type", "content_block_stop")
            .member("index", index_)
            .end_object();
        wire::append_sse_event(out, "content_block_stop", event_);
        ++index_;
        blocks_.pop_front();
    }
}

void writer::emit_start(block& b, std::string& out)
{
    b.live = true;
    if (b.kind == kind::tool) {
        tool_call head = b.head;
        head.id = head.id.empty() ? made_call_id(fallback_id_, calls_) : head.id;
        head.arguments.clear();
        head.type = "function";
        ++calls_;
        json::writer json(b.start);
        raw_writer to(json);
        write_tool_use(to, head, std::nullopt, {.to_client = true, .extras = true});
    }
    event_.clear();
    json::writer(event_)
        .begin_object()
        .member("type", "content_block_start")
        .member("index", index_)
        .raw_member("content_block", b.start)
        .end_object();
    wire::append_sse_event(out, "content_block_start", event_);
    if (b.kind == kind::tool && b.head.type == "custom") {
        std::string delta;
        json::writer(delta)
            .begin_object()
            .member("type", "input_json_delta")
            .member("partial_json", input_for_client(b.head))
            .end_object();
        emit_delta(delta, out);
        held_back_ -= std::min(held_back_, b.head.arguments.size());
    }
    std::string_view waiting = b.deltas;
    while (!waiting.empty()) {
        const std::size_t end = waiting.find('\n');
        emit_delta(waiting.substr(0, end), out);
        waiting.remove_prefix(end + 1);
    }
    held_back_ -= std::min(held_back_, b.deltas.size());
    b.deltas = {};
}

void writer::emit_delta(std::string_view delta, std::string& out)
{
    event_.clear();
    json::writer(event_)
        .begin_object()
        .member("type", "content_block_delta")
        .member("index", index_)
        .raw_member("delta", delta)
        .end_object();
    wire::append_sse_event(out, "content_block_delta", event_);
}

void writer::end(std::string& out)
{
    begin(nullptr, out);
    advance(true, out);
    event_.clear();
    json::writer json(event_);
    raw_writer to(json);
    json.begin_object().member("type", "message_delta").key("delta").begin_object();
    write_stop(to, finish_reason_, native_, calls_ != 0, stop_sequence_, choice_extra_);
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
