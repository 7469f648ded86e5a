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

} // namespace

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

} // namespace cogate::providers::openai_chat
