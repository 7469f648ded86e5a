#include "providers/common/fields.hpp"
#include "providers/openai_responses/codec.hpp"
#include "providers/openai_responses/items.hpp"
#include "providers/openai_responses/output.hpp"
#include "providers/openai_responses/parts.hpp"
#include "providers/openai_responses/token_usage.hpp"

#include <array>

namespace cogate::providers::openai_responses {

namespace {

using names = std::string_view;

class output_reader {
public:
    explicit output_reader(chat_choice& to) noexcept : to_(to), m_(to.message) {}

    void read(json::value item)
    {
        std::string scratch;
        const std::string_view type = item["type"].view(scratch);
        if (type == "message") {
            read_message(item);
        } else if (type == "reasoning") {
            read_reasoning(item);
        } else if (type == "function_call" || type == "custom_tool_call") {
            read_call(item, type == "custom_tool_call");
        } else if (!type.empty()) {
            m_.content.emplace_back(
                unknown_part{.type = std::string(type), .value = raw_json{std::string(item.raw())}});
        }
    }

    void finish()
    {
        if (!annotations_.empty()) {
            m_.annotations.text = "[" + annotations_ + "]";
        }
        if (!logprobs_.empty()) {
            to_.logprobs.text = "{\"content\":[" + logprobs_ + "],\"refusal\":null}";
        }
    }

private:
    void read_message(json::value item)
    {
        const place top;
        for (json::value part : item["content"]) {
            std::string text = part["text"].string();
            if (part["type"].equals("refusal")) {
                text = part["refusal"].string();
                // Streams cannot tell two of them apart.
                auto* before = m_.content.empty() ? nullptr : std::get_if<refusal_part>(&m_.content.back());
                if (before != nullptr) {
                    before->text += text;
                } else if (!text.empty()) {
                    m_.content.emplace_back(refusal_part{.text = std::move(text)});
                }
                continue;
            }
            if (!text.empty()) {
                m_.content.emplace_back(text_part{.text = std::move(text)});
            }
            for (json::value annotation : part["annotations"]) {
                append_chat_annotation(annotations_, annotation);
            }
            for (json::value token : part["logprobs"]) {
                logprobs_ += logprobs_.empty() ? "" : ",";
                logprobs_ += token.raw();
            }
        }
        keep_phase(item);
    }

    void keep_phase(json::value item)
    {
        if (item["phase"].is_string()) {
            m_.extra.set("phase", raw_json{std::string(item["phase"].raw())});
        }
    }

    void read_reasoning(json::value item)
    {
        const place top;
        reader in(false);
        reasoning_part part{.text = reasoning_text(item)};
        in.text(item, "id", top, part.id);
        in.text(item, "encrypted_content", top, part.redacted);
        take_reasoning_marks(part);
        reasoning_part sealed{.text = {}, .redacted = std::move(part.redacted), .id = part.id};
        part.redacted.clear();
        if (!part.text.empty() || !part.signature.empty() || (sealed.redacted.empty() && !part.id.empty())) {
            m_.content.emplace_back(std::move(part));
        }
        // A part of its own, as in a stream, where it comes behind the text.
        if (!sealed.redacted.empty()) {
            m_.content.emplace_back(std::move(sealed));
        }
    }

    void read_call(json::value item, bool custom)
    {
        const place top;
        reader in(false);
        tool_call call;
        in.text(item, "call_id", top, call.id);
        in.text(item, "name", top, call.name);
        call.arguments = custom ? item["input"].string() : item["arguments"].string();
        if (item["arguments"].is_object()) {
            call.arguments = item["arguments"].raw();
        }
        if (custom) {
            call.type = "custom";
        } else if (call.arguments.empty()) {
            call.arguments = "{}";
        }
        if (call.id.empty()) {
            in.text(item, "id", top, call.id);
        }
        if (call.id.empty()) {
            call.id = derived_id("call_", call.name + call.arguments, m_.tool_calls.size());
        }
        call.signature = cut_signature(call.id);
        if (item["namespace"].is_string()) {
            call.extra.set("namespace", raw_json{std::string(item["namespace"].raw())});
        }
        m_.tool_calls.push_back(std::move(call));
    }

    chat_choice& to_;
    message& m_;
    std::string annotations_;
    std::string logprobs_;
};

} // namespace

result<chat_response> decode_chat(std::string_view body)
{
    json::document doc;
    const result<json::value> opened = open_json(doc, body, in_band_error);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    if (!root["output"].is_array()) {
        return nonsense("it has no list of output items");
    }
    const place top;
    reader in(false);
    chat_response out;
    in.text(root, "id", top, out.id);
    out.created = root["created_at"].as_int64().value_or(0);
    in.text(root, "model", top, out.model);
    in.text(root, "service_tier", top, out.service_tier);
    out.usage = read_usage(root["usage"]);
    out.extra = unknown_members(root);
    chat_choice choice;
    output_reader items(choice);
    for (json::value item : root["output"]) {
        items.read(item);
    }
    items.finish();
    ending end = read_ending(root, !choice.message.tool_calls.empty());
    choice.finish_reason = end.why;
    choice.finish_reason_text = std::move(end.text);
    choice.native_finish_reason = std::move(end.native);
    out.choices.push_back(std::move(choice));
    if (out.id.empty()) {
        out.id = derived_id("resp_", body, 0);
    }
    return out;
}

} // namespace cogate::providers::openai_responses
