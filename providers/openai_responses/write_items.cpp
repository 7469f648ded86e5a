#include "providers/openai_responses/codec.hpp"
#include "providers/openai_responses/items.hpp"
#include "providers/openai_responses/parts.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace cogate::providers::openai_responses {

namespace {

using names = std::string_view;

names role_name(role who) noexcept
{
    switch (who) {
    case role::system: return "system";
    case role::developer: return "developer";
    case role::assistant: return "assistant";
    default: return "user";
    }
}

class items_writer {
public:
    items_writer(raw_writer& to, chat_request const& request)
        : to_(to), out_(to.out()), request_(request), ours_(is_ours(request))
    {}

    void write(std::size_t first)
    {
        for (index_ = first; index_ != request_.messages.size() && !error_; ++index_) {
            message const& m = request_.messages[index_];
            switch (m.role) {
            case role::tool: write_output(m); break;
            case role::assistant: write_turn(m); break;
            default: write_input(m); break;
            }
        }
    }

    std::optional<failure> take_error() { return std::move(error_); }

private:
    void refuse_part(std::size_t part)
    {
        const std::string at =
            "messages[" + std::to_string(index_) + "].content[" + std::to_string(part) + "]";
        error_ = failure(error_kind::invalid_request, "the Responses API cannot carry the content of " + at);
        error_->with_code("unsupported_content").with_param(at);
    }

    /// The parts [begin, end) as an array.
    void write_parts(message const& m, std::size_t begin, std::size_t end, direction way)
    {
        out_.begin_array();
        for (std::size_t i = begin; i != end && !error_; ++i) {
            if (!write_part(to_, m.content[i], way, ours_)) {
                refuse_part(i);
            }
        }
        out_.end_array();
    }

    bool is_bare_text(message const& m, std::size_t begin, std::size_t end) const noexcept
    {
        if (!m.content_is_text) {
            return false;
        }
        return std::all_of(m.content.begin() + static_cast<std::ptrdiff_t>(begin),
                           m.content.begin() + static_cast<std::ptrdiff_t>(end),
                           [&](content_part const& part) {
                               auto const* text = std::get_if<text_part>(&part);
                               return text != nullptr && !(ours_ && text->cache);
                           });
    }

    void write_bare_text(message const& m, std::size_t begin, std::size_t end)
    {
        std::string text;
        for (std::size_t i = begin; i != end; ++i) {
            text += std::get<text_part>(m.content[i]).text;
        }
        out_.value(text);
    }

    void write_content(message const& m, std::size_t begin, std::size_t end, direction way)
    {
        if (is_bare_text(m, begin, end)) {
            write_bare_text(m, begin, end);
        } else {
            write_parts(m, begin, end, way);
        }
    }

    void write_input(message const& m)
    {
        // Items that are no messages (approvals, references) stand alone in a message of their own.
        const bool only_items = !m.content.empty() &&
                                std::all_of(m.content.begin(), m.content.end(), [](content_part const& part) {
                                    auto const* item = std::get_if<unknown_part>(&part);
                                    return item != nullptr && is_item_type(item->type);
                                });
        if (only_items) {
            for (content_part const& part : m.content) {
                to_.element(std::get<unknown_part>(part).value, "input");
            }
            return;
        }
        out_.begin_object().member("role", role_name(m.role)).key("content");
        write_content(m, 0, m.content.size(), direction::input);
        if (ours_) {
            to_.extra(m.extra);
        }
        out_.end_object();
    }

    void write_output(message const& m)
    {
        if (m.tool_call_id.empty()) {
            const std::string at = "messages[" + std::to_string(index_) + "].tool_call_id";
            error_ = failure(error_kind::invalid_request, "'" + at + "' is required");
            error_->with_code("missing_required_parameter").with_param(at);
            return;
        }
        const bool custom =
            custom_calls_.contains(m.tool_call_id) || m.extra.find("custom_tool_call_output") != nullptr;
        out_.begin_object();
        out_.member("type", custom ? names("custom_tool_call_output") : names("function_call_output"));
        out_.member("call_id", m.tool_call_id).key("output");
        write_content(m, 0, m.content.size(), direction::input);
        out_.end_object();
    }

    void write_turn(message const& m)
    {
        std::size_t i = 0;
        while (i != m.content.size() && !error_) {
            content_part const& part = m.content[i];
            if (std::holds_alternative<reasoning_part>(part)) {
                const std::size_t end = reasoning_group_end(m.content, i);
                write_reasoning(std::span(m.content).subspan(i, end - i));
                i = end;
            } else if (auto const* item = std::get_if<unknown_part>(&part);
                       item != nullptr && is_item_type(item->type)) {
                to_.element(item->value, "input");
                ++i;
            } else {
                i = write_message(m, i);
            }
        }
        for (tool_call const& call : m.tool_calls) {
            write_call(call);
        }
    }

    std::size_t write_message(message const& m, std::size_t begin)
    {
        std::size_t end = begin;
        while (end != m.content.size() && !std::holds_alternative<reasoning_part>(m.content[end])) {
            auto const* item = std::get_if<unknown_part>(&m.content[end]);
            if (item != nullptr && is_item_type(item->type)) {
                break;
            }
            ++end;
        }
        // Chat clients send an empty text beside calls.
        const bool nothing = is_bare_text(m, begin, end) && m.text().empty();
        if (nothing && !m.tool_calls.empty()) {
            return end;
        }
        out_.begin_object().member("role", "assistant").key("content");
        write_content(m, begin, end, direction::output);
        if (ours_) {
            to_.extra(m.extra);
        } else if (raw_json const* phase = m.extra.find("phase")) {
            to_.member("phase", *phase);
        }
        out_.end_object();
        return end;
    }

    void write_reasoning(std::span<content_part const> parts)
    {
        static constexpr std::array<names, 2> lists = {"summary", "content"};
        reasoning_item const item = joined_reasoning(parts);
        if (std::any_of(parts.begin(), parts.end(), [](content_part const& part) {
                return !std::get<reasoning_part>(part).signature.empty();
            })) {
            return;
        }
        const std::optional<std::string_view> encrypted = encrypted_for_provider(item.encrypted, item.id);
        // What is not stored cannot be named; a client of this dialect means what it says in words.
        const bool stored = request_.store.value_or(ours_);
        const bool only_named = encrypted && encrypted->empty() && (item.text.empty() || !ours_);
        if (!encrypted || (only_named && !stored)) {
            return;
        }
        out_.begin_object().member("type", "reasoning");
        if (!item.id.empty()) {
            out_.member("id", item.id);
        }
        if (raw_json const* summary = item.extra->find(lists[0])) {
            to_.member(lists[0], *summary);
        } else {
            out_.key(lists[0]).begin_array();
            if (!item.text.empty()) {
                out_.begin_object().member("type", "summary_text").member("text", item.text).end_object();
            }
            out_.end_array();
        }
        if (raw_json const* content = item.extra->find(lists[1])) {
            to_.member(lists[1], *content);
        }
        if (!encrypted->empty()) {
            out_.member("encrypted_content", *encrypted);
        }
        to_.extra(*item.extra, lists);
        out_.end_object();
    }

    void write_call(tool_call const& call)
    {
        const bool custom = call.type == "custom";
        // Some services use an id again in a later turn.
        if (custom) {
            custom_calls_.insert(call.id);
        } else {
            custom_calls_.erase(call.id);
        }
        out_.begin_object().member("type", custom ? names("custom_tool_call") : names("function_call"));
        out_.member("call_id", call.id).member("name", call.name);
        if (custom) {
            out_.member("input", call.arguments);
        } else {
            out_.member("arguments", call.arguments.empty() ? names("{}") : names(call.arguments));
        }
        if (ours_) {
            to_.extra(call.extra);
        } else if (raw_json const* space = call.extra.find("namespace")) {
            to_.member("namespace", *space);
        }
        out_.end_object();
    }

    raw_writer& to_;
    json::writer& out_;
    chat_request const& request_;
    bool ours_;
    std::unordered_set<std::string_view> custom_calls_;
    std::size_t index_ = 0;
    std::optional<failure> error_;
};

} // namespace

std::optional<failure> write_items(raw_writer& to, chat_request const& request, std::size_t first)
{
    items_writer items(to, request);
    items.write(first);
    return items.take_error();
}

} // namespace cogate::providers::openai_responses
