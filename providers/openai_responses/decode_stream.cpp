#include "providers/common/fields.hpp"
#include "providers/openai_responses/codec.hpp"
#include "providers/openai_responses/items.hpp"
#include "providers/openai_responses/output.hpp"
#include "providers/openai_responses/parts.hpp"
#include "providers/openai_responses/token_usage.hpp"

#include "lib/core/text.hpp"

#include <array>
#include <map>

namespace cogate::providers::openai_responses {

namespace {

// A provider that counts up without end must not grow our memory.
constexpr std::size_t most_items = 4096;

/// One output item, found by its output_index: some proxies change item ids from event to event (providers.md
/// 2.6).
struct item_state {
    enum class kind { unknown, message, reasoning, call };
    kind what = kind::unknown;
    bool done = false;
    bool any_text = false;
    bool any_refusal = false;
    bool raw_reasoning = false;  ///< its text comes from reasoning_text events, not from the summary
    std::string id;              ///< of a reasoning item
    std::int64_t piece = -1;     ///< content or summary index of the text so far
    std::size_t annotations = 0; ///< told so far
    std::int64_t call = 0;       ///< index of the call
    bool custom = false;
    bool any_arguments = false;
    extra_fields pending{}; ///< members of the message that go with its next delta
};

class decoder final : public event_decoder {
public:
    result<void> feed(stream_event const& event, std::vector<chat_chunk>& out) override;
    bool finished() const noexcept override { return done_; }
    result<void> finish(std::vector<chat_chunk>&) override
    {
        if (done_) {
            return {};
        }
        return failure(error_kind::truncated, "the provider's stream ended without its last event");
    }

private:
    result<void> on_event(std::string_view type, json::value root, std::vector<chat_chunk>& out);
    void on_item(json::value root, bool done, std::vector<chat_chunk>& out);
    void on_text(json::value root, std::string_view key, std::vector<chat_chunk>& out);
    void on_reasoning(json::value root, std::string_view key, bool raw, std::vector<chat_chunk>& out);
    void on_arguments(json::value root, std::string_view key, bool whole, std::vector<chat_chunk>& out);
    void on_annotation(json::value root, std::vector<chat_chunk>& out);
    void on_end(json::value response, std::vector<chat_chunk>& out);

    void begin_call(json::value item, item_state& state, std::vector<chat_chunk>& out);
    void end_call(json::value item, item_state& state, std::vector<chat_chunk>& out);
    void end_message(json::value item, item_state& state, std::vector<chat_chunk>& out);
    void end_reasoning(json::value item, item_state& state, std::vector<chat_chunk>& out);

    item_state* state_of(json::value root);
    void take_identity(json::value response);
    void emit(chat_delta&& delta, std::vector<chat_chunk>& out);

    std::string id_;
    std::int64_t created_ = 0;
    std::string model_;
    std::string service_tier_;
    std::map<std::int64_t, item_state> items_;
    std::int64_t calls_ = 0;
    bool has_role_ = false;
    bool done_ = false;
};

result<void> decoder::feed(stream_event const& event, std::vector<chat_chunk>& out)
{
    const std::string_view data = core::trim(event.data);
    // OpenRouter and others add the mark of the older dialects.
    if (done_ || data.empty() || data == "[DONE]") {
        return {};
    }
    json::document doc;
    json::parse_error error;
    if (!doc.parse(data, error)) {
        if (!event.complete) {
            return failure(error_kind::truncated, "the stream broke off within an event");
        }
        return event.type == "error" ? error_event(data, error_rules())
                                     : nonsense("an event is not JSON, " + json::to_string(error));
    }
    const json::value root = doc.root();
    if (!root.is_object()) {
        return nonsense("an event is not a JSON object");
    }
    std::string scratch;
    std::string_view type = root["type"].view(scratch);
    if (type.empty()) {
        type = event.type;
    }
    return on_event(type, root, out);
}

result<void> decoder::on_event(std::string_view type, json::value root, std::vector<chat_chunk>& out)
{
    const json::value response = root["response"];
    if (type == "response.output_text.delta") {
        on_text(root, "delta", out);
    } else if (type == "response.refusal.delta") {
        if (item_state* state = state_of(root)) {
            state->any_refusal = true;
            emit(chat_delta{.refusal = root["delta"].string()}, out);
        }
    } else if (type == "response.function_call_arguments.delta" ||
               type == "response.custom_tool_call_input.delta") {
        on_arguments(root, "delta", false, out);
    } else if (type == "response.function_call_arguments.done") {
        on_arguments(root, "arguments", true, out);
    } else if (type == "response.custom_tool_call_input.done") {
        on_arguments(root, "input", true, out);
    } else if (type == "response.reasoning_summary_text.delta") {
        on_reasoning(root, "summary_index", false, out);
    } else if (type == "response.reasoning_text.delta") {
        on_reasoning(root, "content_index", true, out);
    } else if (type == "response.output_text.annotation.added") {
        on_annotation(root, out);
    } else if (type == "response.output_item.added" || type == "response.output_item.done") {
        on_item(root, type.ends_with("done"), out);
    } else if (type == "response.created" || type == "response.in_progress" || type == "response.queued") {
        take_identity(response);
    } else if (type == "response.completed" || type == "response.incomplete" || type == "response.done") {
        if (std::optional<failure> reported = in_band_error(response)) {
            return *std::move(reported);
        }
        on_end(response, out);
    } else if (type == "response.failed" || type == "response.cancelled") {
        done_ = true;
        if (std::optional<failure> reported = in_band_error(response)) {
            return *std::move(reported);
        }
        return failure(error_kind::internal_server, "the provider reports that the response failed");
    } else if (type == "error" || (type.empty() && root["error"].exists() && !root["error"].is_null())) {
        done_ = true;
        return error_event(root.raw(), error_rules());
    }
    return {};
}

item_state* decoder::state_of(json::value root)
{
    const std::int64_t index = root["output_index"].as_int64().value_or(0);
    auto const at = items_.find(index);
    if (at != items_.end()) {
        return &at->second;
    }
    return items_.size() >= most_items ? nullptr : &items_[index];
}

void decoder::take_identity(json::value response)
{
    reader in(false);
    const place top;
    if (id_.empty()) {
        in.text(response, "id", top, id_);
    }
    if (created_ == 0) {
        created_ = response["created_at"].as_int64().value_or(0);
    }
    if (model_.empty()) {
        in.text(response, "model", top, model_);
    }
}

void decoder::emit(chat_delta&& delta, std::vector<chat_chunk>& out)
{
    delta.has_role = !has_role_;
    has_role_ = true;
    chat_chunk chunk{.id = id_, .created = created_, .model = model_, .choices = {}};
    chunk.service_tier = service_tier_;
    chunk.choices.push_back(std::move(delta));
    out.push_back(std::move(chunk));
}

void decoder::on_text(json::value root, std::string_view key, std::vector<chat_chunk>& out)
{
    item_state* state = state_of(root);
    if (state == nullptr) {
        return;
    }
    state->what = item_state::kind::message;
    chat_delta delta{.content = root[key].string(), .has_content = true};
    const std::int64_t piece = root["content_index"].as_int64().value_or(0);
    if (!delta.content.empty()) {
        delta.begins_part = !state->any_text || piece != state->piece;
        state->any_text = true;
        state->piece = piece;
    }
    delta.logprobs = chat_logprobs(root["logprobs"]);
    delta.message_extra = std::move(state->pending);
    state->pending = {};
    emit(std::move(delta), out);
}

void decoder::on_reasoning(json::value root, std::string_view key, bool raw, std::vector<chat_chunk>& out)
{
    item_state* state = state_of(root);
    chat_delta delta{.reasoning = root["delta"].string()};
    // Where both come, the first kind is the text; the other one says the same.
    if (state == nullptr || delta.reasoning.empty() || (state->any_text && state->raw_reasoning != raw)) {
        return;
    }
    state->what = item_state::kind::reasoning;
    const std::int64_t piece = root[key].as_int64().value_or(0);
    if (!state->any_text) {
        delta.begins_part = true;
        delta.reasoning_id = state->id;
    } else if (piece != state->piece) {
        delta.reasoning.insert(0, "\n\n");
    }
    state->any_text = true;
    state->raw_reasoning = raw;
    state->piece = piece;
    emit(std::move(delta), out);
}

void decoder::on_arguments(json::value root, std::string_view key, bool whole, std::vector<chat_chunk>& out)
{
    item_state* state = state_of(root);
    if (state == nullptr || state->done || state->what != item_state::kind::call ||
        (whole && state->any_arguments)) {
        return;
    }
    const json::value text = root[key];
    std::string fragment = text.is_object() ? std::string(text.raw()) : text.string();
    if (fragment.empty()) {
        return;
    }
    state->any_arguments = true;
    chat_delta delta;
    delta.tool_calls.push_back({.index = state->call, .arguments = std::move(fragment)});
    if (state->custom) {
        delta.tool_calls.back().type = "custom";
    }
    emit(std::move(delta), out);
}

void decoder::on_annotation(json::value root, std::vector<chat_chunk>& out)
{
    item_state* state = state_of(root);
    std::string list;
    append_chat_annotation(list, root["annotation"]);
    if (state == nullptr || list.empty()) {
        return;
    }
    ++state->annotations;
    chat_delta delta;
    delta.annotations.text = "[" + list + "]";
    emit(std::move(delta), out);
}

void decoder::on_item(json::value root, bool done, std::vector<chat_chunk>& out)
{
    item_state* state = state_of(root);
    if (state == nullptr || state->done) {
        return;
    }
    const json::value item = root["item"];
    std::string scratch;
    const std::string_view type = item["type"].view(scratch);
    state->done = done;
    if (type == "message") {
        state->what = item_state::kind::message;
        if (item["phase"].is_string()) {
            state->pending.set("phase", raw_json{std::string(item["phase"].raw())});
        }
        if (done) {
            end_message(item, *state, out);
        }
    } else if (type == "reasoning") {
        state->what = item_state::kind::reasoning;
        if (state->id.empty()) {
            reasoning_part marks{.text = {}, .id = item["id"].string()};
            take_reasoning_marks(marks);
            state->id = std::move(marks.id);
        }
        if (done) {
            end_reasoning(item, *state, out);
        }
    } else if (type == "function_call" || type == "custom_tool_call") {
        if (state->what != item_state::kind::call) {
            state->custom = type == "custom_tool_call";
            begin_call(item, *state, out);
        }
        if (done) {
            end_call(item, *state, out);
        }
    } else if (done && !type.empty()) {
        chat_delta delta;
        delta.parts.emplace_back(
            unknown_part{.type = std::string(type), .value = raw_json{std::string(item.raw())}});
        emit(std::move(delta), out);
    }
}

void decoder::begin_call(json::value item, item_state& state, std::vector<chat_chunk>& out)
{
    state.what = item_state::kind::call;
    state.call = calls_++;
    tool_call_delta call{.index = state.call, .id = item["call_id"].string(), .name = item["name"].string()};
    if (call.id.empty()) {
        call.id = item["id"].string();
    }
    if (call.id.empty()) {
        call.id = derived_id("call_", id_ + call.name, static_cast<std::size_t>(state.call));
    }
    call.signature = cut_signature(call.id);
    call.type = state.custom ? "custom" : "function";
    call.arguments = item[state.custom ? "input" : "arguments"].string();
    state.any_arguments = !call.arguments.empty();
    if (item["namespace"].is_string()) {
        call.extra.set("namespace", raw_json{std::string(item["namespace"].raw())});
    }
    chat_delta delta;
    delta.tool_calls.push_back(std::move(call));
    emit(std::move(delta), out);
}

void decoder::end_call(json::value item, item_state& state, std::vector<chat_chunk>& out)
{
    if (state.any_arguments) {
        return;
    }
    const json::value text = item[state.custom ? "input" : "arguments"];
    std::string whole = text.is_object() ? std::string(text.raw()) : text.string();
    if (whole.empty() && !state.custom) {
        whole = "{}";
    }
    if (whole.empty()) {
        return;
    }
    chat_delta delta;
    delta.tool_calls.push_back({.index = state.call, .arguments = std::move(whole)});
    if (state.custom) {
        delta.tool_calls.back().type = "custom";
    }
    emit(std::move(delta), out);
}

void decoder::end_message(json::value item, item_state& state, std::vector<chat_chunk>& out)
{
    std::size_t seen = 0;
    for (json::value part : item["content"]) {
        chat_delta delta;
        // Services that send no deltas say it here.
        if (part["type"].equals("refusal")) {
            delta.refusal = state.any_refusal ? std::string() : part["refusal"].string();
        } else if (!state.any_text) {
            delta.content = part["text"].string();
            delta.has_content = !delta.content.empty();
            delta.begins_part = delta.has_content;
            delta.logprobs = chat_logprobs(part["logprobs"]);
        }
        std::string list;
        for (json::value annotation : part["annotations"]) {
            if (seen++ >= state.annotations) {
                append_chat_annotation(list, annotation);
            }
        }
        if (!list.empty()) {
            delta.annotations.text = "[" + list + "]";
        }
        if (delta != chat_delta{}) {
            emit(std::move(delta), out);
        }
    }
    if (!state.pending.empty()) {
        chat_delta delta;
        delta.message_extra = std::move(state.pending);
        state.pending = {};
        emit(std::move(delta), out);
    }
}

void decoder::end_reasoning(json::value item, item_state& state, std::vector<chat_chunk>& out)
{
    reasoning_part marks{.text = {}, .redacted = item["encrypted_content"].string(), .id = state.id};
    take_reasoning_marks(marks);
    if (!state.any_text) {
        chat_delta delta{.reasoning = reasoning_text(item)};
        if (!delta.reasoning.empty() || (marks.redacted.empty() && !state.id.empty())) {
            delta.reasoning_id = state.id;
            delta.begins_part = true;
            emit(std::move(delta), out);
        }
    }
    if (!marks.signature.empty()) {
        emit(chat_delta{.reasoning_signature = std::move(marks.signature)}, out);
    }
    if (!marks.redacted.empty()) {
        emit(chat_delta{.reasoning_redacted = std::move(marks.redacted), .reasoning_id = std::move(marks.id)},
             out);
    }
}

void decoder::on_end(json::value response, std::vector<chat_chunk>& out)
{
    take_identity(response);
    reader in(false);
    in.text(response, "service_tier", place{}, service_tier_);
    // A service without item events says all of it here.
    if (items_.empty()) {
        std::int64_t index = 0;
        for (json::value item : response["output"]) {
            std::string event;
            json::writer to(event);
            to.begin_object().member("output_index", index++).raw_member("item", item.raw()).end_object();
            json::document doc;
            json::parse_error error;
            if (doc.parse(event, error)) {
                on_item(doc.root(), true, out);
            }
        }
    }
    for (auto& [index, state] : items_) {
        if (state.what == item_state::kind::call && !state.done) {
            state.done = true;
            end_call(json::value{}, state, out);
        }
    }
    ending end = read_ending(response, calls_ != 0);
    chat_delta last;
    last.finish_reason = end.why;
    last.finish_reason_text = std::move(end.text);
    last.native_finish_reason = std::move(end.native);
    emit(std::move(last), out);
    out.back().extra = unknown_members(response);
    const usage tokens = read_usage(response["usage"]);
    if (tokens.reported) {
        chat_chunk chunk{.id = id_, .created = created_, .model = model_, .choices = {}};
        chunk.service_tier = service_tier_;
        chunk.usage = tokens;
        out.push_back(std::move(chunk));
    }
    done_ = true;
}

} // namespace

std::unique_ptr<event_decoder> make_event_decoder()
{
    return std::make_unique<decoder>();
}

} // namespace cogate::providers::openai_responses
