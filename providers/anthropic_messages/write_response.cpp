#include "providers/anthropic_messages/blocks.hpp"
#include "providers/anthropic_messages/codec.hpp"
#include "providers/anthropic_messages/stop_reason.hpp"
#include "providers/anthropic_messages/token_usage.hpp"
#include "providers/anthropic_messages/write_parts.hpp"
#include "providers/common/derived.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::anthropic_messages {

namespace {

constexpr std::array<std::string_view, 9> own_members = {
    "id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "stop_details", "usage"};

/// The choice that clients of this dialect, who know one only, get.
chat_choice const& first_choice(chat_response const& response)
{
    static const chat_choice nothing;
    const auto at = std::min_element(response.choices.begin(), response.choices.end(),
                                     [](auto const& a, auto const& b) { return a.index < b.index; });
    return at == response.choices.end() ? nothing : *at;
}

} // namespace

void write_content(raw_writer& to, message const& m, std::string_view fallback_id)
{
    const block_options options{.to_client = true, .extras = true};
    json::writer& out = to.out();
    out.begin_array();
    for (content_part const& part : m.content) {
        auto const* text = std::get_if<text_part>(&part);
        if (text == nullptr || !text->text.empty()) {
            write_part(to, part, std::nullopt, options);
        }
    }
    for (std::size_t i = 0; i != m.tool_calls.size(); ++i) {
        tool_call const& call = m.tool_calls[i];
        if (!call.id.empty()) {
            write_tool_use(to, call, std::nullopt, options);
            continue;
        }
        tool_call named = call;
        named.id = made_call_id(fallback_id, i);
        write_tool_use(to, named, std::nullopt, options);
    }
    out.end_array();
}

std::string made_call_id(std::string_view fallback_id, std::size_t index)
{
    return derived_id("toolu_", fallback_id, index);
}

void write_stop(raw_writer& to, finish_reason why, std::string_view native, bool has_calls,
                std::string const& stop_sequence, extra_fields const& choice_extra)
{
    json::writer& out = to.out();
    out.member("stop_reason", stop_reason_name(why, native, has_calls, !stop_sequence.empty()));
    out.key("stop_sequence");
    stop_sequence.empty() ? out.value(nullptr) : out.value(stop_sequence);
    if (raw_json const* details = choice_extra.find("stop_details")) {
        to.member("stop_details", *details);
    }
}

void write_chat(chat_response const& response, reply_context const& context, std::string& text)
{
    chat_choice const& choice = first_choice(response);
    const std::string id = response.id.empty() ? "msg_" + std::string(context.fallback_id) : response.id;
    json::writer out(text);
    raw_writer to(out);
    out.begin_object().member("id", id).member("type", "message").member("role", "assistant");
    out.member("model", response.model.empty() ? context.model : std::string_view(response.model))
        .key("content");
    write_content(to, choice.message, id);
    write_stop(to, choice.finish_reason, choice.native_finish_reason, !choice.message.tool_calls.empty(),
               choice.stop_sequence, choice.extra);
    out.key("usage");
    write_usage(to, response.usage, response.service_tier);
    to.extra(response.extra, own_members);
    out.end_object();
}

} // namespace cogate::providers::anthropic_messages
