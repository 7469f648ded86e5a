#include "providers/openai_chat/messages.hpp"

#include "providers/common/sealed.hpp"
#include "providers/openai_chat/parts.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::openai_chat {

namespace {

bool needs_array(message const& m) noexcept
{
    if (!m.content_is_text) {
        return true;
    }
    return std::any_of(m.content.begin(), m.content.end(), [](content_part const& part) {
        if (auto const* text = std::get_if<text_part>(&part)) {
            return text->cache.has_value() || !text->extra.empty();
        }
        return !std::holds_alternative<refusal_part>(part) && belongs_to_array(part);
    });
}

template <class Part>
bool has(message const& m) noexcept
{
    return std::any_of(m.content.begin(), m.content.end(),
                       [](content_part const& part) { return std::holds_alternative<Part>(part); });
}

std::string refusal_text(message const& m)
{
    std::string out;
    for (content_part const& part : m.content) {
        if (auto const* refusal = std::get_if<refusal_part>(&part)) {
            out += refusal->text;
        }
    }
    return out;
}

void write_content(raw_writer& to, message const& m, audience who)
{
    json::writer& out = to.out();
    out.key("content");
    if (who == audience::provider && needs_array(m)) {
        out.begin_array();
        for (content_part const& part : m.content) {
            const bool own_member = m.content_is_text && std::holds_alternative<refusal_part>(part);
            if (belongs_to_array(part) && !own_member) {
                write_part(to, part);
            }
        }
        out.end_array();
        return;
    }
    const bool something_else = !m.tool_calls.empty() || has<refusal_part>(m) || !m.audio.empty() ||
                                m.extra.find("function_call") != nullptr;
    const bool may_be_null = who == audience::provider ? m.role == role::assistant : something_else;
    if (!has<text_part>(m) && may_be_null) {
        out.value(nullptr);
    } else {
        out.value(m.text());
    }
}

void write_images(raw_writer& to, message const& m)
{
    if (!has<image_part>(m)) {
        return;
    }
    to.out().key("images").begin_array();
    for (content_part const& part : m.content) {
        if (std::holds_alternative<image_part>(part)) {
            write_part(to, part);
        }
    }
    to.out().end_array();
}

void write_reasoning(raw_writer& to, message const& m, audience who)
{
    json::writer& out = to.out();
    if (who == audience::client) {
        const std::string text = m.reasoning();
        if (!text.empty() && m.extra.find("reasoning_content") == nullptr) {
            out.member("reasoning_content", text);
        }
    } else {
        for (std::string_view const name : {"reasoning_content", "reasoning"}) {
            std::string text;
            for (content_part const& part : m.content) {
                auto const* reasoning = std::get_if<reasoning_part>(&part);
                if (reasoning != nullptr && reasoning->field == name) {
                    text += reasoning->text;
                }
            }
            if (!text.empty()) {
                out.member(name, text);
            }
        }
    }
    const auto in_block = [&](content_part const& part) {
        auto const* reasoning = std::get_if<reasoning_part>(&part);
        if (reasoning == nullptr) {
            return false;
        }
        if (who == audience::provider) {
            return reasoning->field == "thinking_blocks" && !is_foreign_to_anthropic(*reasoning);
        }
        return !reasoning->signature.empty() || !reasoning->redacted.empty();
    };
    if (std::none_of(m.content.begin(), m.content.end(), in_block)) {
        return;
    }
    out.key("thinking_blocks").begin_array();
    for (content_part const& part : m.content) {
        if (in_block(part)) {
            auto const& block = std::get<reasoning_part>(part);
            write_thinking_block(to, block.text, block.signature,
                                 redacted_for_client(block.redacted, block.id));
        }
    }
    out.end_array();
}

} // namespace

std::string_view role_name(role who) noexcept
{
    switch (who) {
    case role::system: return "system";
    case role::developer: return "developer";
    case role::user: return "user";
    case role::assistant: return "assistant";
    case role::tool: return "tool";
    }
    return "user";
}

void write_thinking_block(raw_writer& to, std::string_view text, std::string_view signature,
                          std::string_view redacted)
{
    json::writer& out = to.out();
    out.begin_object();
    if (!redacted.empty()) {
        out.member("type", "redacted_thinking").member("data", redacted);
    } else {
        out.member("type", "thinking").member("thinking", text);
        if (!signature.empty()) {
            out.member("signature", signature);
        }
    }
    out.end_object();
}

void write_message(raw_writer& to, message const& m, audience who)
{
    json::writer& out = to.out();
    const bool provider = who == audience::provider;
    const bool function = m.role == role::tool && m.tool_call_id.empty() && !m.name.empty();
    out.begin_object();
    out.member("role", function ? std::string_view("function") : role_name(m.role));
    write_content(to, m, who);
    if (provider && !m.name.empty()) {
        out.member("name", m.name);
    }
    const bool has_refusal = has<refusal_part>(m);
    const bool in_array = provider && !m.content_is_text;
    if (has_refusal && !in_array) {
        out.member("refusal", refusal_text(m));
    } else if (!provider && m.extra.find("refusal") == nullptr) {
        out.key("refusal").value(nullptr);
    }
    write_reasoning(to, m, who);
    if (!provider) {
        write_images(to, m);
    }
    if (!m.tool_calls.empty()) {
        out.key("tool_calls").begin_array();
        for (tool_call const& call : m.tool_calls) {
            write_tool_call(to, call);
        }
        out.end_array();
    }
    if (provider && !m.tool_call_id.empty()) {
        out.member("tool_call_id", m.tool_call_id);
    }
    to.member("annotations", m.annotations);
    to.member("audio", m.audio);
    to.cache(m.cache);
    to.extra(m.extra);
    out.end_object();
}

std::string_view finish_reason_name(finish_reason why) noexcept
{
    switch (why) {
    case finish_reason::none: return {};
    case finish_reason::length: return "length";
    case finish_reason::tool_calls: return "tool_calls";
    case finish_reason::content_filter: return "content_filter";
    case finish_reason::function_call: return "function_call";
    case finish_reason::stop:
    case finish_reason::other: break;
    }
    return "stop";
}

} // namespace cogate::providers::openai_chat
