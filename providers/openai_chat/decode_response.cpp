#include "providers/common/derived.hpp"
#include "providers/common/fields.hpp"
#include "providers/openai_chat/codec.hpp"
#include "providers/openai_chat/messages.hpp"
#include "providers/openai_chat/token_usage.hpp"

#include <array>

namespace cogate::providers::openai_chat {

namespace {

constexpr std::array<std::string_view, 8> known = {"id",      "object", "created",      "model",
                                                   "choices", "usage",  "service_tier", "system_fingerprint"};
// `delta` is Perplexity's, which has both.
constexpr std::array<std::string_view, 5> known_choice = {"index", "message", "delta", "finish_reason",
                                                          "logprobs"};

} // namespace

result<json::value> open_answer(json::document& doc, std::string_view body)
{
    json::parse_error error;
    if (!doc.parse(body, error)) {
        return nonsense("not JSON, " + json::to_string(error));
    }
    const json::value root = doc.root();
    if (std::optional<failure> reported = in_band_error(root)) {
        return *std::move(reported);
    }
    return root;
}

result<chat_response> decode_chat(std::string_view body, chat_quirks const& quirks)
{
    json::document doc;
    const result<json::value> opened = open_answer(doc, body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    const json::value choices = root["choices"];
    if (!choices.is_array()) {
        return nonsense("it has no list of choices");
    }
    reader in(false);
    const place top;
    chat_response out;
    in.text(root, "id", top, out.id);
    out.created = root["created"].as_int64().value_or(0);
    in.text(root, "model", top, out.model);
    in.text(root, "service_tier", top, out.service_tier);
    in.text(root, "system_fingerprint", top, out.system_fingerprint);
    out.usage = read_usage(root["usage"], quirks.usage);
    keep_unknown(root, known, out.extra);
    std::uint64_t calls = 0;
    for (json::value item : choices) {
        if (!item.is_object()) {
            return nonsense("a choice is not an object");
        }
        chat_choice choice;
        choice.index = item["index"].as_int64().value_or(static_cast<std::int64_t>(out.choices.size()));
        choice.message = read_message(in, item["message"], top);
        choice.message.role = role::assistant;
        for (tool_call& call : choice.message.tool_calls) {
            ++calls;
            if (call.id.empty()) { // Google's; results are sent back under it
                call.id = derived_id("call_", body, calls);
            }
        }
        choice.finish_reason = read_finish_reason(item["finish_reason"], choice.finish_reason_text);
        in.raw(item, "logprobs", choice.logprobs);
        keep_unknown(item, known_choice, choice.extra);
        out.choices.push_back(std::move(choice));
    }
    return out;
}

} // namespace cogate::providers::openai_chat
