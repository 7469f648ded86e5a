#include "lib/engine/said_text.hpp"

#include "lib/core/json/document.hpp"
#include "lib/core/json/scanner.hpp"
#include "lib/core/json/writer.hpp"

#include <algorithm>
#include <array>

namespace cogate::engine {
namespace {

constexpr std::size_t most_text = 256 * 1024;

/// Members of a delta beside the text: empty ones say nothing.
bool says_more(json::value delta)
{
    constexpr std::array<std::string_view, 7> others{"tool_calls",        "function_call", "refusal", "audio",
                                                     "reasoning_content", "reasoning",     "images"};
    return std::any_of(others.begin(), others.end(), [&](std::string_view name) {
        json::value const one = delta[name];
        return one.exists() && !one.is_null() && !(one.is_string() && one.string().empty()) &&
               !(one.is_array() && one.size() == 0);
    });
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

} // namespace cogate::engine
