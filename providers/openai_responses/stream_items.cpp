#include "providers/openai_responses/stream_items.hpp"

#include "providers/openai_responses/parts.hpp"

namespace cogate::providers::openai_responses {

std::size_t stream_items::open(output_item item, std::string& out)
{
    items_.push_back({.item = std::move(item)});
    const std::size_t index = items_.size() - 1;
    event("response.output_item.added", out, [&](json::writer& to) {
        to.member("output_index", index).key("item");
        write_item(to, items_[index].item, "in_progress");
    });
    return index;
}

output_item& stream_items::open_current(output_item item, std::string& out)
{
    close_current("completed", out);
    current_ = open(std::move(item), out);
    return items_[current_].item;
}

output_item* stream_items::current(output_item::kind what) noexcept
{
    return current_ != none && items_[current_].item.what == what ? &items_[current_].item : nullptr;
}

void stream_items::open_part(bool refusal, std::string& out)
{
    output_item& item = items_[current_].item;
    item.parts.push_back({.refusal = refusal, .text = {}});
    part_open_ = true;
    item_event("response.content_part.added", current_, out, [&](json::writer& to) {
        to.member("content_index", item.parts.size() - 1).key("part");
        write_output_part(to, item.parts.back());
    });
}

void stream_items::close_part(std::string& out)
{
    if (!part_open_) {
        return;
    }
    part_open_ = false;
    output_item const& item = items_[current_].item;
    output_part const& part = item.parts.back();
    const std::size_t index = item.parts.size() - 1;
    const std::string_view type = part.refusal ? "response.refusal.done" : "response.output_text.done";
    item_event(type, current_, out, [&](json::writer& to) {
        to.member("content_index", index).member(part.refusal ? "refusal" : "text", part.text);
        if (!part.refusal) {
            to.key("logprobs").raw("[" + part.logprobs + "]");
        }
    });
    item_event("response.content_part.done", current_, out, [&](json::writer& to) {
        to.member("content_index", index).key("part");
        write_output_part(to, part);
    });
}

void stream_items::add_text(std::string_view text, bool refusal, bool fresh, raw_json const& logprobs,
                            std::string& out)
{
    output_item& item = items_[current_].item;
    if (!part_open_ || fresh || item.parts.back().refusal != refusal) {
        close_part(out);
        open_part(refusal, out);
    }
    output_part& part = item.parts.back();
    part.text += text;
    const std::string list = list_of_logprobs(logprobs);
    const std::string_view tokens = std::string_view(list).substr(1, list.size() - 2);
    if (!tokens.empty()) {
        part.logprobs += part.logprobs.empty() ? "" : ",";
        part.logprobs += tokens;
    }
    const std::string_view type = refusal ? "response.refusal.delta" : "response.output_text.delta";
    item_event(type, current_, out, [&](json::writer& to) {
        to.member("content_index", item.parts.size() - 1).member("delta", text);
        if (!refusal) {
            to.raw_member("logprobs", list);
        }
    });
}

void stream_items::add_annotation(json::value annotation, std::string& out)
{
    std::string text;
    json::writer flat(text);
    write_annotation(flat, annotation);
    output_item& item = items_[current_].item;
    output_part& part = item.parts.back();
    part.annotations += part.annotations.empty() ? "" : ",";
    part.annotations += text;
    item_event("response.output_text.annotation.added", current_, out, [&](json::writer& to) {
        to.member("content_index", item.parts.size() - 1).member("annotation_index", part.annotation_count);
        to.raw_member("annotation", text);
    });
    ++part.annotation_count;
}

void stream_items::close(std::size_t index, std::string_view status, std::string& out)
{
    entry& closed = items_[index];
    output_item& item = closed.item;
    if (!closed.open) {
        return;
    }
    closed.open = false;
    if (item.what == output_item::kind::reasoning && !item.text.empty()) {
        item_event("response.reasoning_summary_text.done", index, out,
                   [&](json::writer& to) { to.member("summary_index", 0).member("text", item.text); });
        item_event("response.reasoning_summary_part.done", index, out, [&](json::writer& to) {
            to.member("summary_index", 0).key("part").begin_object();
            to.member("type", "summary_text").member("text", item.text).end_object();
        });
    } else if (item.what == output_item::kind::call) {
        if (item.text.empty() && !item.custom) {
            item.text = "{}";
        }
        const std::string_view type =
            item.custom ? "response.custom_tool_call_input.done" : "response.function_call_arguments.done";
        item_event(type, index, out,
                   [&](json::writer& to) { to.member(item.custom ? "input" : "arguments", item.text); });
    }
    json::writer finished(closed.text);
    write_item(finished, item, status);
    event("response.output_item.done", out,
          [&](json::writer& to) { to.member("output_index", index).raw_member("item", closed.text); });
}

void stream_items::close_current(std::string_view status, std::string& out)
{
    if (current_ == none) {
        return;
    }
    close_part(out);
    close(current_, status, out);
    current_ = none;
}

void stream_items::close_all(std::string_view status, std::string& out)
{
    close_current(status, out);
    for (std::size_t index = 0; index != items_.size(); ++index) {
        close(index, status, out);
    }
}

std::string stream_items::finished() const
{
    std::string out;
    for (entry const& one : items_) {
        if (!one.open) {
            out += out.empty() ? "" : ",";
            out += one.text;
        }
    }
    return out;
}

} // namespace cogate::providers::openai_responses
