#include "providers/openai_chat/messages.hpp"

#include "providers/common/sealed.hpp"
#include "providers/openai_chat/parts.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::openai_chat {

namespace {

constexpr std::array<std::string_view, 12> known = {
    "role",      "content",         "name",       "refusal",      "reasoning_content",
    "reasoning", "thinking_blocks", "tool_calls", "tool_call_id", "annotations",
    "audio",     "cache_control"};

bool read_role(json::value value, role& out, bool& function)
{
    struct row {
        std::string_view name;
        role who;
    };
    static constexpr std::array<row, 6> rows = {
        row{"user", role::user},  {"assistant", role::assistant}, {"tool", role::tool},
        {"system", role::system}, {"developer", role::developer}, {"function", role::tool}};
    for (row const& r : rows) {
        if (value.equals(r.name)) {
            out = r.who;
            function = r.name == "function";
            return true;
        }
    }
    return false;
}

void read_content(reader& in, json::value content, place const& at, message& m)
{
    if (content.is_string()) {
        m.content.emplace_back(text_part{.text = content.string()});
    } else if (content.is_array()) {
        m.content_is_text = false;
        place element{&at, {}, 0};
        for (json::value part : content) {
            m.content.push_back(read_part(in, part, element));
            ++element.index;
        }
    } else if (content.exists() && !content.is_null()) {
        in.wrong_type(at, "a string or an array of parts", content);
    } else if (m.role != role::assistant) {
        content.exists() ? in.wrong_type(at, "a string or an array of parts", content) : in.missing(at);
    }
}

bool read_thinking_blocks(json::value blocks, std::vector<content_part>& out)
{
    std::vector<content_part> read;
    for (json::value block : blocks) {
        reasoning_part part{.text = block["thinking"].string(), .field = "thinking_blocks"};
        if (block["type"].equals("redacted_thinking") && block["data"].is_string() && block.size() == 2) {
            part.redacted = block["data"].string();
        } else if (block["type"].equals("thinking") && block["thinking"].is_string() &&
                   block.size() == (block["signature"].is_string() ? 3U : 2U)) {
            part.signature = block["signature"].string();
        } else {
            return false;
        }
        take_seals(part);
        read.emplace_back(std::move(part));
    }
    out = std::move(read);
    return true;
}

/// Reasoning comes before the answer, so its parts come first.
void read_reasoning(json::value value, bool strict, message& m)
{
    std::vector<content_part> parts;
    const json::value blocks = value["thinking_blocks"];
    if (blocks.is_array() && read_thinking_blocks(blocks, parts)) {
        for (std::string_view const name : {"reasoning_content", "reasoning"}) {
            if (value[name].exists() && !value[name].is_null()) {
                // The same text once more; kept so that it goes out again.
                m.extra.set(std::string(name), raw_json{std::string(value[name].raw())});
            }
        }
    } else {
        if (blocks.exists() && !blocks.is_null()) {
            m.extra.set("thinking_blocks", raw_json{std::string(blocks.raw())});
        }
        for (std::string_view const name : {"reasoning_content", "reasoning"}) {
            const json::value text = value[name];
            if (text.equals("")) {
                if (strict) {
                    m.extra.set(std::string(name), raw_json{std::string(text.raw())});
                }
                continue;
            }
            if (text.is_string() && parts.empty()) {
                parts.emplace_back(reasoning_part{.text = text.string(), .field = std::string(name)});
            } else if (text.is_string() && strict) {
                m.extra.set(std::string(name), raw_json{std::string(text.raw())});
            } else if (!text.is_string() && text.exists() && !text.is_null()) {
                m.extra.set(std::string(name), raw_json{std::string(text.raw())});
            }
        }
    }
    m.content.insert(m.content.begin(), std::make_move_iterator(parts.begin()),
                     std::make_move_iterator(parts.end()));
}

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

message read_message(reader& in, json::value value, place const& at)
{
    message m;
    m.role = role::assistant;
    if (!value.is_object()) {
        in.wrong_type(at, "an object", value);
        return m;
    }
    const json::value who = value["role"];
    const place role_at{&at, "role"};
    bool function = false;
    if (!who.is_string()) {
        who.exists() ? in.wrong_type(role_at, "a string", who) : in.missing(role_at);
    } else if (!read_role(who, m.role, function)) {
        in.wrong_value(role_at, "must be one of system, developer, user, assistant, tool, function");
    }
    read_content(in, value["content"], place{&at, "content"}, m);
    in.text(value, "name", at, m.name);

    std::string refusal;
    in.text(value, "refusal", at, refusal);
    if (!refusal.empty()) {
        if (m.content_is_text) {
            m.content.emplace_back(refusal_part{.text = std::move(refusal)});
        } else {
            m.extra.set("refusal", raw_json{std::string(value["refusal"].raw())});
        }
    }
    const json::value calls = value["tool_calls"];
    const place calls_at{&at, "tool_calls"};
    if (calls.is_array()) {
        place element{&calls_at, {}, 0};
        for (json::value call : calls) {
            m.tool_calls.push_back(read_tool_call(in, call, element));
            ++element.index;
        }
    } else if (calls.exists() && !calls.is_null()) {
        in.wrong_type(calls_at, "an array", calls);
    }
    in.text(value, "tool_call_id", at, m.tool_call_id);
    if (m.role == role::tool && m.tool_call_id.empty() && in.strict()) {
        if (!function) {
            in.missing(place{&at, "tool_call_id"});
        } else if (m.name.empty()) {
            in.missing(place{&at, "name"});
        }
    }
    in.raw(value, "annotations", m.annotations);
    in.raw(value, "audio", m.audio);
    m.cache = read_cache_mark(value["cache_control"]);
    keep_unknown(value, known, m.extra);
    if (!m.cache && value.contains("cache_control")) {
        m.extra.set("cache_control", raw_json{std::string(value["cache_control"].raw())});
    }
    read_reasoning(value, in.strict(), m);
    return m;
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

finish_reason read_finish_reason(json::value word, std::string& text)
{
    struct row {
        std::string_view word;
        finish_reason why;
    };
    // The last four are Together's, Mistral's and vLLM's.
    static constexpr std::array<row, 9> rows = {row{"stop", finish_reason::stop},
                                                {"length", finish_reason::length},
                                                {"tool_calls", finish_reason::tool_calls},
                                                {"content_filter", finish_reason::content_filter},
                                                {"function_call", finish_reason::function_call},
                                                {"eos", finish_reason::stop},
                                                {"stop_sequence", finish_reason::stop},
                                                {"eos_token", finish_reason::stop},
                                                {"model_length", finish_reason::length}};
    for (row const& r : rows) {
        if (word.equals(r.word)) {
            return r.why;
        }
    }
    text = word.string();
    return text.empty() ? finish_reason::none : finish_reason::other;
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
