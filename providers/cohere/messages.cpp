#include "providers/cohere/codec.hpp"

#include "providers/common/lacks.hpp"
#include "providers/common/part_kinds.hpp"

#include <array>

namespace cogate::providers::cohere {

namespace {

// What Cohere itself puts into a message besides; anything else there belongs to another dialect.
constexpr std::array<std::string_view, 2> own_members = {"tool_plan", "citations"};

std::string part_place(std::size_t message_index, std::size_t part_index)
{
    return "messages[" + std::to_string(message_index) + "].content[" + std::to_string(part_index) + "]";
}

void write_text(json::writer& out, std::string_view type, std::string_view text)
{
    out.begin_object().member("type", type).member(type, text).end_object();
}

result<void> write_image(raw_writer& to, image_part const& image, std::string const& at)
{
    media_source const& source = image.source;
    if (source.url.empty() && source.data.empty()) {
        return unsupported_content("an uploaded image", at);
    }
    json::writer& out = to.out();
    out.begin_object().member("type", "image_url").key("image_url").begin_object();
    if (source.url.empty()) {
        std::string url = "data:";
        url += source.media_type.empty() ? std::string("image/png") : source.media_type;
        url += ";base64,";
        url += source.data;
        out.member("url", url);
    } else {
        out.member("url", source.url);
    }
    if (!image.detail.empty()) {
        out.member("detail", image.detail);
    }
    out.end_object().end_object();
    return {};
}

/// One element of a content array, or nothing for reasoning that goes elsewhere.
result<void> write_part(raw_writer& to, content_part const& part, bool plan_apart, std::string const& at)
{
    if (auto const* text = std::get_if<text_part>(&part)) {
        write_text(to.out(), "text", text->text);
    } else if (auto const* refusal = std::get_if<refusal_part>(&part)) {
        write_text(to.out(), "text", refusal->text);
    } else if (auto const* thought = std::get_if<reasoning_part>(&part)) {
        // Redacted thoughts are another provider's; only that one can read them.
        if (!thought->text.empty() && (!plan_apart || thought->field == "thinking")) {
            write_text(to.out(), "thinking", thought->text);
        }
    } else if (auto const* image = std::get_if<image_part>(&part)) {
        return write_image(to, *image, at);
    } else if (auto const* own = std::get_if<unknown_part>(&part);
               own != nullptr && own->type == "document") {
        to.element(own->value, at);
    } else if (std::holds_alternative<audio_part>(part)) {
        return unsupported_content("audio", at);
    } else {
        return unsupported_content("content of this kind", at);
    }
    return {};
}

bool is_plain(message const& m) noexcept
{
    for (content_part const& part : m.content) {
        auto const* thought = std::get_if<reasoning_part>(&part);
        const bool beside = thought != nullptr && (thought->field == "tool_plan" || thought->text.empty());
        if (!std::holds_alternative<text_part>(part) && !std::holds_alternative<refusal_part>(part) &&
            !beside) {
            return false;
        }
    }
    return m.content_is_text;
}

result<void> write_content(raw_writer& to, message const& m, std::size_t index, bool plan_apart)
{
    bool anything = false;
    for (content_part const& part : m.content) {
        auto const* thought = std::get_if<reasoning_part>(&part);
        anything = anything || thought == nullptr ||
                   (!thought->text.empty() && (!plan_apart || thought->field == "thinking"));
    }
    if (!anything && !m.tool_calls.empty()) {
        return {};
    }
    json::writer& out = to.out();
    if (!anything || is_plain(m)) {
        std::string text = m.text();
        for (content_part const& part : m.content) {
            if (auto const* refusal = std::get_if<refusal_part>(&part)) {
                text += refusal->text;
            }
        }
        out.member("content", text);
        return {};
    }
    out.key("content").begin_array();
    for (std::size_t i = 0; i != m.content.size(); ++i) {
        if (const result<void> wrote = write_part(to, m.content[i], plan_apart, part_place(index, i));
            !wrote) {
            return wrote;
        }
    }
    out.end_array();
    return {};
}

/// Thoughts that led to tool calls are the plan, unless a thinking mode made them.
void write_plan(json::writer& out, message const& m)
{
    std::string plan;
    for (content_part const& part : m.content) {
        auto const* thought = std::get_if<reasoning_part>(&part);
        if (thought != nullptr && thought->field != "thinking") {
            plan += thought->text;
        }
    }
    if (!plan.empty() && m.extra.find("tool_plan") == nullptr) {
        out.member("tool_plan", plan);
    }
}

result<void> write_calls(json::writer& out, message const& m, std::size_t index)
{
    out.key("tool_calls").begin_array();
    for (std::size_t i = 0; i != m.tool_calls.size(); ++i) {
        tool_call const& call = m.tool_calls[i];
        if (call.type != "function") {
            return unsupported_content("a tool call of type " + call.type,
                                       "messages[" + std::to_string(index) + "].tool_calls[" +
                                           std::to_string(i) + "]");
        }
        out.begin_object().member("id", call.id).member("type", "function").key("function").begin_object();
        out.member("name", call.name).member("arguments", call.arguments.empty() ? "{}" : call.arguments);
        out.end_object().end_object();
    }
    out.end_array();
    return {};
}

result<void> write_message(raw_writer& to, message const& m, std::size_t index)
{
    json::writer& out = to.out();
    out.begin_object().member("role", plain_role_name(m.role));
    const bool plan_apart = m.role == role::assistant && !m.tool_calls.empty();
    if (m.role == role::tool) {
        out.member("tool_call_id", m.tool_call_id);
    }
    if (const result<void> wrote = write_content(to, m, index, plan_apart); !wrote) {
        return wrote;
    }
    if (plan_apart) {
        if (const result<void> wrote = write_calls(out, m, index); !wrote) {
            return wrote;
        }
        write_plan(out, m);
    }
    if (m.role == role::assistant) {
        for (std::string_view const name : own_members) {
            if (raw_json const* given = m.extra.find(name)) {
                to.member(name, *given);
            }
        }
    }
    out.end_object();
    return {};
}

} // namespace

result<void> write_messages(raw_writer& to, std::vector<message> const& messages)
{
    to.out().key("messages").begin_array();
    for (std::size_t i = 0; i != messages.size(); ++i) {
        if (const result<void> wrote = write_message(to, messages[i], i); !wrote) {
            return wrote;
        }
    }
    to.out().end_array();
    return {};
}

} // namespace cogate::providers::cohere
