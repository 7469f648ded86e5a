#include <cogate/chat.hpp>

#include "lib/core/json/document.hpp"
#include "lib/core/json/string.hpp"
#include "lib/core/json/writer.hpp"
#include "lib/core/text.hpp"

#include <algorithm>

namespace cogate {

namespace {

bool is_array_text(std::string_view text) noexcept
{
    return text.size() >= 2 && text.front() == '[' && text.back() == ']';
}

/// The items of an array without its brackets; empty for an empty array.
std::string_view items_of(std::string_view array) noexcept
{
    return core::trim(array.substr(1, array.size() - 2));
}

void append_items(std::string& to, std::string_view items)
{
    if (items.empty()) {
        return;
    }
    if (!to.empty()) {
        to += ',';
    }
    to += items;
}

/// Lists that come in pieces grow; anything else is replaced by what came last.
void merge(raw_json& to, raw_json const& piece)
{
    const std::string_view have = core::trim(to.text);
    const std::string_view more = core::trim(piece.text);
    if (!is_array_text(have) || !is_array_text(more)) {
        to = piece;
        return;
    }
    const std::string_view items = items_of(more);
    if (items.empty()) {
        return;
    }
    const bool was_empty = items_of(have).empty();
    // In place, so that a long list costs no copy per piece.
    to.text.resize(static_cast<std::size_t>(have.data() - to.text.data()) + have.size() - 1);
    if (!was_empty) {
        to.text += ',';
    }
    to.text += items;
    to.text += ']';
}

void merge(extra_fields& to, extra_fields const& piece)
{
    for (auto const& [key, value] : piece) {
        to.set(key, value);
    }
}

/// `more` into the text whose end the last `behind` bytes of the object are, in place: a long text costs no copy per
/// piece.
void add_to_text(std::string& object, std::string_view more, std::size_t behind)
{
    std::string quoted;
    json::append_quoted(quoted, more);
    object.insert(object.size() - behind, quoted, 1, quoted.size() - 2);
}

constexpr std::size_t behind_last_text = 2; // the quote and the bracket

template <class Part>
Part* last_part(message& m) noexcept
{
    return m.content.empty() ? nullptr : std::get_if<Part>(&m.content.back());
}

void append_text(message& m, std::string const& text, bool fresh)
{
    if (auto* part = fresh ? nullptr : last_part<text_part>(m)) {
        part->text += text;
    } else {
        m.content.emplace_back(text_part{.text = text});
    }
}

/// The part that reasoning goes on in. A signed or redacted one is complete: providers check it byte for
/// byte.
reasoning_part& open_reasoning(message& m, bool fresh)
{
    auto* part = last_part<reasoning_part>(m);
    if (fresh || part == nullptr || !part->signature.empty() || !part->redacted.empty()) {
        m.content.emplace_back(reasoning_part{.text = {}, .field = "reasoning_content"});
        part = last_part<reasoning_part>(m);
    }
    return *part;
}

} // namespace

std::size_t chat_fold::slot(std::int64_t index)
{
    auto const at = std::lower_bound(
        response_.choices.begin(), response_.choices.end(), index,
        [](chat_choice const& choice, std::int64_t wanted) { return choice.index < wanted; });
    const auto position = at - response_.choices.begin();
    if (at == response_.choices.end() || at->index != index) {
        chat_choice fresh;
        fresh.index = index;
        response_.choices.insert(at, std::move(fresh));
        progress_.insert(progress_.begin() + position, progress{});
    }
    return static_cast<std::size_t>(position);
}

void chat_fold::add_text(message& to, chat_delta const& delta)
{
    if (!delta.reasoning.empty() || (!delta.reasoning_id.empty() && delta.reasoning_redacted.empty())) {
        reasoning_part& part = open_reasoning(to, delta.begins_part);
        part.text += delta.reasoning;
        if (!delta.reasoning_id.empty()) {
            part.id = delta.reasoning_id;
        }
    }
    if (!delta.reasoning_signature.empty()) {
        auto* part = last_part<reasoning_part>(to);
        // The signature may come after the text's last piece; it belongs to the part that is open.
        (part != nullptr && part->signature.empty() ? *part : open_reasoning(to, false)).signature =
            delta.reasoning_signature;
    }
    if (!delta.reasoning_redacted.empty()) {
        to.content.emplace_back(
            reasoning_part{.text = {}, .redacted = delta.reasoning_redacted, .id = delta.reasoning_id});
    }
    if (!delta.content.empty()) {
        append_text(to, delta.content, delta.begins_part && delta.reasoning.empty());
    }
    for (content_part const& part : delta.parts) {
        to.content.push_back(part);
    }
    if (!delta.refusal.empty()) {
        if (auto* part = last_part<refusal_part>(to)) {
            part->text += delta.refusal;
        } else {
            to.content.emplace_back(refusal_part{.text = delta.refusal});
        }
    }
}

void chat_fold::add_calls(message& to, progress& at, chat_delta const& delta)
{
    for (tool_call_delta const& piece : delta.tool_calls) {
        auto const known = std::find(at.call_indices.begin(), at.call_indices.end(), piece.index);
        const auto position = static_cast<std::size_t>(known - at.call_indices.begin());
        if (known == at.call_indices.end()) {
            at.call_indices.push_back(piece.index);
            to.tool_calls.emplace_back();
        }
        tool_call& call = to.tool_calls[position];
        if (call.id.empty()) {
            call.id = piece.id;
        }
        if (call.name.empty()) {
            call.name = piece.name;
        }
        if (!piece.type.empty()) {
            call.type = piece.type;
        }
        if (!piece.signature.empty()) {
            call.signature = piece.signature;
        }
        call.arguments += piece.arguments;
        merge(call.extra, piece.extra);
    }
}

void chat_fold::add_logprobs(chat_choice& to, progress& at, raw_json const& piece)
{
    json::document doc;
    json::parse_error error;
    if (!doc.parse(piece.text, error) || !doc.root().is_object()) {
        return;
    }
    const json::value content = doc["content"];
    const json::value refusal = doc["refusal"];
    if (!content.is_array() && !refusal.is_array()) {
        to.logprobs = piece;
        return;
    }
    const std::string_view start = "{\"content\":[";
    std::string tail = "],\"refusal\":";
    tail += at.refusal_logprobs.empty() ? "null}" : "[" + at.refusal_logprobs + "]}";
    std::string& text = to.logprobs.text;
    if (text.starts_with(start) && text.ends_with(tail)) {
        // In place, so that the whole list is not copied for every token.
        text.resize(text.size() - tail.size());
    } else {
        text = start;
    }
    if (content.is_array()) {
        const std::string_view items = items_of(content.raw());
        if (!items.empty() && text.size() > start.size()) {
            text += ',';
        }
        text += items;
    }
    if (refusal.is_array()) {
        append_items(at.refusal_logprobs, items_of(refusal.raw()));
    }
    text +=
        at.refusal_logprobs.empty() ? "],\"refusal\":null}" : "],\"refusal\":[" + at.refusal_logprobs + "]}";
}

void chat_fold::add_audio(message& to, progress& at, raw_json const& piece)
{
    json::document doc;
    json::parse_error error;
    if (!doc.parse(piece.text, error) || !doc.root().is_object()) {
        return;
    }
    const bool alone = doc.root().size() == 1;
    const bool more_data = alone && doc["data"].is_string() && !at.audio_data.empty();
    const bool more_words = alone && doc["transcript"].is_string() && !at.audio_transcript.empty();
    if (more_data) {
        std::string behind = at.audio_transcript.empty() ? "\"}" : "\",\"transcript\":";
        if (!at.audio_transcript.empty()) {
            json::append_quoted(behind, at.audio_transcript);
            behind += '}';
        }
        add_to_text(to.audio.text, doc["data"].string(), behind.size());
    } else if (more_words) {
        add_to_text(to.audio.text, doc["transcript"].string(), behind_last_text);
    }
    doc["data"].append_string_to(at.audio_data);
    doc["transcript"].append_string_to(at.audio_transcript);
    if (more_data || more_words) {
        return;
    }
    json::document have;
    const std::string before = to.audio.text;
    const bool old = !before.empty() && have.parse(before, error);
    const auto streamed = [](std::string_view key) { return key == "data" || key == "transcript"; };
    std::string text;
    json::writer out(text);
    out.begin_object();
    for (json::member m : have.root().members()) {
        if (old && !streamed(m.key) && !doc.root().contains(m.key)) {
            out.raw_member(m.key, m.val.raw());
        }
    }
    for (json::member m : doc.root().members()) {
        if (!streamed(m.key)) {
            out.raw_member(m.key, m.val.raw());
        }
    }
    if (!at.audio_data.empty()) {
        out.member("data", at.audio_data);
    }
    if (!at.audio_transcript.empty()) {
        out.member("transcript", at.audio_transcript);
    }
    out.end_object();
    to.audio.text = std::move(text);
}

void chat_fold::add_extra(message& to, progress& at, extra_fields const& piece)
{
    for (auto const& [key, value] : piece) {
        if (key == "function_call") {
            json::document doc;
            json::parse_error error;
            if (!doc.parse(value.text, error) || !doc.root().is_object()) {
                continue;
            }
            raw_json* const before = to.extra.find(key);
            doc["arguments"].append_string_to(at.function_arguments);
            if (before != nullptr && !doc["name"].is_string()) {
                add_to_text(before->text, doc["arguments"].string(), behind_last_text);
                continue;
            }
            json::document have;
            const std::string old = before == nullptr ? std::string("{}") : before->text;
            const std::string name = doc["name"].is_string() || !have.parse(old, error)
                                         ? doc["name"].string()
                                         : have["name"].string();
            std::string text;
            json::writer out(text);
            out.begin_object().member("name", name).member("arguments", at.function_arguments).end_object();
            to.extra.set(key, raw_json{std::move(text)});
            continue;
        }
        if (raw_json* before = to.extra.find(key)) {
            merge(*before, value);
        } else {
            to.extra.set(key, value);
        }
    }
}

void chat_fold::add(chat_delta const& delta)
{
    const std::size_t position = slot(delta.index);
    chat_choice& choice = response_.choices[position];
    progress& at = progress_[position];
    add_text(choice.message, delta);
    add_calls(choice.message, at, delta);
    if (!delta.annotations.empty()) {
        merge(choice.message.annotations, delta.annotations);
    }
    if (!delta.audio.empty()) {
        add_audio(choice.message, at, delta.audio);
    }
    if (!delta.logprobs.empty()) {
        add_logprobs(choice, at, delta.logprobs);
    }
    if (delta.finish_reason != finish_reason::none) {
        choice.finish_reason = delta.finish_reason;
        choice.finish_reason_text = delta.finish_reason_text;
    }
    if (!delta.native_finish_reason.empty()) {
        choice.native_finish_reason = delta.native_finish_reason;
    }
    if (!delta.stop_sequence.empty()) {
        choice.stop_sequence = delta.stop_sequence;
    }
    add_extra(choice.message, at, delta.message_extra);
    merge(choice.extra, delta.extra);
}

void chat_fold::add(chat_chunk const& chunk)
{
    if (response_.id.empty()) {
        response_.id = chunk.id;
    }
    if (response_.created == 0) {
        response_.created = chunk.created;
    }
    if (response_.model.empty()) {
        response_.model = chunk.model;
    }
    if (!chunk.service_tier.empty()) {
        response_.service_tier = chunk.service_tier;
    }
    if (!chunk.system_fingerprint.empty()) {
        response_.system_fingerprint = chunk.system_fingerprint;
    }
    if (chunk.usage) {
        response_.usage = *chunk.usage;
    }
    for (chat_delta const& delta : chunk.choices) {
        add(delta);
    }
    merge(response_.extra, chunk.extra);
}

chat_response fold(std::vector<chat_chunk> const& chunks)
{
    chat_fold all;
    for (chat_chunk const& chunk : chunks) {
        all.add(chunk);
    }
    return std::move(all).response();
}

} // namespace cogate
