#include "providers/anthropic_messages/blocks.hpp"
#include "providers/anthropic_messages/citations.hpp"
#include "providers/anthropic_messages/codec.hpp"
#include "providers/anthropic_messages/stop_reason.hpp"
#include "providers/anthropic_messages/token_usage.hpp"
#include "providers/common/derived.hpp"

#include <array>

namespace cogate::providers::anthropic_messages {

namespace {

constexpr std::array<std::string_view, 9> known = {
    "id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "stop_details", "usage"};

/// The stand-in for structured output is the answer's text.
void unwrap_json_tool(message& m)
{
    for (auto call = m.tool_calls.begin(); call != m.tool_calls.end();) {
        if (call->name == json_tool) {
            m.content.emplace_back(text_part{.text = std::move(call->arguments)});
            call = m.tool_calls.erase(call);
        } else {
            ++call;
        }
    }
}

void read_blocks(reader& in, json::value list, message& m)
{
    const place top;
    std::string annotations;
    std::size_t characters = 0;
    for (json::value block : list) {
        const std::size_t before = m.content.size();
        read_block(in, block, top, m);
        if (m.content.size() == before) {
            continue;
        }
        if (auto const* text = std::get_if<text_part>(&m.content.back())) {
            const std::size_t begin = characters;
            characters += character_count(text->text);
            append_annotations(block["citations"], begin, characters, annotations);
        }
    }
    if (!annotations.empty()) {
        m.annotations.text = "[" + annotations + "]";
    }
}

} // namespace

result<chat_response> decode_chat(std::string_view body)
{
    json::document doc;
    const result<json::value> opened = open_json(doc, body, in_band_error);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    if (!root["content"].is_array()) {
        return nonsense("it has no list of content blocks");
    }
    reader in(false);
    const place top;
    chat_response out;
    in.text(root, "id", top, out.id);
    if (out.id.empty()) {
        out.id = derived_id("msg_", body);
    }
    in.text(root, "model", top, out.model);
    usage_reader tokens;
    tokens.read(root["usage"]);
    out.usage = tokens.total();
    out.service_tier = tokens.service_tier();
    keep_unknown(root, known, out.extra);

    chat_choice choice;
    choice.message.content_is_text = false;
    read_blocks(in, root["content"], choice.message);
    in.text(root, "stop_reason", top, choice.native_finish_reason);
    choice.finish_reason = read_stop_reason(choice.native_finish_reason);
    if (choice.finish_reason == finish_reason::other) {
        choice.finish_reason_text = choice.native_finish_reason;
    }
    const bool called = !choice.message.tool_calls.empty();
    unwrap_json_tool(choice.message);
    if (called && choice.message.tool_calls.empty() && choice.finish_reason == finish_reason::tool_calls) {
        choice.finish_reason = finish_reason::stop;
    }
    in.text(root, "stop_sequence", top, choice.stop_sequence);
    raw_json details;
    in.raw(root, "stop_details", details);
    if (!details.empty()) {
        choice.extra.set("stop_details", std::move(details));
    }
    out.choices.push_back(std::move(choice));
    return out;
}

} // namespace cogate::providers::anthropic_messages
