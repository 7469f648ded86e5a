#include "providers/ollama/codec.hpp"

#include "providers/common/lacks.hpp"
#include "providers/common/part_kinds.hpp"

namespace cogate::providers::ollama {

namespace {

std::string place_of(std::size_t message_index, std::string_view list, std::size_t index)
{
    std::string out = "messages[" + std::to_string(message_index) + "].";
    out += list;
    out += "[" + std::to_string(index) + "]";
    return out;
}

/// The tool that the result answers, looked up backwards in the history.
std::string_view tool_name_of(std::vector<message> const& messages, std::size_t result_at) noexcept
{
    message const& answer = messages[result_at];
    if (!answer.name.empty()) {
        return answer.name;
    }
    for (std::size_t i = result_at; i != 0; --i) {
        for (tool_call const& call : messages[i - 1].tool_calls) {
            if (call.id == answer.tool_call_id) {
                return call.name;
            }
        }
    }
    return {};
}

/// Text, thoughts and pictures of one message; Ollama has one member for each.
struct pieces {
    std::string text;
    std::string thinking;
    std::vector<std::string_view> images;
};

result<pieces> sort_content(message const& m, std::size_t index)
{
    pieces out;
    for (std::size_t i = 0; i != m.content.size(); ++i) {
        content_part const& part = m.content[i];
        if (auto const* text = std::get_if<text_part>(&part)) {
            out.text += text->text;
        } else if (auto const* refusal = std::get_if<refusal_part>(&part)) {
            out.text += refusal->text;
        } else if (auto const* thought = std::get_if<reasoning_part>(&part)) {
            out.thinking += thought->text;
        } else if (auto const* image = std::get_if<image_part>(&part);
                   image != nullptr && !image->source.data.empty()) {
            out.images.push_back(image->source.data);
        } else {
            const bool linked = std::holds_alternative<image_part>(part);
            return unsupported_content(linked ? "an image that is not given as base64 data"
                                              : "content of this kind",
                                       place_of(index, "content", i));
        }
    }
    return out;
}

result<void> write_calls(json::writer& out, message const& m, std::size_t index)
{
    out.key("tool_calls").begin_array();
    json::document doc;
    json::parse_error error;
    for (std::size_t i = 0; i != m.tool_calls.size(); ++i) {
        tool_call const& call = m.tool_calls[i];
        if (call.type != "function") {
            return unsupported_content("a tool call of type " + call.type, place_of(index, "tool_calls", i));
        }
        std::string_view arguments =
            call.arguments.empty() ? std::string_view("{}") : std::string_view(call.arguments);
        if (!doc.parse(arguments, error) || !doc.root().is_object()) {
            return failure(error_kind::invalid_request, "the arguments of a tool call must be a JSON object")
                .with_code("invalid_value")
                .with_param(place_of(index, "tool_calls", i) + ".function.arguments");
        }
        out.begin_object().key("function").begin_object().member("name", call.name);
        out.raw_member("arguments", doc.root().raw()).end_object().end_object();
    }
    out.end_array();
    return {};
}

} // namespace

result<void> write_messages(raw_writer& to, std::vector<message> const& messages)
{
    json::writer& out = to.out();
    out.key("messages").begin_array();
    for (std::size_t i = 0; i != messages.size(); ++i) {
        message const& m = messages[i];
        const result<pieces> sorted = sort_content(m, i);
        if (!sorted) {
            return sorted.error();
        }
        out.begin_object().member("role", plain_role_name(m.role)).member("content", sorted->text);
        if (!sorted->thinking.empty()) {
            out.member("thinking", sorted->thinking);
        }
        if (!sorted->images.empty()) {
            out.key("images").begin_array();
            for (std::string_view const data : sorted->images) {
                out.value(data);
            }
            out.end_array();
        }
        if (!m.tool_calls.empty()) {
            if (const result<void> wrote = write_calls(out, m, i); !wrote) {
                return wrote;
            }
        }
        if (m.role == role::tool) {
            if (std::string_view const name = tool_name_of(messages, i); !name.empty()) {
                out.member("tool_name", name);
            }
        }
        out.end_object();
    }
    out.end_array();
    return {};
}

} // namespace cogate::providers::ollama
