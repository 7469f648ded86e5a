#include "providers/gemini/codec.hpp"

#include "providers/common/fields.hpp"
#include "providers/common/splice.hpp"
#include "providers/gemini/generation_config.hpp"
#include "providers/gemini/members.hpp"
#include "providers/gemini/parts.hpp"
#include "providers/gemini/tools.hpp"

#include <array>
#include <deque>
#include <unordered_map>

namespace cogate::providers::gemini {

namespace {

constexpr std::array<std::string_view, 6> known = {"contents",   "systemInstruction", "tools",
                                                   "toolConfig", "generationConfig",  "model"};

/// Calls that have no result yet: results without an id belong to the first of their name.
class open_calls {
public:
    void add(tool_call const& call) { waiting_[call.name].push_back(call.id); }

    /// The id for a result; empty when no call of that name waits.
    std::string take(std::string const& name)
    {
        const auto found = waiting_.find(name);
        if (found == waiting_.end() || found->second.empty()) {
            return {};
        }
        std::string id = std::move(found->second.front());
        found->second.pop_front();
        return id;
    }

    void take(std::string const& name, std::string const& id)
    {
        const auto found = waiting_.find(name);
        if (found != waiting_.end() && !found->second.empty() && found->second.front() == id) {
            found->second.pop_front();
        }
    }

    /// Results come right behind their calls.
    void forget() { waiting_.clear(); }

private:
    std::unordered_map<std::string, std::deque<std::string>> waiting_;
};

class contents_reader {
public:
    contents_reader(reader& in, std::vector<message>& to) : in_(in), to_(to) {}

    void system(json::value instruction);
    void content(json::value value, place const& at);

private:
    void model_turn(json::value parts, place const& at);
    void user_turn(json::value parts, place const& at);
    message tool_result(json::value response, place const& at);
    void add_user(message&& m);
    bool check(json::value part, place const& at);

    reader& in_;
    std::vector<message>& to_;
    open_calls open_;
    std::uint64_t made_ = 0;
};

bool is_bare_text(message const& m)
{
    auto const* text = m.content.size() == 1 ? std::get_if<text_part>(&m.content.front()) : nullptr;
    return text != nullptr && text->extra.empty();
}

void contents_reader::system(json::value instruction)
{
    if (!instruction.exists() || instruction.is_null()) {
        return;
    }
    const place at{nullptr, "systemInstruction"};
    message m;
    m.role = role::system;
    if (instruction.is_string()) {
        m.content.emplace_back(text_part{.text = instruction.string()});
    } else if (!instruction.is_object()) {
        in_.wrong_type(at, "an object", instruction);
        return;
    }
    for (json::value part : elements(instruction["parts"])) {
        read_part(part, m.content);
    }
    m.content_is_text = is_bare_text(m);
    if (!m.content.empty()) {
        to_.push_back(std::move(m));
    }
}

bool contents_reader::check(json::value part, place const& at)
{
    if (!part.is_object()) {
        in_.wrong_type(at, "an object", part);
        return false;
    }
    const json::value text = part["text"];
    if (text.exists() && !text.is_string()) {
        in_.wrong_type(place{&at, "text"}, "a string", text);
        return false;
    }
    for (std::string_view const name : {"functionCall", "functionResponse"}) {
        const json::value inner = member(part, name);
        if (!inner.exists()) {
            continue;
        }
        const place inner_at{&at, name};
        if (!inner.is_object()) {
            in_.wrong_type(inner_at, "an object", inner);
            return false;
        }
        if (!inner["name"].is_string() || inner["name"].equals("")) {
            in_.missing(place{&inner_at, "name"});
            return false;
        }
    }
    return true;
}

void contents_reader::model_turn(json::value parts, place const& at)
{
    message m;
    m.role = role::assistant;
    place element{&at, {}, 0};
    for (json::value part : elements(parts)) {
        if (!check(part, element)) {
            return;
        }
        if (member(part, "functionCall").is_object()) {
            tool_call call = read_call(part);
            if (call.id.empty()) {
                call.id = made_call_id("request", made_++, call.name);
            }
            open_.add(call);
            m.tool_calls.push_back(std::move(call));
        } else {
            read_part(part, m.content);
        }
        ++element.index;
    }
    m.content_is_text = is_bare_text(m);
    to_.push_back(std::move(m));
}

message contents_reader::tool_result(json::value response, place const& at)
{
    message m;
    m.role = role::tool;
    const std::string name = response["name"].string();
    m.tool_call_id = response["id"].string();
    if (m.tool_call_id.empty()) {
        m.tool_call_id = open_.take(name);
    } else {
        open_.take(name, m.tool_call_id);
    }
    if (m.tool_call_id.empty()) {
        m.tool_call_id = made_call_id("result", made_++, name);
        m.name = name; // no call in the history tells it
    }
    const json::value value = response["response"];
    if (value.exists() && !value.is_object() && !value.is_null()) {
        in_.wrong_type(place{&at, "response"}, "an object", value);
    }
    std::string text = "{}";
    if (value.size() == 1 && value["result"].is_string()) {
        text = value["result"].string();
    } else if (value.size() == 1 && value["error"].is_string()) {
        text = value["error"].string();
        m.tool_error = true;
    } else if (value.is_object()) {
        text = compact(value.raw());
    }
    m.content.emplace_back(text_part{.text = std::move(text)});
    for (json::value part : response["parts"]) {
        if (std::optional<content_part> media = read_media(part)) {
            m.content.push_back(*std::move(media));
        }
    }
    m.content_is_text = m.content.size() == 1;
    return m;
}

void contents_reader::add_user(message&& m)
{
    if (m.content.empty()) {
        return;
    }
    m.content_is_text = is_bare_text(m);
    to_.push_back(std::move(m));
}

void contents_reader::user_turn(json::value parts, place const& at)
{
    message m;
    bool any_result = false;
    place element{&at, {}, 0};
    for (json::value part : elements(parts)) {
        if (!check(part, element)) {
            return;
        }
        if (const json::value response = member(part, "functionResponse"); response.is_object()) {
            add_user(std::exchange(m, message{}));
            to_.push_back(tool_result(response, element));
            any_result = true;
        } else {
            read_part(part, m.content);
        }
        ++element.index;
    }
    if (m.content.empty() && !any_result) {
        m.content.emplace_back(text_part{.text = {}});
    }
    add_user(std::move(m));
    open_.forget();
}

void contents_reader::content(json::value value, place const& at)
{
    if (!value.is_object()) {
        in_.wrong_type(at, "an object", value);
        return;
    }
    const json::value parts = value["parts"];
    const place parts_at{&at, "parts"};
    if (!parts.is_array() && !parts.is_object()) {
        parts.exists() ? in_.wrong_type(parts_at, "an array", parts) : in_.missing(parts_at);
        return;
    }
    const json::value who = value["role"];
    if (who.equals("model")) {
        model_turn(parts, parts_at);
    } else if (!who.exists() || who.is_null() || who.equals("user") || who.equals("function") ||
               who.equals("")) {
        user_turn(parts, parts_at);
    } else if (who.equals("system")) {
        system(value);
    } else if (who.is_string()) {
        in_.wrong_value(place{&at, "role"}, "must be user or model");
    } else {
        in_.wrong_type(place{&at, "role"}, "a string", who);
    }
}

} // namespace

result<parsed_chat> parse_chat(std::string_view body, inbound_target const& target)
{
    json::document doc;
    const result<json::value> opened = open_request(doc, body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    if (target.model.empty()) {
        return missing("model");
    }
    reader in(true);
    parsed_chat out;
    chat_request& r = out.request;
    out.stream = target.stream;
    r.model = target.model;
    r.include_usage = true;
    contents_reader contents(in, r.messages);
    contents.system(member(root, "systemInstruction"));
    const place at{nullptr, "contents"};
    const json::value list = root["contents"];
    if (!list.exists() || list.is_null()) {
        in.missing(at);
    } else if (!list.is_array() && !list.is_object()) {
        in.wrong_type(at, "an array", list);
    } else if (list.is_array() && list.size() == 0) {
        in.wrong_value(at, "must not be empty");
    }
    place element{&at, {}, 0};
    for (json::value item : elements(list)) {
        contents.content(item, element);
        if (!in.good()) {
            return in.error();
        }
        ++element.index;
    }
    read_tools(in, root, r);
    read_generation_config(in, root, r);
    if (!in.good()) {
        return in.error();
    }
    keep_unknown(root, known, r.extra);
    if (!r.extra.empty()) {
        r.extra_dialect = "gemini";
    }
    return out;
}

} // namespace cogate::providers::gemini
