#include "providers/common/derived.hpp"
#include "providers/common/fields.hpp"
#include "providers/common/sealed.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_chat/messages.hpp"
#include "providers/openai_chat/parts.hpp"
#include "providers/openai_chat/token_usage.hpp"

#include "lib/core/hash.hpp"
#include "lib/core/text.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::openai_chat {

namespace {

// `obfuscation` (OpenAI) and `p` (Mistral) are random padding against traffic analysis.
constexpr std::array<std::string_view, 10> known = {
    "id",          "object", "created", "model", "choices", "usage", "service_tier", "system_fingerprint",
    "obfuscation", "p"};
// Perplexity's `message` repeats the whole text so far.
constexpr std::array<std::string_view, 5> known_choice = {"index", "delta", "message", "finish_reason",
                                                          "logprobs"};
constexpr std::array<std::string_view, 9> known_delta = {
    "role",       "content",     "refusal", "reasoning_content", "reasoning", "thinking_blocks",
    "tool_calls", "annotations", "audio"};

// A provider that counts up without end must not grow our memory.
constexpr std::size_t most_tracked = 4096;

class decoder final : public event_decoder {
public:
    explicit decoder(chat_quirks const& quirks) : usage_rule_(quirks.usage) {}

    result<void> feed(stream_event const& event, std::vector<chat_chunk>& out) override;
    bool finished() const noexcept override { return done_; }
    result<void> finish(std::vector<chat_chunk>& out) override;

private:
    struct call_state {
        std::int64_t wire_index = 0;
        std::int64_t index = 0;
        std::string id;
    };

    struct choice_state {
        std::int64_t index = 0;
        bool has_role = false;
        bool finished = false;
        std::vector<call_state> calls;
    };

    chat_chunk start_chunk(json::value root);
    choice_state& state_of(std::int64_t index);
    result<void> read_choice(json::value item, chat_chunk& chunk);
    void read_delta(json::value delta, choice_state& state, chat_delta& out);
    void read_content(json::value content, chat_delta& out);
    void read_thinking_blocks(json::value blocks, chat_delta& out);
    tool_call_delta read_call(json::value value, std::size_t position, choice_state& state);
    void take_usage(json::value usage_object, std::vector<chat_chunk>& out);
    void emit_usage(std::vector<chat_chunk>& out);
    bool all_finished() const noexcept;

    std::string id_;
    std::int64_t created_ = 0;
    std::string model_;
    std::string service_tier_;
    std::string system_fingerprint_;
    std::vector<choice_state> choices_;
    std::vector<std::pair<std::string, std::uint64_t>> sent_extra_;
    usage usage_;
    chat_quirks::usage_rule usage_rule_;
    bool usage_emitted_ = false;
    bool done_ = false;
};

result<void> decoder::feed(stream_event const& event, std::vector<chat_chunk>& out)
{
    if (done_) {
        return {};
    }
    const std::string_view data = core::trim(event.data);
    if (data == "[DONE]") {
        done_ = true;
        emit_usage(out);
        return {};
    }
    if (event.type == "error") {
        return error_event(data);
    }
    if (data.empty()) {
        return {};
    }
    json::document doc;
    json::parse_error error;
    if (!doc.parse(data, error)) {
        if (!event.complete) {
            return failure(error_kind::truncated, "the stream broke off within an event");
        }
        return nonsense("an event is not JSON, " + json::to_string(error));
    }
    const json::value root = doc.root();
    if (std::optional<failure> reported = in_band_error(root)) {
        return *std::move(reported);
    }
    const json::value choices = root["choices"];
    if (!root.is_object() || (choices.exists() && !choices.is_array() && !choices.is_null())) {
        return nonsense("an event is no chunk");
    }
    chat_chunk chunk = start_chunk(root);
    for (json::value item : choices) {
        result<void> read = read_choice(item, chunk);
        if (!read) {
            return read.error();
        }
    }
    if (!chunk.choices.empty() || !chunk.extra.empty()) {
        out.push_back(std::move(chunk));
    }
    take_usage(root["usage"], out);
    if (root["object"].equals("chat.completion.done")) {
        done_ = true;
        emit_usage(out);
    }
    return {};
}

/// The same id, time and model on every chunk, whatever the provider leaves out (Azure's first chunk).
chat_chunk decoder::start_chunk(json::value root)
{
    reader in(false);
    const place top;
    if (id_.empty()) {
        in.text(root, "id", top, id_);
    }
    if (created_ == 0) {
        created_ = root["created"].as_int64().value_or(0);
    }
    if (model_.empty()) {
        in.text(root, "model", top, model_);
    }
    in.text(root, "service_tier", top, service_tier_);
    in.text(root, "system_fingerprint", top, system_fingerprint_);
    chat_chunk chunk{.id = id_, .created = created_, .model = model_, .choices = {}};
    chunk.service_tier = service_tier_;
    chunk.system_fingerprint = system_fingerprint_;
    for (json::member m : root.members()) {
        if (std::find(known.begin(), known.end(), m.key) != known.end()) {
            continue;
        }
        const std::uint64_t hash = core::hash64(m.val.raw());
        auto at = std::find_if(sent_extra_.begin(), sent_extra_.end(),
                               [&](auto const& sent) { return sent.first == m.key; });
        if (at != sent_extra_.end() && at->second == hash) {
            continue;
        }
        if (at != sent_extra_.end()) {
            at->second = hash;
        } else if (sent_extra_.size() < most_tracked) {
            sent_extra_.emplace_back(std::string(m.key), hash);
        }
        chunk.extra.set(std::string(m.key), raw_json{std::string(m.val.raw())});
    }
    return chunk;
}

decoder::choice_state& decoder::state_of(std::int64_t index)
{
    for (choice_state& state : choices_) {
        if (state.index == index) {
            return state;
        }
    }
    if (choices_.size() >= most_tracked) {
        return choices_.back();
    }
    choices_.push_back(choice_state{.index = index, .calls = {}});
    return choices_.back();
}

result<void> decoder::read_choice(json::value item, chat_chunk& chunk)
{
    if (!item.is_object()) {
        return nonsense("a choice is not an object");
    }
    reader in(false);
    chat_delta delta;
    delta.index = item["index"].as_int64().value_or(0);
    choice_state& state = state_of(delta.index);
    read_delta(item["delta"], state, delta);
    in.raw(item, "logprobs", delta.logprobs);
    delta.finish_reason = read_finish_reason(item["finish_reason"], delta.finish_reason_text);
    state.finished = state.finished || delta.finish_reason != finish_reason::none;
    keep_unknown(item, known_choice, delta.extra);
    chunk.choices.push_back(std::move(delta));
    return {};
}

void decoder::read_delta(json::value value, choice_state& state, chat_delta& out)
{
    reader in(false);
    const place top;
    if (value["role"].is_string() && !state.has_role) {
        state.has_role = true;
        out.has_role = true;
    }
    read_content(value["content"], out);
    in.text(value, "refusal", top, out.refusal);
    std::string reasoning;
    in.text(value, "reasoning_content", top, reasoning);
    if (reasoning.empty()) {
        in.text(value, "reasoning", top, reasoning);
    }
    out.reasoning += reasoning;
    read_thinking_blocks(value["thinking_blocks"], out);
    std::size_t position = 0;
    for (json::value call : value["tool_calls"]) {
        if (call.is_object()) {
            out.tool_calls.push_back(read_call(call, position, state));
        }
        ++position;
    }
    in.raw(value, "annotations", out.annotations);
    in.raw(value, "audio", out.audio);
    keep_unknown(value, known_delta, out.message_extra);
}

void decoder::read_content(json::value content, chat_delta& out)
{
    if (content.is_string()) {
        out.has_content = true;
        content.append_string_to(out.content);
        return;
    }
    // Mistral's reasoning models mix such lists with plain strings.
    for (json::value part : content) {
        if (part["type"].equals("text")) {
            out.has_content = true;
            part["text"].append_string_to(out.content);
        } else if (part["type"].equals("thinking")) {
            read_thinking(part, out.reasoning);
        }
    }
}

/// Only the marks: LiteLLM sends the text as reasoning_content too.
void decoder::read_thinking_blocks(json::value blocks, chat_delta& out)
{
    for (json::value block : blocks) {
        block["signature"].append_string_to(out.reasoning_signature);
        if (block["type"].equals("redacted_thinking")) {
            reasoning_part part{.text = {}, .redacted = block["data"].string()};
            take_seals(part);
            out.reasoning_redacted += part.redacted;
            out.reasoning_id = std::move(part.id);
        }
    }
}

tool_call_delta decoder::read_call(json::value value, std::size_t position, choice_state& state)
{
    static constexpr std::array<std::string_view, 6> known_call = {"index",    "id",     "type",
                                                                   "function", "custom", "extra_content"};
    static constexpr std::array<std::string_view, 3> known_inner = {"name", "arguments", "input"};
    reader in(false);
    const place top;
    tool_call_delta out;
    in.text(value, "id", top, out.id);
    in.text(value, "type", top, out.type);
    const std::string_view inner_name = value["custom"].is_object() ? "custom" : "function";
    const json::value inner = value[inner_name];
    if (inner_name == "custom") {
        out.type = inner_name; // later fragments do not say it
    }
    in.text(inner, "name", top, out.name);
    const json::value arguments = inner[inner_name == "custom" ? "input" : "arguments"];
    out.arguments = arguments.is_object() ? std::string(arguments.raw()) : arguments.string();
    out.signature = read_signature(value);
    keep_unknown(value, known_call, out.extra);
    if (out.signature.empty() && value.contains("extra_content")) {
        out.extra.set("extra_content", raw_json{std::string(value["extra_content"].raw())});
    }
    keep_leftovers(inner, inner_name, known_inner, out.extra);

    const std::int64_t wire_index = value["index"].as_int64().value_or(static_cast<std::int64_t>(position));
    auto at = std::find_if(state.calls.rbegin(), state.calls.rend(),
                           [&](call_state const& call) { return call.wire_index == wire_index; });
    // Some services give every call index 0: another id with a name is another call.
    const bool another = at != state.calls.rend() && !out.id.empty() && !at->id.empty() && at->id != out.id &&
                         !out.name.empty();
    if (at != state.calls.rend() && !another) {
        out.index = at->index;
        return out;
    }
    out.index = wire_index;
    if (another) {
        for (call_state const& call : state.calls) {
            out.index = std::max(out.index, call.index);
        }
        ++out.index;
    }
    if (out.id.empty() && !out.name.empty()) {
        out.id = derived_id("call_", id_ + out.name, static_cast<std::uint64_t>(out.index));
    }
    if (state.calls.size() < most_tracked) {
        state.calls.push_back(call_state{.wire_index = wire_index, .index = out.index, .id = out.id});
    }
    return out;
}

void decoder::take_usage(json::value usage_object, std::vector<chat_chunk>& out)
{
    if (!usage_object.is_object()) {
        return;
    }
    usage fresh = read_usage(usage_object, usage_rule_);
    const bool changed = !usage_emitted_ || fresh.total_tokens != usage_.total_tokens ||
                         fresh.prompt_tokens != usage_.prompt_tokens;
    usage_ = std::move(fresh);
    if (changed && all_finished()) {
        usage_emitted_ = false;
        emit_usage(out);
    }
}

void decoder::emit_usage(std::vector<chat_chunk>& out)
{
    if (!usage_.reported || usage_emitted_) {
        return;
    }
    usage_emitted_ = true;
    chat_chunk chunk{.id = id_, .created = created_, .model = model_, .choices = {}};
    chunk.usage = usage_;
    chunk.service_tier = service_tier_;
    chunk.system_fingerprint = system_fingerprint_;
    out.push_back(std::move(chunk));
}

bool decoder::all_finished() const noexcept
{
    return !choices_.empty() &&
           std::all_of(choices_.begin(), choices_.end(), [](choice_state const& c) { return c.finished; });
}

result<void> decoder::finish(std::vector<chat_chunk>&)
{
    if (done_ || all_finished()) {
        return {};
    }
    return failure(error_kind::truncated, "the provider's stream ended without its end mark");
}

} // namespace

std::unique_ptr<event_decoder> make_event_decoder(chat_quirks const& quirks)
{
    return std::make_unique<decoder>(quirks);
}

} // namespace cogate::providers::openai_chat
