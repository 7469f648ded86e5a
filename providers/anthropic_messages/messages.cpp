#include "providers/anthropic_messages/messages.hpp"

#include "providers/common/sealed.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace cogate::providers::anthropic_messages {

namespace {

bool is_system(message const& m) noexcept
{
    return m.role == role::system || m.role == role::developer;
}

bool is_plain(message const& m) noexcept
{
    if (!m.content_is_text || m.cache || m.content.size() != 1 || !m.tool_calls.empty()) {
        return false;
    }
    auto const* text = std::get_if<text_part>(&m.content.front());
    return text != nullptr && !text->cache && text->extra.empty() && text->citations.empty();
}

std::string_view without_trailing_space(std::string_view text) noexcept
{
    const auto last = text.find_last_not_of(" \t\r\n");
    return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

failure no_counterpart(std::size_t message, std::string_view list, std::size_t index)
{
    std::string where =
        "messages[" + std::to_string(message) + "]." + std::string(list) + "[" + std::to_string(index) + "]";
    return failure(error_kind::invalid_request,
                   "'" + where + "' is of a kind that Anthropic's models do not take")
        .with_code("unsupported_content")
        .with_param(std::move(where));
}

class message_writer {
public:
    message_writer(raw_writer& to, chat_request const& request, message_options const& options)
        : to_(to), out_(to.out()), request_(request), options_(options)
    {}

    result<void> write();

private:
    message const& at(std::size_t index) const noexcept { return request_.messages[index]; }
    bool hoisted(std::size_t index) const noexcept
    {
        return is_system(at(index)) && index < first_kept_system_;
    }

    void write_system();
    /// From `begin` on, as far as one turn of the user goes; gives where the next turn begins.
    std::size_t write_user_turn(std::size_t begin);
    void write_one(std::size_t index, std::string_view who);
    void write_parts(std::size_t index, std::optional<cache_mark> const& last_mark);
    void write_result(std::size_t index);
    void refuse(failure why);

    raw_writer& to_;
    json::writer& out_;
    chat_request const& request_;
    message_options const& options_;
    std::size_t first_kept_system_ = 0; ///< system messages before it stand in `system`
    std::optional<failure> error_;
};

void message_writer::refuse(failure why)
{
    if (!error_) {
        error_ = std::move(why);
    }
}

result<void> message_writer::write()
{
    const std::size_t count = request_.messages.size();
    if (options_.system_in_messages) {
        while (first_kept_system_ < count && is_system(at(first_kept_system_))) {
            ++first_kept_system_;
        }
    } else {
        first_kept_system_ = count;
    }
    write_system();
    out_.key("messages").begin_array();
    for (std::size_t i = 0; i < count && !error_;) {
        message const& m = at(i);
        if (m.role == role::user || m.role == role::tool) {
            i = write_user_turn(i);
            continue;
        }
        if (!hoisted(i)) {
            write_one(i, m.role == role::assistant ? "assistant" : "system");
        }
        ++i;
    }
    out_.end_array();
    if (error_) {
        return *error_;
    }
    return {};
}

void message_writer::write_system()
{
    std::vector<std::size_t> which;
    bool any = false;
    for (std::size_t i = 0; i != request_.messages.size(); ++i) {
        if (hoisted(i)) {
            which.push_back(i);
            any = any ||
                  std::any_of(at(i).content.begin(), at(i).content.end(),
                              [&](content_part const& part) { return !is_left_out(part, options_.blocks); });
        }
    }
    if (!any && options_.instruction.empty()) {
        return;
    }
    out_.key("system");
    if (which.size() == 1 && is_plain(at(which.front())) && options_.instruction.empty()) {
        out_.value(at(which.front()).text());
        return;
    }
    out_.begin_array();
    for (std::size_t const i : which) {
        write_parts(i, at(i).cache);
    }
    if (!options_.instruction.empty()) {
        out_.begin_object().member("type", "text").member("text", options_.instruction).end_object();
    }
    out_.end_array();
}

std::size_t message_writer::write_user_turn(std::size_t begin)
{
    std::size_t end = begin;
    bool results = false;
    while (end < request_.messages.size() &&
           (at(end).role == role::user || at(end).role == role::tool || hoisted(end))) {
        results = results || at(end).role == role::tool;
        ++end;
    }
    if (!results) {
        for (std::size_t i = begin; i != end; ++i) {
            if (!hoisted(i)) {
                write_one(i, "user");
            }
        }
        return end;
    }
    // The results of all calls come first, in one message.
    out_.begin_object().member("role", "user").key("content").begin_array();
    for (std::size_t i = begin; i != end; ++i) {
        if (at(i).role == role::tool) {
            write_result(i);
        }
    }
    for (std::size_t i = begin; i != end; ++i) {
        if (at(i).role == role::user) {
            write_parts(i, at(i).cache);
        }
    }
    out_.end_array().end_object();
    return end;
}

void message_writer::write_one(std::size_t index, std::string_view who)
{
    message const& m = at(index);
    const bool last = index + 1 == request_.messages.size();
    const bool nothing = m.tool_calls.empty() &&
                         std::all_of(m.content.begin(), m.content.end(), [&](content_part const& part) {
                             return is_left_out(part, options_.blocks);
                         });
    if (nothing && m.role == role::assistant) {
        return; // a turn without content is refused
    }
    if (!m.audio.empty()) {
        refuse(no_counterpart(index, "content", 0));
        return;
    }
    out_.begin_object().member("role", who).key("content");
    if (is_plain(m)) {
        const std::string text = m.text();
        out_.value(last && m.role == role::assistant ? without_trailing_space(text) : std::string_view(text));
    } else {
        out_.begin_array();
        write_parts(index, m.cache);
        out_.end_array();
    }
    write_extras(to_, m.extra, options_.blocks);
    out_.end_object();
}

void message_writer::write_parts(std::size_t index, std::optional<cache_mark> const& last_mark)
{
    message const& m = at(index);
    std::size_t last_part = m.content.size();
    for (std::size_t i = 0; i != m.content.size(); ++i) {
        last_part = is_left_out(m.content[i], options_.blocks) ? last_part : i;
    }
    const bool system = is_system(m);
    for (std::size_t i = 0; i != m.content.size() && !error_; ++i) {
        content_part const& part = m.content[i];
        if (is_left_out(part, options_.blocks)) {
            continue;
        }
        if (system && !std::holds_alternative<text_part>(part) && !options_.blocks.own) {
            refuse(no_counterpart(index, "content", i));
            return;
        }
        std::optional<cache_mark> const* own = mark_of(part);
        const bool marks_here = i == last_part && m.tool_calls.empty() && (own == nullptr || !*own);
        std::optional<cache_mark> const mark = marks_here ? last_mark : own != nullptr ? *own : std::nullopt;
        auto const* text = std::get_if<text_part>(&part);
        if (text != nullptr && i == last_part && m.tool_calls.empty() && m.role == role::assistant &&
            index + 1 == request_.messages.size()) {
            text_part trimmed = *text;
            trimmed.text.resize(without_trailing_space(trimmed.text).size());
            write_part(to_, trimmed, mark, options_.blocks);
        } else if (!write_part(to_, part, mark, options_.blocks)) {
            refuse(no_counterpart(index, "content", i));
        }
    }
    for (std::size_t i = 0; i != m.tool_calls.size() && !error_; ++i) {
        tool_call const& call = m.tool_calls[i];
        const bool last = i + 1 == m.tool_calls.size();
        std::optional<cache_mark> const mark = last && !call.cache ? last_mark : call.cache;
        if (write_tool_use(to_, call, mark, options_.blocks)) {
            continue;
        }
        if (call.type == "custom") {
            refuse(no_counterpart(index, "tool_calls", i));
        } else {
            std::string where = "messages[" + std::to_string(index) + "].tool_calls[" + std::to_string(i) +
                                "].function.arguments";
            refuse(failure(error_kind::invalid_request, "'" + where + "' must be the text of a JSON object")
                       .with_code("invalid_value")
                       .with_param(std::move(where)));
        }
    }
}

void message_writer::write_result(std::size_t index)
{
    message const& m = at(index);
    if (m.tool_call_id.empty()) {
        refuse(no_counterpart(index, "content", 0));
        return;
    }
    out_.begin_object().member("type", "tool_result").member("tool_use_id", tool_id(m.tool_call_id));
    if (m.content_is_text && m.content.size() == 1 && std::holds_alternative<text_part>(m.content.front()) &&
        !*mark_of(m.content.front())) {
        out_.member("content", m.text());
    } else if (!m.content.empty()) {
        out_.key("content").begin_array();
        write_parts(index, std::nullopt);
        out_.end_array();
    }
    if (m.tool_error) {
        out_.member("is_error", true);
    }
    to_.cache(m.cache);
    write_extras(to_, m.extra, options_.blocks);
    out_.end_object();
}

} // namespace

result<void> write_messages(raw_writer& out, chat_request const& request, message_options const& options)
{
    return message_writer(out, request, options).write();
}

bool lacks_thinking(chat_request const& request) noexcept
{
    for (auto m = request.messages.rbegin(); m != request.messages.rend(); ++m) {
        if (m->role != role::assistant) {
            continue;
        }
        const bool goes_on = m != request.messages.rbegin() && !m->tool_calls.empty();
        return goes_on && std::none_of(m->content.begin(), m->content.end(), [](content_part const& part) {
                   auto const* reasoning = std::get_if<reasoning_part>(&part);
                   return reasoning != nullptr && is_anthropic_mark(*reasoning);
               });
    }
    return false;
}

} // namespace cogate::providers::anthropic_messages
