#include "providers/replicate/codec.hpp"

#include "providers/common/bodies.hpp"
#include "providers/common/derived.hpp"

namespace cogate::providers::replicate {

namespace {

class decoder final : public event_decoder {
public:
    explicit decoder(std::string model) : model_(std::move(model)) {}

    result<void> feed(stream_event const& event, std::vector<chat_chunk>& out) override;
    bool finished() const noexcept override { return done_; }
    result<void> finish(std::vector<chat_chunk>& out) override;

private:
    void add(chat_delta&& delta, std::vector<chat_chunk>& out);
    result<void> end(std::string_view data, std::vector<chat_chunk>& out);

    std::string id_;
    std::string model_;
    bool started_ = false;
    bool done_ = false;
};

/// The stream does not name its prediction: the id depends on the model and the first piece.
void decoder::add(chat_delta&& delta, std::vector<chat_chunk>& out)
{
    if (!started_) {
        started_ = true;
        delta.has_role = true;
        id_ = derived_id("chatcmpl-", model_ + '\n' + delta.content);
    }
    chat_chunk chunk{.id = id_, .created = 0, .model = model_, .choices = {}};
    chunk.choices.push_back(std::move(delta));
    out.push_back(std::move(chunk));
}

result<void> decoder::feed(stream_event const& event, std::vector<chat_chunk>& out)
{
    // Comments and more come after the end.
    if (done_) {
        return {};
    }
    if (!event.complete && event.type != "done") {
        return failure(error_kind::truncated, "the stream broke off within an event");
    }
    if (event.type == "output") {
        chat_delta delta;
        delta.content = event.data;
        delta.has_content = !delta.content.empty();
        add(std::move(delta), out);
    } else if (event.type == "error") {
        json::document doc;
        json::parse_error error;
        std::string text(event.data);
        if (doc.parse(event.data, error) && doc["detail"].is_string()) {
            text = doc["detail"].string();
        }
        return model_error(std::move(text));
    } else if (event.type == "done") {
        return end(event.data, out);
    }
    return {};
}

result<void> decoder::end(std::string_view data, std::vector<chat_chunk>& out)
{
    json::document doc;
    json::parse_error error;
    if (doc.parse(data, error)) {
        const json::value reason = doc["reason"];
        if (reason.equals("error")) {
            return model_error("the prediction failed");
        }
        if (reason.equals("canceled")) {
            return failure(error_kind::internal_server, "the prediction was canceled at the provider")
                .with_code("prediction_canceled");
        }
    }
    done_ = true;
    chat_delta last;
    last.finish_reason = finish_reason::stop;
    last.native_finish_reason = "succeeded";
    add(std::move(last), out);
    return {};
}

result<void> decoder::finish(std::vector<chat_chunk>&)
{
    return whole_if(done_, "its event \"done\"");
}

} // namespace

std::unique_ptr<event_decoder> make_event_decoder(std::string model)
{
    return std::make_unique<decoder>(std::move(model));
}

} // namespace cogate::providers::replicate
