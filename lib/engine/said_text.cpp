#include "lib/engine/said_text.hpp"

#include "lib/core/json/document.hpp"
#include "lib/core/json/scanner.hpp"
#include "lib/core/json/writer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cogate::engine {
namespace {

constexpr std::size_t most_text = 256 * 1024;

/// Empty values say nothing: services send them with every chunk.
bool is_empty(json::value one) noexcept
{
    return one.is_null() || (one.is_string() && one.raw() == "\"\"") || (one.is_array() && one.size() == 0);
}

bool is_empty(raw_json const& one) noexcept
{
    constexpr std::array<std::string_view, 4> nothing{"", "null", "\"\"", "[]"};
    return std::find(nothing.begin(), nothing.end(), one.text) != nothing.end();
}

/// Whether a delta has more than text.
bool says_more(json::value delta)
{
    for (auto const [key, val] : delta.members()) {
        if (key != "role" && key != "content" && !is_empty(val)) {
            return true;
        }
    }
    return false;
}

bool says_more(chat_delta const& delta)
{
    return !delta.refusal.empty() || !delta.reasoning.empty() || !delta.reasoning_signature.empty() ||
           !delta.reasoning_redacted.empty() || !delta.parts.empty() || !delta.tool_calls.empty() ||
           !is_empty(delta.annotations) || !is_empty(delta.audio) ||
           std::any_of(delta.message_extra.begin(), delta.message_extra.end(),
                       [](extra_fields::member const& one) { return !is_empty(one.second); });
}

} // namespace

void said_text::add(std::string_view events)
{
    constexpr std::string_view field = "data:";
    while (plain_ && !ended_ && !events.empty()) {
        std::size_t const end = std::min(events.find('\n'), events.size() - 1) + 1;
        std::string_view line = events.substr(0, end);
        events.remove_prefix(end);
        if (line.starts_with(field)) {
            line.remove_prefix(field.size());
            take(line);
        }
    }
}

void said_text::take(std::string_view data)
{
    if (data.find("[DONE]") != std::string_view::npos && data.find('{') == std::string_view::npos) {
        ended_ = true;
        return;
    }
    json::document event;
    json::parse_error error;
    if (!event.parse(data, error)) {
        plain_ = false;
        return;
    }
    if (name_.id.empty()) {
        name_.id = event.root()["id"].string();
        name_.model = event.root()["model"].string();
        name_.created = event.root()["created"].as_int64().value_or(0);
    }
    json::value const choices = event.root()["choices"];
    for (std::size_t i = 0; i != choices.size(); ++i) {
        json::value const choice = choices[i];
        json::value const delta = choice["delta"];
        json::value const content = delta["content"];
        bool const text = !content.exists() || content.is_null() || content.is_string();
        json::value const index = choice["index"];
        if (i != 0 || (index.exists() && index.raw() != "0") || !text || says_more(delta)) {
            plain_ = false;
            return;
        }
        if (content.is_string()) {
            text_ += content.string();
        }
        ended_ = ended_ || choice["finish_reason"].is_string();
    }
    plain_ = text_.size() <= most_text;
}

void said_text::add(chat_chunk const& chunk)
{
    if (!plain_ || ended_) {
        return;
    }
    if (name_.id.empty()) {
        name_.id = chunk.id;
        name_.model = chunk.model;
        name_.created = chunk.created;
    }
    for (chat_delta const& delta : chunk.choices) {
        if (delta.index != 0 || says_more(delta)) {
            plain_ = false;
            return;
        }
        text_ += delta.content;
        ended_ = ended_ || delta.finish_reason != finish_reason::none;
    }
    plain_ = text_.size() <= most_text;
}

std::optional<std::string> with_prefill(std::string_view body, std::string_view text)
{
    std::array<json::member_query, 1> wanted{{{"messages"}}};
    json::scan_error error;
    if (!json::find_members(body, wanted, error) || wanted[0].kind != json::kind::array) {
        return std::nullopt;
    }
    json::document messages;
    json::parse_error fault;
    if (!messages.parse(wanted[0].value_in(body), fault) || messages.root().size() == 0 ||
        messages.root()[messages.root().size() - 1]["role"].string() == "assistant") {
        return std::nullopt;
    }
    std::size_t const bracket = wanted[0].value_end - 1;
    std::string out(body.substr(0, bracket));
    out += ',';
    json::writer(out).begin_object().member("role", "assistant").member("content", text).end_object();
    out += body.substr(bracket);
    return out;
}

std::optional<chat_request> with_prefill(chat_request const& request, std::string_view text)
{
    if (request.messages.empty() || request.messages.back().role == role::assistant) {
        return std::nullopt;
    }
    chat_request out = request;
    out.messages.push_back(assistant(std::string(text)));
    return out;
}

std::optional<std::string> with_tokens_left(std::string_view body, std::int64_t said)
{
    std::array<json::member_query, 2> limits{{{"max_tokens"}, {"max_completion_tokens"}}};
    json::scan_error error;
    if (!json::find_members(body, limits, error)) {
        return std::string(body);
    }
    if (limits[1].value_begin < limits[0].value_begin) {
        std::swap(limits[0], limits[1]);
    }
    std::string out;
    std::size_t copied = 0;
    for (json::member_query const& one : limits) {
        json::document number;
        json::parse_error fault;
        if (!one.found || !number.parse(one.value_in(body), fault)) {
            continue;
        }
        std::optional<std::int64_t> const limit = number.root().as_int64();
        if (!limit || *limit <= 0) {
            continue; // no limit, or one for the provider to refuse
        }
        if (*limit <= said) {
            return std::nullopt;
        }
        out += body.substr(copied, one.value_begin - copied);
        out += std::to_string(*limit - said);
        copied = one.value_end;
    }
    out += body.substr(copied);
    return out;
}

std::optional<chat_request> with_tokens_left(chat_request request, std::int64_t said)
{
    for (std::optional<std::int64_t>* const limit : {&request.max_tokens, &request.max_completion_tokens}) {
        if (*limit && **limit > 0) {
            if (**limit <= said) {
                return std::nullopt;
            }
            **limit -= said;
        }
    }
    return request;
}

} // namespace cogate::engine
