#include "providers/huggingface/codec.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/derived.hpp"

namespace cogate::providers::huggingface {

result<chat_response> decode_chat(whole_answer const& answer, std::string_view model)
{
    json::document doc;
    json::parse_error error;
    if (!doc.parse(answer.body, error)) {
        return nonsense("not JSON, " + json::to_string(error));
    }
    // The inference API, and "/" of TGI, put the same value into a list.
    const json::value root = doc.root().is_array() ? doc.root()[std::size_t{0}] : doc.root();
    if (std::optional<failure> why = in_band_error(root)) {
        return *std::move(why);
    }
    if (!root["generated_text"].is_string()) {
        return nonsense("it has no generated text");
    }
    const json::value details = root["details"];
    chat_response out;
    out.id = derived_id("chatcmpl-", answer.body);
    out.model = model;
    out.usage = read_usage(details, count_in(answer.headers, "x-prompt-tokens"));
    chat_choice choice;
    choice.message.content.emplace_back(text_part{.text = root["generated_text"].string()});
    choice.native_finish_reason = details["finish_reason"].string();
    choice.finish_reason = read_finish_reason(choice.native_finish_reason, choice.finish_reason_text);
    out.choices.push_back(std::move(choice));
    return out;
}

} // namespace cogate::providers::huggingface
