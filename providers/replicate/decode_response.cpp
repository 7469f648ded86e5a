#include "providers/common/token_count.hpp"
#include "providers/replicate/codec.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/derived.hpp"
#include "providers/common/fields.hpp"

#include <algorithm>
#include <array>

namespace cogate::providers::replicate {

namespace {

// Of the rest only `metrics` says something of the answer; `input` and `logs` repeat the caller's text.
constexpr std::array<std::string_view, 16> known = {
    "id",         "model",        "version",    "input", "output", "error",        "logs",   "status",
    "created_at", "completed_at", "started_at", "urls",  "stream", "data_removed", "source", "deployment"};

void append_output(std::string& to, json::value output)
{
    if (output.is_string()) {
        output.append_string_to(to);
    } else if (output.exists() && !output.is_null()) {
        to += output.raw();
    }
}

} // namespace

result<chat_response> decode_chat(std::string_view body)
{
    json::document doc;
    const result<json::value> opened = open_json(doc, body);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    if (std::optional<failure> why = failed(root)) {
        return *std::move(why);
    }
    if (!root["status"].equals("succeeded")) {
        return nonsense("it is no finished prediction");
    }
    std::string text;
    const json::value output = root["output"];
    if (output.is_array()) {
        for (json::value piece : output) {
            append_output(text, piece);
        }
    } else {
        append_output(text, output);
    }
    chat_response out;
    out.id = root["id"].string();
    out.model = root["model"].string();
    out.created = seconds_of(root["created_at"].string());
    const json::value metrics = root["metrics"];
    out.usage.reported =
        metrics["input_token_count"].is_number() || metrics["output_token_count"].is_number();
    out.usage.prompt_tokens = token_count(metrics["input_token_count"]);
    out.usage.completion_tokens = token_count(metrics["output_token_count"]);
    out.usage.total_tokens = out.usage.prompt_tokens + out.usage.completion_tokens;
    keep_unknown(root, known, out.extra);
    chat_choice choice;
    choice.message.content.emplace_back(text_part{.text = std::move(text)});
    choice.finish_reason = finish_reason::stop;
    choice.native_finish_reason = "succeeded";
    out.choices.push_back(std::move(choice));
    return out;
}

} // namespace cogate::providers::replicate
