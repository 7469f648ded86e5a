#include "providers/bedrock_converse/blocks.hpp"
#include "providers/bedrock_converse/codec.hpp"
#include "providers/bedrock_converse/token_usage.hpp"
#include "providers/common/fields.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::bedrock_converse {

namespace {

constexpr std::array<std::string_view, 4> known = {"output", "stopReason", "usage", "serviceTier"};
constexpr std::array<std::string_view, 1> known_output = {"message"};
constexpr std::array<std::string_view, 2> known_message = {"role", "content"};

std::string id_of(whole_answer const& answer)
{
    if (const auto given = wire::find_header(answer.headers, "x-amzn-requestid")) {
        const bool plain =
            !given->empty() && given->size() <= 64 && std::all_of(given->begin(), given->end(), [](char c) {
                return wire::has_class(c, wire::char_alpha | wire::char_digit) || c == '-';
            });
        if (plain) {
            return "chatcmpl-" + std::string(*given);
        }
    }
    return response_id(answer.body);
}

} // namespace

result<chat_response> decode_chat(whole_answer const& answer, call_context const& context)
{
    json::document doc;
    const result<json::value> opened = open_json(doc, answer.body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    const json::value output = root["output"];
    const json::value content = output["message"]["content"];
    if (!content.is_array()) {
        return nonsense("it has no message with a list of content");
    }
    chat_response out{.id = id_of(answer), .model = std::string(bare_model(context.model)), .choices = {}};
    chat_choice choice;
    bool answered = false;
    for (json::value block : content) {
        if (!read_block(block, choice.message, answered)) {
            return nonsense("a content block is not an object");
        }
    }
    choice.finish_reason = read_finish_reason(root["stopReason"], choice.finish_reason_text);
    choice.native_finish_reason = root["stopReason"].string();
    choice.stop_sequence = root["additionalModelResponseFields"]["stop_sequence"].string();
    if (answered && choice.message.tool_calls.empty() && choice.finish_reason == finish_reason::tool_calls) {
        choice.finish_reason = finish_reason::stop;
    }
    keep_unknown(output["message"], known_message, choice.message.extra);
    keep_leftovers(output, "output", known_output, out.extra);
    out.choices.push_back(std::move(choice));
    out.usage = read_usage(root["usage"]);
    out.service_tier = root["serviceTier"]["type"].string();
    keep_unknown(root, known, out.extra);
    return out;
}

} // namespace cogate::providers::bedrock_converse
