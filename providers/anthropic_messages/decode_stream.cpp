#include "providers/anthropic_messages/blocks.hpp"
#include "providers/anthropic_messages/citations.hpp"
#include "providers/anthropic_messages/codec.hpp"
#include "providers/anthropic_messages/gathered_block.hpp"
#include "providers/anthropic_messages/stop_reason.hpp"
#include "providers/anthropic_messages/token_usage.hpp"
#include "providers/common/bodies.hpp"
#include "providers/common/derived.hpp"

#include "lib/core/text.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::anthropic_messages {

namespace {

constexpr std::array<std::string_view, 9> known_message = {
    "id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "stop_details", "usage"};
constexpr std::array<std::string_view, 3> known_event = {"type", "delta", "usage"};
constexpr std::array<std::string_view, 3> known_delta = {"stop_reason", "stop_sequence", "stop_details"};
constexpr std::array<std::string_view, 5> known_call = {"type", "id", "name", "input", "cache_control"};

// Blocks come one after the other; a provider that opens them without end must not grow our memory.
constexpr std::size_t most_open_blocks = 64;

class decoder final : public event_decoder {
public:
    explicit decoder(std::size_t most_block_bytes) noexcept : most_block_bytes_(most_block_bytes) {}

    result<void> feed(stream_event const& event, std::vector<chat_chunk>& out) override;
    bool finished() const noexcept override { return done_; }
    result<void> finish(std::vector<chat_chunk>& out) override;

private:
    enum class kind { text, thinking, tool, json_answer, other };

    struct block {
        std::int64_t index = 0;
        decoder::kind kind = kind::text;
        std::int64_t call = 0; ///< which tool call
        bool begun = false;    ///< something of it was told
        std::size_t begin = 0; ///< text: characters of the message before it
        std::string signature{};
        std::string citations{};   ///< items without brackets
        std::string input{};       ///< tool: an input that came whole
        gathered_block gathered{}; ///< other
    };

    chat_chunk& start_chunk(std::vector<chat_chunk>& out) const;
    chat_delta& start_delta(std::vector<chat_chunk>& out) const;
    chat_chunk& add(std::vector<chat_chunk>& out, chat_delta delta) const;
    void start_message(json::value message, std::string_view data, std::vector<chat_chunk>& out);
    result<void> start_block(json::value root, std::vector<chat_chunk>& out);
    result<void> go_on(json::value root, std::vector<chat_chunk>& out);
    void end_block(std::int64_t index, std::vector<chat_chunk>& out);
    void tell(block& b, std::string text, std::vector<chat_chunk>& out);
    void end_message(json::value root, std::vector<chat_chunk>& out);
    void emit_usage(std::vector<chat_chunk>& out);
    block* find(std::int64_t index) noexcept;

    std::size_t most_block_bytes_;
    json::document doc_;
    std::string id_;
    std::string model_;
    usage_reader tokens_;
    std::vector<block> open_;
    std::size_t characters_ = 0;
    std::int64_t calls_ = 0;
    bool any_call_ = false; ///< of the caller's tools, in this message
    bool any_json_ = false;
    bool has_role_ = false;
    bool stopped_ = false;
    bool done_ = false;
    usage told_{};
};

result<void> decoder::feed(stream_event const& event, std::vector<chat_chunk>& out)
{
    const std::string_view data = core::trim(event.data);
    if (done_ || data.empty() || data == "[DONE]") {
        return {};
    }
    const result<json::value> opened = open_event(doc_, data, event.complete);
    if (!opened) {
        return event.type == "error" ? error_event(data, error_rules()) : opened.error();
    }
    const json::value root = *opened;
    std::string scratch;
    const std::string_view type = root["type"].is_string() ? root["type"].view(scratch) : event.type;
    if (type == "content_block_delta") {
        return go_on(root, out);
    }
    if (type == "content_block_start") {
        return start_block(root, out);
    }
    if (type == "content_block_stop") {
        end_block(root["index"].as_int64().value_or(0), out);
    } else if (type == "message_start") {
        start_message(root["message"], data, out);
    } else if (type == "message_delta") {
        end_message(root, out);
    } else if (type == "message_stop") {
        while (!open_.empty()) {
            end_block(open_.front().index, out);
        }
        done_ = true;
        emit_usage(out);
    } else if (std::optional<failure> reported = in_band_error(root)) {
        return *std::move(reported);
    } else if (type == "error") {
        return error_event(data, error_rules());
    }
    return {};
}

chat_chunk& decoder::start_chunk(std::vector<chat_chunk>& out) const
{
    // Filled in place: a chunk is a large value to move, and there is one for each few characters of text.
    chat_chunk& chunk = out.emplace_back();
    chunk.id = id_;
    chunk.model = model_;
    chunk.service_tier = tokens_.service_tier();
    return chunk;
}

chat_delta& decoder::start_delta(std::vector<chat_chunk>& out) const
{
    return start_chunk(out).choices.emplace_back();
}

chat_chunk& decoder::add(std::vector<chat_chunk>& out, chat_delta delta) const
{
    chat_chunk& chunk = start_chunk(out);
    chunk.choices.push_back(std::move(delta));
    return chunk;
}

void decoder::start_message(json::value message, std::string_view data, std::vector<chat_chunk>& out)
{
    if (has_role_) {
        // The provider began anew: what is open stays as it is, and the counts are the new message's.
        std::erase_if(open_, [](block const& b) { return b.kind != kind::tool; });
        while (!open_.empty()) {
            end_block(open_.front().index, out);
        }
        tokens_ = usage_reader{};
        any_call_ = false;
        any_json_ = false;
    } else {
        id_ = message["id"].string();
        if (id_.empty()) {
            id_ = derived_id("msg_", data);
        }
        model_ = message["model"].string();
    }
    tokens_.read(message["usage"]);
    chat_delta delta;
    delta.has_role = !has_role_;
    chat_chunk& chunk = add(out, std::move(delta));
    keep_unknown(message, known_message, chunk.extra);
    if (has_role_ && chunk.extra.empty()) {
        out.pop_back();
    }
    has_role_ = true;
}

decoder::block* decoder::find(std::int64_t index) noexcept
{
    // The newest first: an index may come again after the provider began anew.
    const auto at =
        std::find_if(open_.rbegin(), open_.rend(), [&](block const& b) { return b.index == index; });
    return at == open_.rend() ? nullptr : &*at;
}

result<void> decoder::start_block(json::value root, std::vector<chat_chunk>& out)
{
    const json::value content = root["content_block"];
    if (!content.is_object()) {
        return nonsense("a block has no content");
    }
    const std::int64_t index = root["index"].as_int64().value_or(0);
    if (find(index) != nullptr) {
        end_block(index, out);
    }
    if (open_.size() >= most_open_blocks) {
        return nonsense("too many blocks are open at once");
    }
    block b{.index = index};
    b.begin = characters_;
    chat_delta delta;
    const json::value type = content["type"];
    if (type.equals("text")) {
        const std::string text = content["text"].string();
        const json::value cited = content["citations"];
        if (cited.size() > 0) {
            b.citations = core::trim(cited.raw().substr(1, cited.raw().size() - 2));
        }
        open_.push_back(std::move(b));
        tell(open_.back(), text, out);
        return {};
    }
    if (type.equals("thinking")) {
        b.kind = kind::thinking;
        b.signature = content["signature"].string();
        open_.push_back(std::move(b));
        tell(open_.back(), content["thinking"].string(), out);
        return {};
    }
    if (type.equals("redacted_thinking") && content["data"].is_string()) {
        delta.reasoning_redacted = content["data"].string();
        if (!delta.reasoning_redacted.empty()) {
            add(out, std::move(delta));
        }
        b.kind = kind::thinking;
        open_.push_back(std::move(b));
        return {};
    }
    const json::value input = content["input"];
    if (type.equals("tool_use") && content["name"].equals(json_tool)) {
        b.kind = kind::json_answer;
        b.input = input.size() > 0 ? std::string(input.raw()) : std::string();
        any_json_ = true;
    } else if (type.equals("tool_use")) {
        b.kind = kind::tool;
        b.call = calls_++;
        b.input = input.size() > 0 ? std::string(input.raw()) : std::string();
        any_call_ = true;
        tool_call_delta call{.index = b.call, .id = content["id"].string(), .name = content["name"].string()};
        call.type = "function";
        keep_unknown(content, known_call, call.extra);
        delta.tool_calls.push_back(std::move(call));
        add(out, std::move(delta));
    } else {
        b.kind = kind::other;
        b.gathered.start(content);
    }
    open_.push_back(std::move(b));
    return {};
}

/// Text or thinking, as a delta of its own; the first of a block says that a part begins.
void decoder::tell(block& b, std::string text, std::vector<chat_chunk>& out)
{
    if (text.empty()) {
        return;
    }
    chat_delta& delta = start_delta(out);
    delta.begins_part = !b.begun;
    b.begun = true;
    if (b.kind == kind::thinking) {
        delta.reasoning = std::move(text);
    } else {
        characters_ += character_count(text);
        delta.has_content = true;
        delta.content = std::move(text);
    }
}

result<void> decoder::go_on(json::value root, std::vector<chat_chunk>& out)
{
    block* const b = find(root["index"].as_int64().value_or(0));
    if (b == nullptr) {
        return nonsense("an event goes on with a block that is not open");
    }
    const json::value delta = root["delta"];
    if (b->kind == kind::other) {
        b->gathered.add(delta);
        return b->gathered.size() > most_block_bytes_ ? result<void>(nonsense("a block is too large"))
                                                      : result<void>();
    }
    const json::value type = delta["type"];
    if (type.equals("text_delta") && b->kind == kind::text) {
        tell(*b, delta["text"].string(), out);
    } else if (type.equals("thinking_delta") && b->kind == kind::thinking) {
        tell(*b, delta["thinking"].string(), out);
    } else if (type.equals("signature_delta") && b->kind == kind::thinking) {
        delta["signature"].append_string_to(b->signature);
    } else if (type.equals("citations_delta") && b->kind == kind::text && delta["citation"].is_object()) {
        b->citations += b->citations.empty() ? "" : ",";
        b->citations += delta["citation"].raw();
    } else if (type.equals("input_json_delta")) {
        std::string text = delta["partial_json"].string();
        if (b->kind == kind::json_answer) {
            tell(*b, std::move(text), out);
        } else if (b->kind == kind::tool && !text.empty()) {
            b->begun = true;
            start_delta(out).tool_calls.push_back(
                tool_call_delta{.index = b->call, .arguments = std::move(text)});
        }
    }
    if (b->signature.size() + b->citations.size() > most_block_bytes_) {
        return nonsense("a block is too large");
    }
    return {};
}

void decoder::end_block(std::int64_t index, std::vector<chat_chunk>& out)
{
    block* const found = find(index);
    if (found == nullptr) {
        return;
    }
    block b = std::move(*found);
    open_.erase(open_.begin() + (found - open_.data()));
    chat_delta delta;
    switch (b.kind) {
    case kind::thinking: delta.reasoning_signature = std::move(b.signature); break;
    case kind::text:
        if (!b.citations.empty()) {
            const std::string list = "[" + b.citations + "]";
            json::document cited;
            json::parse_error error;
            std::string items;
            if (cited.parse(list, error)) {
                append_annotations(cited.root(), b.begin, characters_, items);
                delta.message_extra.set("citations", raw_json{list});
            }
            delta.annotations.text = items.empty() ? std::string() : "[" + items + "]";
        }
        break;
    case kind::json_answer:
        if (!b.begun) {
            tell(b, b.input.empty() ? "{}" : b.input, out);
        }
        break;
    case kind::tool:
        if (!b.begun) {
            delta.tool_calls.push_back(
                tool_call_delta{.index = b.call, .arguments = b.input.empty() ? "{}" : b.input});
        }
        break;
    case kind::other: delta.parts.emplace_back(b.gathered.finish()); break;
    }
    if (delta != chat_delta{}) {
        add(out, std::move(delta));
    }
}

void decoder::end_message(json::value root, std::vector<chat_chunk>& out)
{
    tokens_.read(root["usage"]);
    const json::value said = root["delta"];
    chat_delta delta;
    delta.native_finish_reason = said["stop_reason"].string();
    delta.finish_reason = read_stop_reason(delta.native_finish_reason);
    delta.stop_sequence = said["stop_sequence"].string();
    if (delta.finish_reason == finish_reason::other) {
        delta.finish_reason_text = delta.native_finish_reason;
    }
    if (delta.finish_reason == finish_reason::tool_calls && any_json_ && !any_call_) {
        delta.finish_reason = finish_reason::stop;
    }
    if (said["stop_details"].exists() && !said["stop_details"].is_null()) {
        delta.extra.set("stop_details", raw_json{std::string(said["stop_details"].raw())});
    }
    stopped_ = stopped_ || delta.finish_reason != finish_reason::none;
    chat_chunk& chunk = add(out, std::move(delta));
    keep_unknown(said, known_delta, chunk.extra);
    keep_unknown(root, known_event, chunk.extra);
    if (stopped_) {
        emit_usage(out);
    }
}

/// Once, and again only if the provider changes its count.
void decoder::emit_usage(std::vector<chat_chunk>& out)
{
    usage now = tokens_.total();
    if (!now.reported || now == told_) {
        return;
    }
    told_ = now;
    start_chunk(out).usage = std::move(now);
}

result<void> decoder::finish(std::vector<chat_chunk>&)
{
    return whole_if(done_, "message_stop");
}

} // namespace

std::unique_ptr<event_decoder> make_event_decoder(std::size_t most_block_bytes)
{
    return std::make_unique<decoder>(most_block_bytes);
}

} // namespace cogate::providers::anthropic_messages
