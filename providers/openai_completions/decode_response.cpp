#include "providers/common/fields.hpp"
#include "providers/openai_chat/messages.hpp"
#include "providers/openai_chat/token_usage.hpp"
#include "providers/openai_completions/codec.hpp"

#include <array>

namespace cogate::providers::openai_completions {

namespace {

constexpr std::array<std::string_view, 7> known = {"id",      "object", "created",           "model",
                                                   "choices", "usage",  "system_fingerprint"};
constexpr std::array<std::string_view, 4> known_choice = {"index", "text", "finish_reason", "logprobs"};

} // namespace

result<json::value> open_answer(json::document& doc, std::string_view body)
{
    const result<json::value> opened = open_json(doc, body);
    if (!opened) {
        return opened;
    }
    const json::value root = *opened;
    const json::value error = root["error"];
    const bool flat = !root["choices"].exists() && (root["message"].exists() || root["detail"].exists());
    if ((error.exists() && !error.is_null()) || root["object"].equals("error") || flat) {
        return error_event(body);
    }
    return root;
}

void read_choice_end(json::value item, finish_reason& why, std::string& word, raw_json& logprobs,
                     extra_fields& extra)
{
    why = openai_chat::read_finish_reason(item["finish_reason"], word);
    logprobs = chat_logprobs(item["logprobs"]);
    for (json::member m : item.members()) {
        bool ours = m.val.is_null(); // vLLM's stop_reason
        for (std::string_view const name : known_choice) {
            ours = ours || m.key == name;
        }
        if (!ours) {
            extra.set(std::string(m.key), raw_json{std::string(m.val.raw())});
        }
    }
}

result<chat_response> decode_chat(std::string_view body)
{
    json::document doc;
    const result<json::value> opened = open_answer(doc, body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    if (!root["choices"].is_array()) {
        return nonsense("it has no list of choices");
    }
    reader in(false);
    const place top;
    chat_response out;
    in.text(root, "id", top, out.id);
    out.created = root["created"].as_int64().value_or(0);
    in.text(root, "model", top, out.model);
    in.text(root, "system_fingerprint", top, out.system_fingerprint);
    out.usage = openai_chat::read_usage(root["usage"]);
    keep_unknown(root, known, out.extra);
    for (json::value item : root["choices"]) {
        if (!item.is_object()) {
            return nonsense("a choice is not an object");
        }
        chat_choice choice;
        choice.index = item["index"].as_int64().value_or(static_cast<std::int64_t>(out.choices.size()));
        std::string text = item["text"].string();
        if (!text.empty()) {
            choice.message.content.emplace_back(text_part{.text = std::move(text)});
        }
        read_choice_end(item, choice.finish_reason, choice.finish_reason_text, choice.logprobs, choice.extra);
        out.choices.push_back(std::move(choice));
    }
    return out;
}

} // namespace cogate::providers::openai_completions
