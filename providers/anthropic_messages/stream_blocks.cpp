#include "providers/anthropic_messages/stream_blocks.hpp"

#include "providers/anthropic_messages/blocks.hpp"
#include "providers/anthropic_messages/write_parts.hpp"

#include "lib/wire/sse_writer.hpp"

#include <algorithm>

namespace cogate::providers::anthropic_messages {

namespace {

// Held back at most, for calls whose fragments come mixed; beyond it the open call is closed as it is.
constexpr std::size_t most_held_back = std::size_t{8} << 20;
constexpr std::size_t most_waiting = 256;

} // namespace

stream_block* stream_blocks::last(block_kind what) noexcept
{
    return blocks_.empty() || blocks_.back().kind != what || blocks_.back().over ? nullptr : &blocks_.back();
}

stream_block* stream_blocks::call(std::int64_t index) noexcept
{
    const auto same = [&](stream_block const& b) { return b.kind == block_kind::tool && b.call == index; };
    const auto at = std::find_if(blocks_.rbegin(), blocks_.rend(), same);
    return at == blocks_.rend() ? nullptr : &*at;
}

stream_block& stream_blocks::open(block_kind what, std::string start, std::string& out)
{
    for (stream_block& b : blocks_) {
        b.over = b.over || b.kind != block_kind::tool;
    }
    advance(blocks_.size() >= most_waiting, out);
    blocks_.emplace_back();
    stream_block& b = blocks_.back();
    b.kind = what;
    b.start = std::move(start);
    return b;
}

void stream_blocks::add_whole(std::string content, std::string& out)
{
    stream_block& b = open(block_kind::whole, std::move(content), out);
    b.over = true;
    advance(false, out);
}

void stream_blocks::add_text(stream_block& to, std::string_view type, std::string_view member,
                             std::string_view text, std::string& out)
{
    std::string delta;
    json::writer(delta).begin_object().member("type", type).member(member, text).end_object();
    add(to, delta, out);
}

void stream_blocks::add(stream_block& to, std::string_view delta, std::string& out)
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

void stream_blocks::add_arguments(stream_block& to, std::string_view text, std::string& out)
{
    if (to.head.type == "custom") {
        to.head.arguments += text; // free text: becomes JSON when it is whole
        held_back_ += text.size();
    } else {
        to.arguments.feed(text);
        add_text(to, "input_json_delta", "partial_json", text, out);
    }
}

void stream_blocks::relieve(std::string& out)
{
    while (held_back_ > most_held_back && !blocks_.empty()) {
        stream_block& b = blocks_.front();
        if (!b.live) {
            emit_start(b, out);
        }
        b.over = true;
        advance(false, out);
    }
}

void stream_blocks::advance(bool all, std::string& out)
{
    while (!blocks_.empty()) {
        stream_block& b = blocks_.front();
        const bool named = b.kind != block_kind::tool || !b.head.name.empty();
        const bool free_text = b.kind == block_kind::tool && b.head.type == "custom";
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

void stream_blocks::emit_start(stream_block& b, std::string& out)
{
    b.live = true;
    if (b.kind == block_kind::tool) {
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
    if (b.kind == block_kind::tool && b.head.type == "custom") {
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

void stream_blocks::emit_delta(std::string_view delta, std::string& out)
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

} // namespace cogate::providers::anthropic_messages
