#include "providers/cohere/codec.hpp"

#include "lib/core/text.hpp"
#include "providers/common/bodies.hpp"
#include "providers/common/decode_error.hpp"

#include <array>

namespace cogate::providers::cohere {

namespace {

// A provider that counts up without end must not grow our memory.
constexpr std::size_t most_calls = 4096;

class decoder final : public event_decoder {
public:
    explicit decoder(std::string model) : model_(std::move(model)) {}

    result<void> feed(stream_event const& event, std::vector<chat_chunk>& out) override;
    bool finished() const noexcept override { return done_; }
    result<void> finish(std::vector<chat_chunk>& out) override;

private:
    struct call_state {
        std::int64_t wire_index;
        bool has_arguments = false;
        bool ended = false;
    };

    chat_chunk with(chat_delta&& delta) const;
    void read_message(json::value message, chat_delta& delta);
    void start_call(json::value root, std::vector<chat_chunk>& out);
    void go_on(json::value root, std::vector<chat_chunk>& out);
    void end_call(std::size_t at, std::vector<chat_chunk>& out);
    std::size_t call_at(std::int64_t wire_index) const noexcept;
    result<void> end_message(json::value delta, std::vector<chat_chunk>& out);

    std::string id_;
    std::string model_;
    std::vector<call_state> calls_;
    bool ended_ = false; ///< message-end was there
    bool done_ = false;  ///< [DONE] was there
};

chat_chunk decoder::with(chat_delta&& delta) const
{
    chat_chunk chunk{.id = id_, .created = 0, .model = model_, .choices = {}};
    chunk.choices.push_back(std::move(delta));
    return chunk;
}

result<void> decoder::feed(stream_event const& event, std::vector<chat_chunk>& out)
{
    const std::string_view data = core::trim(event.data);
    if (done_ || data.empty()) {
        return {};
    }
    if (data == "[DONE]") {
        done_ = true;
        return {};
    }
    json::document doc;
    const result<json::value> opened = open_event(doc, data, event.complete);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    std::string scratch;
    const std::string_view type = root["type"].is_string() ? root["type"].view(scratch) : event.type;
    const json::value delta = root["delta"];
    if (type == "message-start") {
        id_ = root["id"].string();
        chat_delta first;
        first.has_role = true;
        read_message(delta["message"], first);
        out.push_back(with(std::move(first)));
    } else if (type == "content-start" || type == "content-delta" || type == "tool-plan-delta" ||
               type == "citation-start") {
        chat_delta next;
        read_message(delta["message"], next);
        next.begins_part = type == "content-start";
        next.logprobs = read_logprobs(root["logprobs"].exists() ? root["logprobs"] : delta["logprobs"]);
        // The start of a content block without text says nothing by itself.
        if (next.has_content || !next.reasoning.empty() || !next.message_extra.empty() ||
            !next.parts.empty() || !next.logprobs.empty()) {
            out.push_back(with(std::move(next)));
        }
    } else if (type == "tool-call-start") {
        start_call(root, out);
    } else if (type == "tool-call-delta") {
        go_on(root, out);
    } else if (type == "tool-call-end") {
        end_call(call_at(root["index"].as_int64().value_or(-1)), out);
    } else if (type == "message-end") {
        return end_message(delta, out);
    } else if (type == "error" || (type.empty() && root["message"].is_string())) {
        return error_event(data);
    }
    return {};
}

/// What a piece of `message` adds, wherever it stands: text, thoughts, plan, citations.
void decoder::read_message(json::value message, chat_delta& delta)
{
    const json::value content = message["content"];
    if (content["text"].is_string()) {
        content["text"].append_string_to(delta.content);
        delta.has_content = !delta.content.empty();
    } else if (content["thinking"].is_string()) {
        content["thinking"].append_string_to(delta.reasoning);
    } else if (content.is_object() && content["type"].is_string() && !content["type"].equals("text") &&
               !content["type"].equals("thinking")) {
        delta.parts.emplace_back(
            unknown_part{.type = content["type"].string(), .value = raw_json{std::string(content.raw())}});
    }
    message["tool_plan"].append_string_to(delta.reasoning);
    if (const json::value citation = message["citations"]; citation.is_object()) {
        std::string list = "[";
        list += citation.raw();
        list += ']';
        delta.message_extra.set("citations", raw_json{std::move(list)});
    }
}

std::size_t decoder::call_at(std::int64_t wire_index) const noexcept
{
    for (std::size_t i = calls_.size(); i != 0; --i) {
        if (calls_[i - 1].wire_index == wire_index) {
            return i - 1;
        }
    }
    return calls_.empty() ? 0 : calls_.size() - 1;
}

void decoder::start_call(json::value root, std::vector<chat_chunk>& out)
{
    if (calls_.size() >= most_calls) {
        return;
    }
    const json::value call = root["delta"]["message"]["tool_calls"];
    tool_call_delta piece;
    piece.index = static_cast<std::int64_t>(calls_.size());
    piece.id = call["id"].string();
    piece.type = "function";
    piece.name = call["function"]["name"].string();
    piece.arguments = call["function"]["arguments"].string();
    calls_.push_back(call_state{.wire_index = root["index"].as_int64().value_or(piece.index),
                                .has_arguments = !piece.arguments.empty()});
    chat_delta delta;
    delta.tool_calls.push_back(std::move(piece));
    out.push_back(with(std::move(delta)));
}

void decoder::go_on(json::value root, std::vector<chat_chunk>& out)
{
    std::string arguments = root["delta"]["message"]["tool_calls"]["function"]["arguments"].string();
    if (calls_.empty() || arguments.empty()) {
        return;
    }
    const std::size_t at = call_at(root["index"].as_int64().value_or(-1));
    calls_[at].has_arguments = true;
    chat_delta delta;
    delta.tool_calls.push_back(
        tool_call_delta{.index = static_cast<std::int64_t>(at), .arguments = std::move(arguments)});
    out.push_back(with(std::move(delta)));
}

void decoder::end_call(std::size_t at, std::vector<chat_chunk>& out)
{
    if (at >= calls_.size() || calls_[at].ended) {
        return;
    }
    calls_[at].ended = true;
    if (!calls_[at].has_arguments) {
        chat_delta delta;
        delta.tool_calls.push_back(
            tool_call_delta{.index = static_cast<std::int64_t>(at), .arguments = "{}"});
        out.push_back(with(std::move(delta)));
    }
}

result<void> decoder::end_message(json::value delta, std::vector<chat_chunk>& out)
{
    if (std::optional<failure> why = broken_off(delta)) {
        return *std::move(why);
    }
    for (std::size_t i = 0; i != calls_.size(); ++i) {
        end_call(i, out);
    }
    ended_ = true;
    chat_delta last;
    last.native_finish_reason = delta["finish_reason"].string();
    last.finish_reason = read_finish_reason(last.native_finish_reason, last.finish_reason_text);
    out.push_back(with(std::move(last)));
    if (usage tokens = read_usage(delta["usage"]); tokens.reported) {
        chat_chunk chunk{.id = id_, .created = 0, .model = model_, .choices = {}};
        chunk.usage = std::move(tokens);
        out.push_back(std::move(chunk));
    }
    return {};
}

result<void> decoder::finish(std::vector<chat_chunk>&)
{
    return whole_if(ended_, "its end mark");
}

} // namespace

std::unique_ptr<event_decoder> make_event_decoder(std::string model)
{
    return std::make_unique<decoder>(std::move(model));
}

} // namespace cogate::providers::cohere
