#include "providers/common/transcript.hpp"

#include "providers/common/lacks.hpp"

namespace cogate::providers {

namespace {

result<std::string> text_of(message const& m, std::string const& at)
{
    if (m.role == role::tool || !m.tool_calls.empty()) {
        return unsupported_content("tool calls and their results", at);
    }
    std::string out;
    for (std::size_t i = 0; i != m.content.size(); ++i) {
        if (auto const* text = std::get_if<text_part>(&m.content[i])) {
            out += text->text;
        } else if (auto const* refusal = std::get_if<refusal_part>(&m.content[i])) {
            out += refusal->text;
        } else if (!std::holds_alternative<reasoning_part>(m.content[i])) {
            return unsupported_content("content other than text", at + ".content[" + std::to_string(i) + "]");
        }
    }
    return out;
}

} // namespace

result<transcript> write_transcript(std::vector<message> const& messages, bool system_inside)
{
    transcript out;
    std::string lines;
    std::size_t turns = 0;
    bool by_user = false;
    std::string last;
    for (std::size_t i = 0; i != messages.size(); ++i) {
        message const& m = messages[i];
        result<std::string> text = text_of(m, "messages[" + std::to_string(i) + "]");
        if (!text) {
            return text.error();
        }
        if (m.role == role::system || m.role == role::developer) {
            out.system += out.system.empty() ? "" : "\n\n";
            out.system += *text;
            continue;
        }
        ++turns;
        lines += m.role == role::assistant ? "Assistant: " : "User: ";
        lines += *text;
        lines += '\n';
        by_user = m.role == role::user;
        last = *std::move(text);
    }
    const bool inside = system_inside && !out.system.empty();
    if (turns == 1 && by_user && !inside) {
        out.prompt = std::move(last);
        return out;
    }
    if (inside) {
        out.prompt = "System: " + out.system + "\n";
        out.system.clear();
    }
    out.prompt += lines;
    out.prompt += "Assistant:";
    return out;
}

} // namespace cogate::providers
