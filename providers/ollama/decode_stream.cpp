#include "providers/ollama/codec.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/derived.hpp"

namespace cogate::providers::ollama {

namespace {

class decoder final : public event_decoder {
public:
    result<void> feed(stream_event const& event, std::vector<chat_chunk>& out) override;
    bool finished() const noexcept override { return done_; }
    result<void> finish(std::vector<chat_chunk>& out) override;

private:
    chat_chunk empty_chunk() const
    {
        return {.id = id_, .created = created_, .model = model_, .choices = {}};
    }
    void end(json::value root, chat_delta& delta) const;

    std::string id_;
    std::int64_t created_ = 0;
    std::string model_;
    std::size_t calls_ = 0;
    bool done_ = false;
};

result<void> decoder::feed(stream_event const& event, std::vector<chat_chunk>& out)
{
    if (done_) {
        return {};
    }
    json::document doc;
    const result<json::value> opened = open_event(doc, event.data, event.complete, "a line");
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    if (std::optional<failure> why = in_band_error(root)) {
        return *std::move(why);
    }
    chat_delta delta;
    if (id_.empty()) {
        id_ = answer_id(root, event.data);
        model_ = root["model"].string();
        created_ = seconds_of(root["created_at"].string());
        delta.has_role = true;
    }
    std::string scratch;
    delta.content = text_in(root, scratch);
    delta.has_content = !delta.content.empty();
    delta.reasoning = thinking_in(root);
    for (json::value call : root["message"]["tool_calls"]) {
        tool_call whole = read_call(call, id_, calls_);
        tool_call_delta piece{.index = static_cast<std::int64_t>(calls_), .id = std::move(whole.id)};
        piece.type = "function";
        piece.name = std::move(whole.name);
        piece.arguments = std::move(whole.arguments);
        delta.tool_calls.push_back(std::move(piece));
        ++calls_;
    }
    done_ = root["done"].as_bool().value_or(false);
    chat_chunk chunk = empty_chunk();
    if (done_) {
        end(root, delta);
        keep_rest(root, chunk.extra);
    }
    chunk.choices.push_back(std::move(delta));
    out.push_back(std::move(chunk));
    if (usage tokens = read_usage(root); done_ && tokens.reported) {
        chat_chunk last = empty_chunk();
        last.usage = std::move(tokens);
        out.push_back(std::move(last));
    }
    return {};
}

void decoder::end(json::value root, chat_delta& delta) const
{
    delta.native_finish_reason = root["done_reason"].string();
    delta.finish_reason =
        read_finish_reason(delta.native_finish_reason, calls_ != 0, delta.finish_reason_text);
}

result<void> decoder::finish(std::vector<chat_chunk>&)
{
    return whole_if(done_, "its line \"done\"");
}

} // namespace

std::unique_ptr<event_decoder> make_event_decoder()
{
    return std::make_unique<decoder>();
}

} // namespace cogate::providers::ollama
