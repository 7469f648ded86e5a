#include "providers/common/bodies.hpp"
#include "providers/common/fields.hpp"
#include "providers/openai_responses/codec.hpp"
#include "providers/openai_responses/decode_items.hpp"
#include "providers/openai_responses/output.hpp"
#include "providers/openai_responses/token_usage.hpp"

#include "lib/core/text.hpp"

namespace cogate::providers::openai_responses {

namespace {

class decoder final : public event_decoder {
public:
    result<void> feed(stream_event const& event, std::vector<chat_chunk>& out) override;
    bool finished() const noexcept override { return done_; }
    result<void> finish(std::vector<chat_chunk>&) override { return whole_if(done_, "its last event"); }

private:
    result<void> on_event(std::string_view type, json::value root, std::vector<chat_chunk>& out);
    void on_end(json::value response, std::vector<chat_chunk>& out);

    item_decoder items_;
    bool done_ = false;
};

result<void> decoder::feed(stream_event const& event, std::vector<chat_chunk>& out)
{
    const std::string_view data = core::trim(event.data);
    // OpenRouter and others add the mark of the older dialects.
    if (done_ || data.empty() || data == "[DONE]") {
        return {};
    }
    json::document doc;
    json::parse_error error;
    if (!doc.parse(data, error)) {
        if (!event.complete) {
            return failure(error_kind::truncated, "the stream broke off within an event");
        }
        return event.type == "error" ? error_event(data, error_rules())
                                     : nonsense("an event is not JSON, " + json::to_string(error));
    }
    const json::value root = doc.root();
    if (!root.is_object()) {
        return nonsense("an event is not a JSON object");
    }
    std::string scratch;
    std::string_view type = root["type"].view(scratch);
    if (type.empty()) {
        type = event.type;
    }
    return on_event(type, root, out);
}

result<void> decoder::on_event(std::string_view type, json::value root, std::vector<chat_chunk>& out)
{
    const json::value response = root["response"];
    if (type == "response.output_text.delta") {
        items_.on_text(root, out);
    } else if (type == "response.refusal.delta") {
        items_.on_refusal(root, out);
    } else if (type == "response.function_call_arguments.delta" ||
               type == "response.custom_tool_call_input.delta") {
        items_.on_arguments(root, "delta", false, out);
    } else if (type == "response.function_call_arguments.done") {
        items_.on_arguments(root, "arguments", true, out);
    } else if (type == "response.custom_tool_call_input.done") {
        items_.on_arguments(root, "input", true, out);
    } else if (type == "response.reasoning_summary_text.delta") {
        items_.on_reasoning(root, "summary_index", false, out);
    } else if (type == "response.reasoning_text.delta") {
        items_.on_reasoning(root, "content_index", true, out);
    } else if (type == "response.output_text.annotation.added") {
        items_.on_annotation(root, out);
    } else if (type == "response.output_item.added" || type == "response.output_item.done") {
        items_.on_item(root, type.ends_with("done"), out);
    } else if (type == "response.created" || type == "response.in_progress" || type == "response.queued") {
        items_.take_identity(response);
    } else if (type == "response.completed" || type == "response.incomplete" || type == "response.done") {
        if (std::optional<failure> reported = in_band_error(response)) {
            return *std::move(reported);
        }
        on_end(response, out);
    } else if (type == "response.failed" || type == "response.cancelled") {
        done_ = true;
        if (std::optional<failure> reported = in_band_error(response)) {
            return *std::move(reported);
        }
        return failure(error_kind::internal_server, "the provider reports that the response failed");
    } else if (type == "error" || (type.empty() && root["error"].exists() && !root["error"].is_null())) {
        done_ = true;
        return error_event(root.raw(), error_rules());
    }
    return {};
}

void decoder::on_end(json::value response, std::vector<chat_chunk>& out)
{
    items_.take_identity(response);
    items_.take_service_tier(response);
    items_.end(response["output"], out);
    ending end = read_ending(response, items_.has_calls());
    chat_delta last;
    last.finish_reason = end.why;
    last.finish_reason_text = std::move(end.text);
    last.native_finish_reason = std::move(end.native);
    items_.emit(std::move(last), out);
    out.back().extra = unknown_members(response);
    const usage tokens = read_usage(response["usage"]);
    if (tokens.reported) {
        out.push_back(items_.chunk());
        out.back().usage = tokens;
    }
    done_ = true;
}

} // namespace

std::unique_ptr<event_decoder> make_event_decoder()
{
    return std::make_unique<decoder>();
}

} // namespace cogate::providers::openai_responses
