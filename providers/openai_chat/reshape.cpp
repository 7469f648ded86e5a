#include "providers/openai_chat/reshape.hpp"

#include "lib/core/hash.hpp"
#include "providers/common/fields.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace cogate::providers::openai_chat {

namespace {

constexpr std::size_t short_id_size = 9;

bool is_short_id(std::string_view id) noexcept
{
    return id.size() == short_id_size && std::all_of(id.begin(), id.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
           });
}

std::string short_id(std::string_view id, std::uint64_t attempt)
{
    static constexpr std::string_view letters =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::uint64_t bits = core::hash64(id, attempt);
    std::string out(short_id_size, '0');
    for (char& c : out) {
        c = letters[bits % letters.size()];
        bits /= letters.size();
    }
    return out;
}

bool is_own_member(reasoning_part const& part) noexcept
{
    return part.field != "thinking";
}

/// Reasoning parts of an assistant's turn, put where the service looks for them.
void place_reasoning(message& m, std::string_view field)
{
    static constexpr std::string_view names[] = {"reasoning_content", "reasoning", "thinking_blocks"};
    reasoning_part all{.text = m.reasoning(), .field = std::string(field)};
    std::erase_if(m.content,
                  [](content_part const& part) { return std::holds_alternative<reasoning_part>(part); });
    if (all.text.empty()) {
        // An empty one where it belongs stays: DeepSeek wants even that back.
        const raw_json* const own = m.extra.find(field);
        const raw_json kept = own != nullptr ? *own : raw_json{};
        m.extra = without(m.extra, names);
        if (!kept.empty()) {
            m.extra.set(std::string(field), kept);
        }
        return;
    }
    m.extra = without(m.extra, names);
    if (field == "-") {
        return;
    }
    if (field == "thinking") {
        m.content_is_text = false;
    }
    m.content.insert(m.content.begin(), std::move(all));
}

bool reasoning_is_misplaced(message const& m, std::string_view field) noexcept
{
    std::size_t parts = 0;
    for (content_part const& part : m.content) {
        auto const* reasoning = std::get_if<reasoning_part>(&part);
        if (reasoning != nullptr &&
            (reasoning->field != field || (is_own_member(*reasoning) && ++parts > 1))) {
            return true;
        }
    }
    for (std::string_view const name : {"reasoning_content", "reasoning", "thinking_blocks"}) {
        if (m.extra.find(name) != nullptr && (name != field || parts != 0)) {
            return true;
        }
    }
    return false;
}

bool is_plain(message const& m) noexcept
{
    return m.content_is_text && std::all_of(m.content.begin(), m.content.end(), [](content_part const& part) {
               auto const* text = std::get_if<text_part>(&part);
               return text != nullptr ? !text->cache && text->extra.empty()
                                      : std::holds_alternative<refusal_part>(part) ||
                                            std::holds_alternative<reasoning_part>(part);
           });
}

failure cannot_carry(std::size_t turn, std::size_t part)
{
    const std::string where = "messages[" + std::to_string(turn) + "].content[" + std::to_string(part) + "]";
    return failure(error_kind::invalid_request,
                   "the provider takes text only, and " + where + " is something else")
        .with_code("unsupported_content")
        .with_param(where);
}

result<void> join_content(message& m, std::size_t turn)
{
    std::vector<content_part> kept;
    std::string text;
    bool some_text = false;
    for (std::size_t i = 0; i != m.content.size(); ++i) {
        if (auto const* piece = std::get_if<text_part>(&m.content[i])) {
            text += piece->text;
            some_text = true;
        } else if (std::holds_alternative<refusal_part>(m.content[i]) ||
                   std::holds_alternative<reasoning_part>(m.content[i])) {
            kept.push_back(std::move(m.content[i]));
        } else {
            return cannot_carry(turn, i);
        }
    }
    if (some_text) {
        kept.emplace_back(text_part{.text = std::move(text)});
    }
    m.content = std::move(kept);
    m.content_is_text = true;
    return {};
}

bool lacks_text(message const& m) noexcept
{
    return m.role == role::assistant &&
           std::none_of(m.content.begin(), m.content.end(), [](content_part const& part) {
               return !std::holds_alternative<reasoning_part>(part);
           });
}

bool wants_schema(chat_request const& r) noexcept
{
    return r.response_format && r.response_format->type == response_format::kind::json_schema;
}

/// Services with JSON mode alone want to read the word JSON; the schema itself is the best place for it.
void schema_into_prompt(chat_request& r)
{
    std::string text = "Answer with one JSON object that satisfies this JSON schema: " +
                       (r.response_format->schema.empty() ? "{}" : r.response_format->schema.text);
    r.response_format = response_format{.type = response_format::kind::json_object};
    r.messages.insert(r.messages.begin(), system(std::move(text)));
}

} // namespace

bool needs_reshaping(chat_request const& r, chat_quirks const& quirks) noexcept
{
    if (!quirks.json_schema && wants_schema(r)) {
        return true;
    }
    return std::any_of(r.messages.begin(), r.messages.end(), [&](message const& m) {
        return (!quirks.developer_role && m.role == role::developer) ||
               (!quirks.content_arrays && !is_plain(m)) || (!quirks.null_content && lacks_text(m)) ||
               (!quirks.reasoning_field.empty() && m.role == role::assistant &&
                reasoning_is_misplaced(m, quirks.reasoning_field)) ||
               (quirks.short_tool_ids && (!m.tool_calls.empty() || !m.tool_call_id.empty()));
    });
}

result<void> reshape(chat_request& r, chat_quirks const& quirks)
{
    for (std::size_t i = 0; i != r.messages.size(); ++i) {
        message& m = r.messages[i];
        if (!quirks.developer_role && m.role == role::developer) {
            m.role = role::system;
        }
        if (!quirks.reasoning_field.empty() && m.role == role::assistant &&
            reasoning_is_misplaced(m, quirks.reasoning_field)) {
            place_reasoning(m, quirks.reasoning_field);
        }
        if (!quirks.content_arrays && !is_plain(m)) {
            if (result<void> const joined = join_content(m, i); !joined) {
                return joined.error();
            }
        }
        if (!quirks.null_content && lacks_text(m)) {
            m.content.emplace_back(text_part{});
        }
    }
    if (quirks.short_tool_ids) {
        shorten_tool_ids(r.messages);
    }
    if (!quirks.json_schema && wants_schema(r)) {
        schema_into_prompt(r);
    }
    return {};
}

void shorten_tool_ids(std::vector<message>& messages)
{
    std::set<std::string> taken;
    std::map<std::string, std::string> names;
    const auto each_id = [&](auto visit) {
        for (message& m : messages) {
            for (tool_call& call : m.tool_calls) {
                visit(call.id);
            }
            if (m.role == role::tool) {
                visit(m.tool_call_id);
            }
        }
    };
    each_id([&](std::string& id) {
        if (is_short_id(id)) {
            taken.insert(id);
        }
    });
    each_id([&](std::string& id) {
        if (id.empty() || is_short_id(id)) {
            return;
        }
        auto const [at, fresh] = names.try_emplace(id);
        for (std::uint64_t attempt = 0; fresh && at->second.empty(); ++attempt) {
            if (std::string candidate = short_id(id, attempt); taken.insert(candidate).second) {
                at->second = std::move(candidate);
            }
        }
        id = at->second;
    });
}

} // namespace cogate::providers::openai_chat
