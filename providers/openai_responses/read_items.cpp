#include "providers/openai_responses/items.hpp"
#include "providers/openai_responses/parts.hpp"

#include <array>
#include <limits>
#include <unordered_set>

namespace cogate::providers::openai_responses {

namespace {

using names = std::string_view;

void read_content(reader& in, json::value content, place const& at, message& m)
{
    if (content.is_string()) {
        m.content.emplace_back(text_part{.text = content.string()});
        return;
    }
    m.content_is_text = false;
    if (!content.is_array()) {
        content.exists() ? in.wrong_type(at, "a string or an array of parts", content) : in.missing(at);
        return;
    }
    place element{&at, {}, 0};
    for (json::value part : content) {
        m.content.push_back(read_part(in, part, element));
        ++element.index;
    }
}

/// The texts of `summary` or `content` of a reasoning item, joined as the streams join them.
std::string joined_texts(json::value list)
{
    std::string out;
    for (json::value piece : list) {
        if (!out.empty()) {
            out += "\n\n";
        }
        piece["text"].append_string_to(out);
    }
    return out;
}

class items_reader {
public:
    items_reader(reader& in, std::vector<message>& out) noexcept : in_(in), out_(out) {}

    void read(json::value item, place const& at)
    {
        if (!item.is_object()) {
            in_.wrong_type(at, "an object", item);
            return;
        }
        std::string scratch;
        const json::value type = item["type"];
        if (type.exists() && !type.is_null() && !type.is_string()) {
            in_.wrong_type(place{&at, "type"}, "a string", type);
            return;
        }
        const std::string_view kind = type.view(scratch);
        if (kind.empty() || kind == "message") {
            read_message(item, at);
        } else if (kind == "function_call" || kind == "custom_tool_call") {
            read_call(item, at, kind == "custom_tool_call");
        } else if (kind == "function_call_output" || kind == "custom_tool_call_output") {
            read_output(item, at, kind == "custom_tool_call_output");
        } else if (kind == "reasoning") {
            read_reasoning(item, at);
        } else {
            read_other(item, kind);
        }
    }

private:
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    /// The assistant's message that the next of its items belongs to. Text opens a new one after text, unless
    /// calls wait for their results: those must follow the message with the calls in every other dialect.
    message& turn()
    {
        const bool closed = turn_ == none || (has_text_ && out_[turn_].tool_calls.empty());
        if (closed) {
            turn_ = out_.size();
            has_text_ = false;
            message m;
            m.role = role::assistant;
            out_.push_back(std::move(m));
        }
        return out_[turn_];
    }

    void read_message(json::value item, place const& at)
    {
        static constexpr std::array<names, 5> known = {"type", "role", "content", "id", "status"};
        message m;
        const json::value who = item["role"];
        const place role_at{&at, "role"};
        if (!who.is_string()) {
            who.exists() ? in_.wrong_type(role_at, "a string", who) : in_.missing(role_at);
            return;
        }
        if (who.equals("assistant")) {
            read_answer(item, at);
            return;
        }
        if (who.equals("system")) {
            m.role = role::system;
        } else if (who.equals("developer")) {
            m.role = role::developer;
        } else if (!who.equals("user")) {
            in_.wrong_value(role_at, "must be one of user, assistant, system, developer");
            return;
        }
        read_content(in_, item["content"], place{&at, "content"}, m);
        keep_unknown(item, known, m.extra);
        turn_ = none;
        out_.push_back(std::move(m));
    }

    void read_answer(json::value item, place const& at)
    {
        static constexpr std::array<names, 5> known = {"type", "role", "content", "id", "status"};
        message& m = turn();
        const bool second = has_text_;
        message part;
        read_content(in_, item["content"], place{&at, "content"}, part);
        if (part.content_is_text && part.text().empty()) {
            part.content.clear();
        }
        m.content_is_text = part.content_is_text && (!second || m.content_is_text);
        m.content.insert(m.content.end(), std::make_move_iterator(part.content.begin()),
                         std::make_move_iterator(part.content.end()));
        std::string annotations;
        for (json::value piece : item["content"]) {
            for (json::value annotation : piece["annotations"]) {
                append_chat_annotation(annotations, annotation);
            }
        }
        if (!annotations.empty()) {
            m.annotations.text = "[" + annotations + "]";
        }
        keep_unknown(item, known, m.extra);
        has_text_ = true;
    }

    void read_reasoning(json::value item, place const& at)
    {
        static constexpr std::array<names, 5> known = {"type", "id", "summary", "content",
                                                       "encrypted_content"};
        reasoning_part part;
        const json::value summary = item["summary"];
        const json::value content = item["content"];
        in_.text(item, "id", at, part.id);
        in_.text(item, "encrypted_content", at, part.redacted);
        take_reasoning_marks(part);
        const bool has_content = content.size() != 0;
        part.text = joined_texts(has_content ? content : summary);
        keep_unknown(item, known, part.extra);
        // What one summary text cannot say is kept as it came.
        const bool plain =
            summary.size() == 0 || (summary.size() == 1 && summary[std::size_t{0}].size() == 2);
        if (has_content || !plain) {
            if (summary.is_array()) {
                part.extra.set("summary", raw_json{std::string(summary.raw())});
            }
            if (content.is_array()) {
                part.extra.set("content", raw_json{std::string(content.raw())});
            }
        }
        turn().content.emplace_back(std::move(part));
    }

    void read_call(json::value item, place const& at, bool custom)
    {
        static constexpr std::array<names, 7> known = {"type",  "id",     "call_id",  "name",
                                                       "input", "status", "arguments"};
        tool_call call;
        in_.text(item, "call_id", at, call.id);
        if (call.id.empty()) {
            in_.missing(place{&at, "call_id"});
        }
        call.signature = cut_signature(call.id);
        in_.text(item, "name", at, call.name);
        if (call.name.empty()) {
            in_.missing(place{&at, "name"});
        }
        in_.text(item, custom ? "input" : "arguments", at, call.arguments);
        if (custom) {
            call.type = "custom";
            custom_calls_.insert(call.id);
        } else {
            custom_calls_.erase(call.id);
            call.arguments = call.arguments.empty() ? std::string("{}") : std::move(call.arguments);
        }
        keep_unknown(item, known, call.extra);
        if (turn_ == none) {
            turn();
        }
        out_[turn_].tool_calls.push_back(std::move(call));
    }

    void read_output(json::value item, place const& at, bool custom)
    {
        message m;
        m.role = role::tool;
        in_.text(item, "call_id", at, m.tool_call_id);
        if (m.tool_call_id.empty()) {
            in_.missing(place{&at, "call_id"});
        }
        cut_signature(m.tool_call_id);
        read_content(in_, item["output"], place{&at, "output"}, m);
        if (custom && !custom_calls_.contains(m.tool_call_id)) {
            // The call is in the provider's store.
            m.extra.set("custom_tool_call_output", raw_json{"true"});
        }
        turn_ = none;
        out_.push_back(std::move(m));
    }

    void read_other(json::value item, std::string_view kind)
    {
        unknown_part part{.type = std::string(kind), .value = raw_json{std::string(item.raw())}};
        const bool of_model = kind.ends_with("_call") || kind == "mcp_list_tools" ||
                              kind == "mcp_approval_request" || kind == "tool_search_output" ||
                              kind == "shell_call_output";
        if (of_model) {
            turn().content.emplace_back(std::move(part));
            return;
        }
        message m;
        m.content_is_text = false;
        m.content.emplace_back(std::move(part));
        turn_ = none;
        out_.push_back(std::move(m));
    }

    reader& in_;
    std::vector<message>& out_;
    std::size_t turn_ = none;
    bool has_text_ = false;
    std::unordered_set<std::string> custom_calls_;
};

} // namespace

void read_items(reader& in, json::value input, place const& at, std::vector<message>& out)
{
    items_reader items(in, out);
    place element{&at, {}, 0};
    for (json::value item : input) {
        items.read(item, element);
        if (!in.good()) {
            return;
        }
        ++element.index;
    }
}

} // namespace cogate::providers::openai_responses
