#include "transports/mock_server/dialect_answer.hpp"
#include "transports/mock_server/event_writer.hpp"

#include <string>

namespace cogate::transports::mock {

namespace {

std::string message(std::string_view model, std::string_view content, std::string_view stop_reason,
                    unsigned output_tokens)
{
    std::string text(R"({"id":"msg_mock","type":"message","role":"assistant","model":")");
    text.append(model).append(R"(","content":[)").append(content).append(R"(],"stop_reason":)");
    text.append(stop_reason).append(R"(,"stop_sequence":null,"usage":{"input_tokens":)");
    text.append(std::to_string(prompt_tokens)).append(R"(,"cache_creation_input_tokens":0,)");
    text.append(R"("cache_read_input_tokens":0,"output_tokens":)").append(std::to_string(output_tokens));
    return text.append("}}");
}

} // namespace

answer messages_answer(const answer_shape& shape, std::string_view model)
{
    const std::string block = R"({"type":"text","text":")" + content_of(shape) + "\"}";
    return plain_answer(200, "application/json", message(model, block, "\"end_turn\"", shape.tokens));
}

answer messages_stream(const answer_shape& shape, std::string_view model)
{
    event_writer out;
    out.event(R"({"type":"message_start","message":)" + message(model, "", "null", 1) + "}", "message_start");
    out.event(R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
              "content_block_start");
    const std::string content = content_of(shape);
    for (const std::string_view part : parts_of(content, shape)) {
        std::string data(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":")");
        out.event(data.append(part).append("\"}}"), "content_block_delta");
    }
    out.event(R"({"type":"content_block_stop","index":0})", "content_block_stop");
    out.mark_finish();
    out.event(R"({"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},)"
              R"("usage":{"output_tokens":)" +
                  std::to_string(shape.tokens) + "}}",
              "message_delta");
    out.mark_done();
    out.event(R"({"type":"message_stop"})", "message_stop");
    return out.end();
}

} // namespace cogate::transports::mock
