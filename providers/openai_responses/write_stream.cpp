#include "providers/openai_responses/codec.hpp"
#include "providers/openai_responses/items.hpp"
#include "providers/openai_responses/parts.hpp"
#include "providers/openai_responses/response_object.hpp"
#include "providers/openai_responses/stream_items.hpp"

#include <map>

namespace cogate::providers::openai_responses {

namespace {

// What the last event repeats. A provider that goes on without end must not grow our memory.
constexpr std::size_t most_kept = std::size_t{64} << 20;
constexpr std::size_t item_overhead = 256;

/// The bytes of it that an item keeps.
std::size_t size_of(chat_delta const& delta) noexcept
{
    std::size_t n = delta.content.size() + delta.refusal.size() + delta.reasoning.size() +
                    delta.reasoning_redacted.size() + delta.logprobs.text.size() +
                    delta.annotations.text.size();
    for (tool_call_delta const& piece : delta.tool_calls) {
        n += item_overhead + piece.arguments.size();
    }
    for (content_part const& part : delta.parts) {
        auto const* const image = std::get_if<image_part>(&part);
        auto const* const other = std::get_if<unknown_part>(&part);
        n += item_overhead + (image != nullptr ? image->source.data.size() : 0) +
             (other != nullptr ? other->value.text.size() : 0);
    }
    return n;
}

class writer final : public chat_stream_writer {
public:
    explicit writer(reply_context const& context)
        : echo_(echo_of(context.request)),
          model_(context.model),
          created_(context.now),
          fallback_id_(response_id({}, context))
    {}

    void write(chat_chunk const& chunk, std::string& out) override;
    void end(std::string& out) override;
    void fail(failure const& why, std::string& out) override;

private:
    void begin(std::string& out);
    void write_state(std::string_view type, response_state state, std::string& out);
    void write_delta(chat_delta const& delta, std::string& out);
    void write_reasoning(chat_delta const& delta, std::string& out);
    void seal_reasoning(std::string const& id, std::string encrypted, std::string& out);
    void write_text(std::string_view text, bool refusal, bool fresh, raw_json const& logprobs,
                    std::string& out);
    void write_annotations(raw_json const& list, std::string& out);
    void write_part(content_part const& part, std::string& out);
    void write_call(tool_call_delta const& piece, std::string& out);

    output_item& open_reasoning(std::string const& id, std::string& out)
    {
        output_item item = fresh_item(output_item::kind::reasoning, made_reasoning_id);
        item.id = id.empty() ? std::move(item.id) : id;
        return items_.open_current(std::move(item), out);
    }

    output_item fresh_item(output_item::kind what, std::string_view prefix) const
    {
        output_item item;
        item.what = what;
        item.id = derived_id(prefix, id_, items_.size());
        return item;
    }

    std::string echo_;
    std::string model_;
    std::int64_t created_;
    std::string fallback_id_;
    std::string id_;
    std::string service_tier_;
    raw_json phase_;
    extra_fields extra_;
    usage tokens_;
    finish_reason why_ = finish_reason::none;
    stream_items items_;
    std::map<std::int64_t, std::size_t> calls_; ///< call index to item
    std::size_t kept_ = 0;
    bool begun_ = false;
    bool failed_ = false;
};

void writer::begin(std::string& out)
{
    if (begun_) {
        return;
    }
    begun_ = true;
    id_ = id_.empty() ? fallback_id_ : id_;
    write_state("response.created", {.status = "in_progress"}, out);
    write_state("response.in_progress", {.status = "in_progress"}, out);
}

void writer::write_state(std::string_view type, response_state state, std::string& out)
{
    state.id = id_;
    state.created = created_;
    state.model = model_;
    state.service_tier = service_tier_;
    std::string text;
    write_response_object(state, echo_, text);
    items_.event(type, out, [&](json::writer& to) { to.raw_member("response", text); });
}

void writer::write(chat_chunk const& chunk, std::string& out)
{
    if (!begun_) {
        id_ = chunk.id;
        created_ = chunk.created == 0 ? created_ : chunk.created;
        model_ = chunk.model.empty() ? model_ : chunk.model;
    }
    if (!chunk.service_tier.empty()) {
        service_tier_ = chunk.service_tier;
    }
    begin(out);
    for (auto const& [key, value] : chunk.extra) {
        extra_.set(key, value);
    }
    if (chunk.usage) {
        tokens_ = *chunk.usage;
    }
    for (chat_delta const& delta : chunk.choices) {
        if (delta.index != 0 || failed_) {
            continue;
        }
        kept_ += size_of(delta);
        if (kept_ > most_kept) {
            fail(nonsense("the answer is too long"), out);
            return;
        }
        write_delta(delta, out);
    }
}

void writer::write_delta(chat_delta const& delta, std::string& out)
{
    if (raw_json const* phase = delta.message_extra.find("phase")) {
        phase_ = *phase;
        if (output_item* item = items_.current(output_item::kind::message)) {
            item->phase = phase_;
        }
    }
    write_reasoning(delta, out);
    if (!delta.content.empty()) {
        write_text(delta.content, false, delta.begins_part && delta.reasoning.empty(), delta.logprobs, out);
    }
    for (content_part const& part : delta.parts) {
        write_part(part, out);
    }
    if (!delta.refusal.empty()) {
        write_text(delta.refusal, true, false, {}, out);
    }
    if (!delta.annotations.empty()) {
        write_annotations(delta.annotations, out);
    }
    for (tool_call_delta const& piece : delta.tool_calls) {
        write_call(piece, out);
    }
    if (delta.finish_reason != finish_reason::none) {
        why_ = delta.finish_reason;
    }
}

void writer::write_reasoning(chat_delta const& delta, std::string& out)
{
    if (!delta.reasoning.empty() || (!delta.reasoning_id.empty() && delta.reasoning_redacted.empty())) {
        output_item* item = items_.current(output_item::kind::reasoning);
        if (item == nullptr || (delta.begins_part && !item->text.empty()) || !item->encrypted.empty()) {
            item = &open_reasoning(delta.reasoning_id, out);
        }
        if (!delta.reasoning.empty()) {
            if (item->text.empty()) {
                items_.item_event("response.reasoning_summary_part.added", items_.current_index(), out,
                                  [](json::writer& to) {
                                      to.member("summary_index", 0).key("part").begin_object();
                                      to.member("type", "summary_text").member("text", "").end_object();
                                  });
            }
            item->text += delta.reasoning;
            items_.item_event(
                "response.reasoning_summary_text.delta", items_.current_index(), out,
                [&](json::writer& to) { to.member("summary_index", 0).member("delta", delta.reasoning); });
        }
    }
    if (!delta.reasoning_signature.empty()) {
        seal_reasoning({}, std::string(signature_mark) + delta.reasoning_signature, out);
    }
    if (!delta.reasoning_redacted.empty()) {
        seal_reasoning(delta.reasoning_id, encrypted_for_client(delta.reasoning_redacted, delta.reasoning_id),
                       out);
    }
}

/// The encrypted content ends a reasoning item: the open one when it may be the same, else one of its own.
void writer::seal_reasoning(std::string const& id, std::string encrypted, std::string& out)
{
    output_item* item = items_.current(output_item::kind::reasoning);
    const bool same = item != nullptr && item->encrypted.empty() && (id.empty() || id == item->id);
    const bool signature = encrypted.starts_with(signature_mark);
    if (!same || (id.empty() && !signature)) {
        item = &open_reasoning(id, out);
    }
    item->encrypted = std::move(encrypted);
    items_.close_current("completed", out);
}

void writer::write_text(std::string_view text, bool refusal, bool fresh, raw_json const& logprobs,
                        std::string& out)
{
    if (items_.current(output_item::kind::message) == nullptr) {
        output_item opened = fresh_item(output_item::kind::message, "msg_");
        opened.phase = phase_;
        items_.open_current(std::move(opened), out);
    }
    items_.add_text(text, refusal, fresh, logprobs, out);
}

void writer::write_annotations(raw_json const& list, std::string& out)
{
    json::document doc;
    json::parse_error error;
    if (!doc.parse(list.text, error)) {
        return;
    }
    for (json::value annotation : doc.root()) {
        if (!annotation.is_object()) {
            continue;
        }
        if (items_.current(output_item::kind::message) == nullptr || !items_.part_is_open()) {
            write_text({}, false, false, {}, out);
        }
        items_.add_annotation(annotation, out);
    }
}

void writer::write_part(content_part const& part, std::string& out)
{
    output_item item = fresh_item(output_item::kind::whole, "ig_");
    if (auto const* image = std::get_if<image_part>(&part)) {
        item.text = image_item(*image, item.id);
    } else if (auto const* other = std::get_if<unknown_part>(&part);
               other != nullptr && is_item_type(other->type)) {
        item.text = other->value.text;
    } else {
        return;
    }
    items_.close_current("completed", out);
    items_.close(items_.open(std::move(item), out), "completed", out);
}

void writer::write_call(tool_call_delta const& piece, std::string& out)
{
    auto at = calls_.find(piece.index);
    if (at == calls_.end()) {
        items_.close_current("completed", out);
        const bool custom = piece.type == "custom";
        output_item item = fresh_item(output_item::kind::call, custom ? "ctc_" : "fc_");
        item.custom = custom;
        item.call_id = piece.id.empty() ? derived_id("call_", id_, items_.size()) : piece.id;
        item.call_id =
            signed_call_id({.id = item.call_id, .name = {}, .arguments = {}, .signature = piece.signature});
        item.name = piece.name;
        if (raw_json const* space = piece.extra.find("namespace")) {
            item.space = *space;
        }
        at = calls_.emplace(piece.index, items_.open(std::move(item), out)).first;
    }
    output_item& item = items_.at(at->second);
    if (!piece.arguments.empty()) {
        item.text += piece.arguments;
        const std::string_view type =
            item.custom ? "response.custom_tool_call_input.delta" : "response.function_call_arguments.delta";
        items_.item_event(type, at->second, out,
                          [&](json::writer& to) { to.member("delta", piece.arguments); });
    }
}

void writer::end(std::string& out)
{
    if (failed_) {
        return;
    }
    begin(out);
    const std::string_view status = status_of(why_);
    // Calls stay open to here, because other dialects mix the fragments of several.
    items_.close_all(status, out);
    const std::string output = items_.finished();
    const std::string_view type = status == "completed" ? "response.completed" : "response.incomplete";
    write_state(type, {.status = status, .why = why_, .output = output, .tokens = &tokens_, .extra = &extra_},
                out);
}

void writer::fail(failure const& why, std::string& out)
{
    if (failed_) {
        return;
    }
    begin(out);
    failed_ = true;
    items_.event("error", out, [&](json::writer& to) {
        to.key("code");
        why->code.empty() ? to.value(why.type()) : to.value(why->code);
        to.member("message", why->message).key("param");
        why->param.empty() ? to.value(nullptr) : to.value(why->param);
    });
    const std::string output = items_.finished();
    write_state("response.failed", {.status = "failed", .error = &why, .output = output, .tokens = &tokens_},
                out);
}

} // namespace

std::unique_ptr<chat_stream_writer> make_stream_writer(reply_context const& context)
{
    return std::make_unique<writer>(context);
}

} // namespace cogate::providers::openai_responses
