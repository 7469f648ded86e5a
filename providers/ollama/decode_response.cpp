#include "providers/ollama/codec.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/derived.hpp"

namespace cogate::providers::ollama {

result<chat_response> decode_chat(std::string_view body)
{
    json::document doc;
    const result<json::value> opened = open_json(doc, body, in_band_error);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    if (!root["message"].is_object() && !root["response"].is_string()) {
        return nonsense("it has no message");
    }
    std::string scratch;
    const std::string_view text = text_in(root, scratch);
    chat_response out;
    out.id = answer_id(root, body);
    out.model = root["model"].string();
    out.created = seconds_of(root["created_at"].string());
    out.usage = read_usage(root);
    keep_rest(root, out.extra);
    chat_choice choice;
    if (std::string thinking = thinking_in(root); !thinking.empty()) {
        choice.message.content.emplace_back(reasoning_part{.text = std::move(thinking), .field = "thinking"});
    }
    for (json::value call : root["message"]["tool_calls"]) {
        choice.message.tool_calls.push_back(read_call(call, out.id, choice.message.tool_calls.size()));
    }
    if (!text.empty() || choice.message.tool_calls.empty()) {
        choice.message.content.emplace_back(text_part{.text = std::string(text)});
    }
    choice.native_finish_reason = root["done_reason"].string();
    choice.finish_reason = read_finish_reason(choice.native_finish_reason, !choice.message.tool_calls.empty(),
                                              choice.finish_reason_text);
    out.choices.push_back(std::move(choice));
    return out;
}

} // namespace cogate::providers::ollama
