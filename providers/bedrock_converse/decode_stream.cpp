#include "providers/bedrock_converse/blocks.hpp"
#include "providers/bedrock_converse/codec.hpp"
#include "providers/bedrock_converse/token_usage.hpp"
#include "providers/common/bodies.hpp"
#include "providers/common/fields.hpp"

#include "lib/core/json/writer.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::bedrock_converse {

namespace {

// "p" is random padding against traffic analysis.
constexpr std::array<std::string_view, 4> known_metadata = {"usage", "serviceTier", "p", "stopReason"};
constexpr std::array<std::string_view, 2> known_stop = {"stopReason", "p"};

constexpr std::size_t most_open_blocks = 256;

class decoder final : public event_decoder {
public:
    explicit decoder(call_context const& context)
        : model_(bare_model(context.model)), most_kept_(context.max_event_bytes)
    {}

    result<void> feed(stream_event const& event, std::vector<chat_chunk>& out) override;
    bool finished() const noexcept override { return stopped_ && usage_sent_; }
    result<void> finish(std::vector<chat_chunk>& out) override;

private:
    enum class kind { text, reasoning, call, answer, whole, other };

    /// A block that is not over: its index on the wire, which is none of the caller's business.
    struct block {
        std::int64_t index = 0;
        kind what = kind::other;
        std::int64_t call = 0; ///< index of the tool call
        bool begun = false;    ///< something of it was sent
        std::string head;      ///< kind::whole: the block's start, as JSON
        std::string body;      ///< kind::whole: its input, or its items
        std::string citations; ///< items of the list
    };

    chat_chunk& add(std::vector<chat_chunk>& out);
    chat_delta& add_delta(std::vector<chat_chunk>& out);
    block& open(std::int64_t index, kind what);
    block* find(std::int64_t index) noexcept;
    result<void> keep(std::string& to, std::string_view more);
    result<void> start_block(json::value root, std::vector<chat_chunk>& out);
    result<void> add_to_block(json::value root, std::vector<chat_chunk>& out);
    result<void> add_tool_input(block& at, json::value use, std::vector<chat_chunk>& out);
    void add_text(block& at, json::value text, std::vector<chat_chunk>& out);
    void add_reasoning(block& at, json::value reasoning, std::vector<chat_chunk>& out);
    void stop_block(std::int64_t index, std::vector<chat_chunk>& out);
    void stop(json::value root, std::vector<chat_chunk>& out);
    void take_metadata(json::value root, std::vector<chat_chunk>& out);
    void send_usage(std::vector<chat_chunk>& out);

    std::string model_;
    std::size_t most_kept_;
    std::string id_;
    std::vector<block> open_;
    kind last_sent_ = kind::other;
    std::int64_t calls_ = 0;
    bool answered_ = false;
    bool has_role_ = false;
    bool stopped_ = false;
    bool usage_sent_ = false;
    std::optional<chat_chunk> metadata_;
};

chat_chunk& decoder::add(std::vector<chat_chunk>& out)
{
    out.push_back(chat_chunk{.id = id_, .model = model_, .choices = {}});
    return out.back();
}

chat_delta& decoder::add_delta(std::vector<chat_chunk>& out)
{
    chat_delta& delta = add(out).choices.emplace_back();
    delta.has_role = !has_role_;
    has_role_ = true;
    return delta;
}

decoder::block* decoder::find(std::int64_t index) noexcept
{
    const auto at =
        std::find_if(open_.rbegin(), open_.rend(), [&](block const& b) { return b.index == index; });
    return at == open_.rend() ? nullptr : &*at;
}

decoder::block& decoder::open(std::int64_t index, kind what)
{
    if (open_.size() >= most_open_blocks) {
        open_.erase(open_.begin());
    }
    open_.push_back(block{.index = index, .what = what, .head = {}, .body = {}, .citations = {}});
    return open_.back();
}

result<void> decoder::keep(std::string& to, std::string_view more)
{
    if (to.size() + more.size() > most_kept_) {
        return nonsense("a content block is beyond the size limit");
    }
    to += more;
    return {};
}

result<void> decoder::start_block(json::value root, std::vector<chat_chunk>& out)
{
    const std::int64_t index = root["contentBlockIndex"].as_int64().value_or(0);
    const json::value start = root["start"];
    const json::value use = start["toolUse"];
    if (use.is_object() && !is_server_tool(use)) {
        if (use["name"].equals(answer_tool)) {
            open(index, kind::answer);
            answered_ = true;
            return {};
        }
        block& at = open(index, kind::call);
        at.call = calls_++;
        tool_call_delta call{.index = at.call, .type = "function"};
        call.id = use["toolUseId"].string();
        call.name = use["name"].string();
        add_delta(out).tool_calls.push_back(std::move(call));
        return {};
    }
    if (start.is_object() && start.size() != 0) {
        block& at = open(index, kind::whole);
        return keep(at.head, start.raw());
    }
    return {};
}

void decoder::add_text(block& at, json::value text, std::vector<chat_chunk>& out)
{
    if (text.equals("")) {
        return;
    }
    chat_delta& delta = add_delta(out);
    delta.has_content = true;
    text.append_string_to(delta.content);
    delta.begins_part = !at.begun && last_sent_ == kind::text;
    at.begun = true;
    last_sent_ = kind::text;
}

void decoder::add_reasoning(block& at, json::value reasoning, std::vector<chat_chunk>& out)
{
    const std::string text = reasoning["text"].string();
    const std::string signature = reasoning["signature"].string();
    const std::string redacted = reasoning["redactedContent"].string();
    if (text.empty() && signature.empty() && redacted.empty()) {
        return;
    }
    chat_delta& delta = add_delta(out);
    delta.reasoning = text;
    delta.reasoning_signature = signature;
    delta.reasoning_redacted = redacted;
    delta.begins_part = !text.empty() && !at.begun && last_sent_ == kind::reasoning;
    at.begun = true;
    last_sent_ = kind::reasoning;
}

result<void> decoder::add_tool_input(block& at, json::value use, std::vector<chat_chunk>& out)
{
    const json::value input = use["input"];
    if (input.equals("")) {
        return {};
    }
    const std::string text = input.is_string() ? input.string() : std::string(input.raw());
    if (at.what == kind::whole) {
        return keep(at.body, text);
    }
    chat_delta& delta = add_delta(out);
    at.begun = true;
    if (at.what == kind::answer) {
        delta.has_content = true;
        delta.content = text;
        delta.begins_part = last_sent_ == kind::text;
        last_sent_ = kind::answer;
        return {};
    }
    last_sent_ = kind::call;
    delta.tool_calls.push_back(tool_call_delta{.index = at.call, .arguments = text});
    return {};
}

result<void> decoder::add_to_block(json::value root, std::vector<chat_chunk>& out)
{
    const std::int64_t index = root["contentBlockIndex"].as_int64().value_or(0);
    const json::value delta = root["delta"];
    block* at = find(index);
    if (at == nullptr) {
        // Text and reasoning have no start of their own.
        const kind what = delta["text"].is_string()               ? kind::text
                          : delta["reasoningContent"].is_object() ? kind::reasoning
                                                                  : kind::other;
        at = &open(index, what);
    }
    if (const json::value text = delta["text"]; text.is_string()) {
        add_text(*at, text, out);
    } else if (const json::value reasoning = delta["reasoningContent"]; reasoning.is_object()) {
        add_reasoning(*at, reasoning, out);
    } else if (const json::value use = delta["toolUse"]; use.is_object()) {
        if (at->what == kind::call || at->what == kind::answer || at->what == kind::whole) {
            return add_tool_input(*at, use, out);
        }
        return nonsense("a fragment of a tool call that never began");
    } else if (const json::value citation = delta["citation"]; citation.is_object()) {
        const result<void> kept = keep(at->citations, at->citations.empty() ? "" : ",");
        return kept ? keep(at->citations, citation.raw()) : kept;
    } else if (const json::value items = delta["toolResult"]; items.is_array() && at->what == kind::whole) {
        for (json::value item : items) {
            const result<void> kept = keep(at->body, at->body.empty() ? "" : ",");
            if (const result<void> more = kept ? keep(at->body, item.raw()) : kept; !more) {
                return more;
            }
        }
    }
    return {};
}

/// A block of the provider's own as it would stand in a whole answer.
raw_json whole_block(std::string const& head, std::string const& body, std::string& type)
{
    json::document start;
    json::document input;
    json::parse_error error;
    std::string text;
    json::writer out(text);
    if (!start.parse(head, error)) {
        return {};
    }
    out.begin_object();
    for (json::member m : start.root().members()) {
        type = type.empty() ? std::string(m.key) : type;
        if (!m.val.is_object()) {
            out.raw_member(m.key, m.val.raw());
            continue;
        }
        out.key(m.key).begin_object();
        for (json::member inner : m.val.members()) {
            out.raw_member(inner.key, inner.val.raw());
        }
        if (m.key == "toolUse") {
            out.raw_member("input",
                           input.parse(body, error) ? std::string_view(body) : std::string_view("{}"));
        } else if (m.key == "toolResult") {
            out.raw_member("content", "[" + body + "]");
        }
        out.end_object();
    }
    out.end_object();
    return {std::move(text)};
}

void decoder::stop_block(std::int64_t index, std::vector<chat_chunk>& out)
{
    block* const found = find(index);
    if (found == nullptr) {
        return;
    }
    const block at = std::move(*found);
    open_.erase(open_.begin() + (found - open_.data()));
    if (at.what == kind::call && !at.begun) {
        add_delta(out).tool_calls.push_back(tool_call_delta{.index = at.call, .arguments = "{}"});
    }
    if (at.what == kind::whole) {
        unknown_part part;
        part.value = whole_block(at.head, at.body, part.type);
        add_delta(out).parts.emplace_back(std::move(part));
        last_sent_ = kind::whole;
    }
    if (!at.citations.empty()) {
        add_delta(out).message_extra.set("citations", raw_json{"[" + at.citations + "]"});
    }
}

void decoder::stop(json::value root, std::vector<chat_chunk>& out)
{
    while (!open_.empty()) {
        stop_block(open_.front().index, out);
    }
    stopped_ = true;
    chat_delta& delta = add_delta(out);
    delta.finish_reason = read_finish_reason(root["stopReason"], delta.finish_reason_text);
    delta.native_finish_reason = root["stopReason"].string();
    delta.stop_sequence = root["additionalModelResponseFields"]["stop_sequence"].string();
    if (answered_ && calls_ == 0 && delta.finish_reason == finish_reason::tool_calls) {
        delta.finish_reason = finish_reason::stop;
    }
    keep_unknown(root, known_stop, out.back().extra);
    send_usage(out);
}

void decoder::take_metadata(json::value root, std::vector<chat_chunk>& out)
{
    chat_chunk chunk{.id = id_, .model = model_, .choices = {}};
    if (root["usage"].is_object()) {
        chunk.usage = read_usage(root["usage"]);
    }
    chunk.service_tier = root["serviceTier"]["type"].string();
    keep_unknown(root, known_metadata, chunk.extra);
    metadata_ = std::move(chunk);
    send_usage(out);
}

void decoder::send_usage(std::vector<chat_chunk>& out)
{
    if (stopped_ && metadata_ && !usage_sent_) {
        out.push_back(*std::move(metadata_));
        usage_sent_ = true;
    }
}

result<void> decoder::feed(stream_event const& event, std::vector<chat_chunk>& out)
{
    if (is_exception(event)) {
        return exception_event(event);
    }
    if (finished() || event.data.empty()) {
        return {};
    }
    json::document doc;
    const result<json::value> opened = open_json(doc, event.data);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    if (id_.empty()) {
        id_ = response_id(model_ + '\n' + std::string(event.data));
    }
    if (event.type == "messageStart") {
        if (!has_role_) {
            add_delta(out);
        }
    } else if (event.type == "contentBlockStart") {
        return start_block(root, out);
    } else if (event.type == "contentBlockDelta") {
        return add_to_block(root, out);
    } else if (event.type == "contentBlockStop") {
        stop_block(root["contentBlockIndex"].as_int64().value_or(0), out);
    } else if (event.type == "messageStop") {
        if (!stopped_) {
            stop(root, out);
        }
    } else if (event.type == "metadata") {
        take_metadata(root, out);
    }
    return {};
}

result<void> decoder::finish(std::vector<chat_chunk>&)
{
    return whole_if(stopped_, "messageStop");
}

} // namespace

std::unique_ptr<event_decoder> make_event_decoder(call_context const& context)
{
    return std::make_unique<decoder>(context);
}

} // namespace cogate::providers::bedrock_converse
