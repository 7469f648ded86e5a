#include "providers/huggingface/codec.hpp"

#include "lib/core/text.hpp"
#include "providers/common/bodies.hpp"
#include "providers/common/decode_error.hpp"
#include "providers/common/derived.hpp"

namespace cogate::providers::huggingface {

namespace {

class decoder final : public event_decoder {
public:
    explicit decoder(std::string model) : model_(std::move(model)) {}

    result<void> feed(stream_event const& event, std::vector<chat_chunk>& out) override;
    bool finished() const noexcept override { return done_; }
    result<void> finish(std::vector<chat_chunk>& out) override;

private:
    std::string id_;
    std::string model_;
    bool done_ = false;
};

result<void> decoder::feed(stream_event const& event, std::vector<chat_chunk>& out)
{
    const std::string_view data = core::trim(event.data);
    if (done_ || data.empty() || data == "[DONE]") {
        return {};
    }
    json::document doc;
    const result<json::value> opened = open_event(doc, data, event.complete);
    if (!opened) {
        return opened.error();
    }
    const json::value root = *opened;
    if (std::optional<failure> why = in_band_error(root)) {
        return *std::move(why);
    }
    const json::value token = root["token"];
    if (!token.is_object()) {
        return nonsense("an event has no token");
    }
    chat_delta delta;
    if (id_.empty()) {
        id_ = derived_id("chatcmpl-", data);
        delta.has_role = true;
    }
    // Special tokens (end of text and the like) are not part of the answer.
    if (!token["special"].as_bool().value_or(false)) {
        token["text"].append_string_to(delta.content);
        delta.has_content = !delta.content.empty();
    }
    const json::value details = root["details"];
    done_ = root["generated_text"].is_string() || details.is_object();
    if (done_) {
        delta.native_finish_reason = details["finish_reason"].string();
        delta.finish_reason = read_finish_reason(delta.native_finish_reason, delta.finish_reason_text);
    }
    if (done_ || delta.has_role || delta.has_content) {
        chat_chunk chunk{.id = id_, .created = 0, .model = model_, .choices = {}};
        chunk.choices.push_back(std::move(delta));
        out.push_back(std::move(chunk));
    }
    if (usage tokens = read_usage(details, std::nullopt); done_ && tokens.reported) {
        chat_chunk last{.id = id_, .created = 0, .model = model_, .choices = {}};
        last.usage = std::move(tokens);
        out.push_back(std::move(last));
    }
    return {};
}

result<void> decoder::finish(std::vector<chat_chunk>&)
{
    return whole_if(done_, "the whole text");
}

} // namespace

std::unique_ptr<event_decoder> make_event_decoder(std::string model)
{
    return std::make_unique<decoder>(std::move(model));
}

} // namespace cogate::providers::huggingface
