#include "providers/openai_responses/decode_items.hpp"

#include "providers/common/fields.hpp"
#include "providers/openai_responses/items.hpp"
#include "providers/openai_responses/output.hpp"
#include "providers/openai_responses/parts.hpp"

namespace cogate::providers::openai_responses {

namespace {

// A provider that counts up without end must not grow our memory.
constexpr std::size_t most_items = 4096;

/// Some services send an object in place of its text.
std::string text_of(json::value arguments)
{
    return arguments.is_object() ? std::string(arguments.raw()) : arguments.string();
}

chat_delta arguments_of(item_state const& state, std::string text)
{
    chat_delta delta;
    delta.tool_calls.push_back({.index = state.call, .arguments = std::move(text)});
    if (state.custom) {
        delta.tool_calls.back().type = "custom";
    }
    return delta;
}

} // namespace

item_state* item_decoder::state_of(json::value root)
{
    const std::int64_t index = root["output_index"].as_int64().value_or(0);
    auto const at = items_.find(index);
    if (at != items_.end()) {
        return &at->second;
    }
    return items_.size() >= most_items ? nullptr : &items_[index];
}

void item_decoder::take_identity(json::value response)
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

void item_decoder::take_service_tier(json::value response)
{
    reader in(false);
    in.text(response, "service_tier", place{}, service_tier_);
}

void item_decoder::emit(chat_delta&& delta, std::vector<chat_chunk>& out)
{
    delta.has_role = !has_role_;
    has_role_ = true;
    out.push_back(chunk());
    out.back().choices.push_back(std::move(delta));
}

chat_chunk item_decoder::chunk() const
{
    chat_chunk out{.id = id_, .created = created_, .model = model_, .choices = {}};
    out.service_tier = service_tier_;
    return out;
}

void item_decoder::on_text(json::value root, std::vector<chat_chunk>& out)
{
    item_state* state = state_of(root);
    if (state == nullptr) {
        return;
    }
    state->what = item_state::kind::message;
    chat_delta delta{.content = root["delta"].string(), .has_content = true};
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

void item_decoder::on_refusal(json::value root, std::vector<chat_chunk>& out)
{
    if (item_state* state = state_of(root)) {
        state->any_refusal = true;
        emit(chat_delta{.refusal = root["delta"].string()}, out);
    }
}

void item_decoder::on_reasoning(json::value root, std::string_view key, bool raw,
                                std::vector<chat_chunk>& out)
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

void item_decoder::on_arguments(json::value root, std::string_view key, bool whole,
                                std::vector<chat_chunk>& out)
{
    item_state* state = state_of(root);
    if (state == nullptr || state->done || state->what != item_state::kind::call ||
        (whole && state->any_arguments)) {
        return;
    }
    std::string fragment = text_of(root[key]);
    if (!fragment.empty()) {
        state->any_arguments = true;
        emit(arguments_of(*state, std::move(fragment)), out);
    }
}

void item_decoder::on_annotation(json::value root, std::vector<chat_chunk>& out)
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

void item_decoder::on_item(json::value root, bool done, std::vector<chat_chunk>& out)
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

void item_decoder::begin_call(json::value item, item_state& state, std::vector<chat_chunk>& out)
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

void item_decoder::end_call(json::value item, item_state& state, std::vector<chat_chunk>& out)
{
    if (state.any_arguments) {
        return;
    }
    std::string whole = text_of(item[state.custom ? "input" : "arguments"]);
    if (whole.empty() && !state.custom) {
        whole = "{}";
    }
    if (!whole.empty()) {
        emit(arguments_of(state, std::move(whole)), out);
    }
}

void item_decoder::end_message(json::value item, item_state& state, std::vector<chat_chunk>& out)
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

void item_decoder::end_reasoning(json::value item, item_state& state, std::vector<chat_chunk>& out)
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

void item_decoder::end(json::value output, std::vector<chat_chunk>& out)
{
    // A service without item events says all of it here.
    if (items_.empty()) {
        std::int64_t index = 0;
        for (json::value item : output) {
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
}

} // namespace cogate::providers::openai_responses
