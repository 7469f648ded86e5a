#include "transports/mock_server/dialect_answer.hpp"
#include "transports/mock_server/event_writer.hpp"

#include <string>

namespace cogate::transports::mock {

namespace {

constexpr std::string_view place = R"("item_id":"msg_mock","output_index":0,"content_index":0)";

std::string text_part(std::string_view content)
{
    return R"({"type":"output_text","text":")" + std::string(content) + R"(","annotations":[]})";
}

std::string item(std::string_view status, std::string_view parts)
{
    std::string text(R"({"id":"msg_mock","type":"message","role":"assistant","status":")");
    return text.append(status).append(R"(","content":[)").append(parts).append("]}");
}

std::string response(std::string_view model, std::string_view status, std::string_view output,
                     std::string_view usage)
{
    std::string text(R"({"id":"resp_mock","object":"response","created_at":1700000000,"status":")");
    text.append(status).append(R"(","error":null,"incomplete_details":null,"instructions":null,"model":")");
    text.append(model).append(R"(","output":[)").append(output).append(R"(],"parallel_tool_calls":true,)");
    text.append(R"("tool_choice":"auto","tools":[],"metadata":{},"usage":)").append(usage);
    return text.append("}");
}

std::string usage_of(unsigned tokens)
{
    return R"({"input_tokens":)" + std::to_string(prompt_tokens) +
           R"(,"input_tokens_details":{"cached_tokens":0},"output_tokens":)" + std::to_string(tokens) +
           R"(,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":)" +
           std::to_string(prompt_tokens + tokens) + "}";
}

/// Numbers the events of one stream.
class numbered_events {
public:
    /// `members` follow type and number, without braces.
    void event(std::string_view type, std::string_view members)
    {
        std::string data(R"({"type":")");
        data.append(type).append(R"(","sequence_number":)").append(std::to_string(next_++));
        out.event(data.append(",").append(members).append("}"), type);
    }

    event_writer out;

private:
    unsigned next_ = 0;
};

} // namespace

answer responses_answer(const answer_shape& shape, std::string_view model)
{
    const std::string whole = item("completed", text_part(content_of(shape)));
    return plain_answer(200, "application/json", response(model, "completed", whole, usage_of(shape.tokens)));
}

answer responses_stream(const answer_shape& shape, std::string_view model)
{
    numbered_events events;
    const std::string begun = R"("response":)" + response(model, "in_progress", "", "null");
    const std::string where(place);
    events.event("response.created", begun);
    events.event("response.in_progress", begun);
    events.event("response.output_item.added", R"("output_index":0,"item":)" + item("in_progress", ""));
    events.event("response.content_part.added", where + R"(,"part":)" + text_part(""));
    const std::string content = content_of(shape);
    for (const std::string_view part : parts_of(content, shape)) {
        events.event("response.output_text.delta",
                     std::string(where).append(R"(,"delta":")").append(part).append(R"(","logprobs":[])"));
    }
    events.event("response.output_text.done", where + R"(,"text":")" + content + R"(","logprobs":[])");
    events.event("response.content_part.done", where + R"(,"part":)" + text_part(content));
    const std::string whole = item("completed", text_part(content));
    events.event("response.output_item.done", R"("output_index":0,"item":)" + whole);
    events.out.mark_finish();
    events.out.mark_done();
    events.event("response.completed",
                 R"("response":)" + response(model, "completed", whole, usage_of(shape.tokens)));
    return events.out.end();
}

} // namespace cogate::transports::mock
