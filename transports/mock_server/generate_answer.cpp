#include "transports/mock_server/dialect_answer.hpp"
#include "transports/mock_server/event_writer.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace cogate::transports::mock {

namespace {

std::string response(std::string_view model, std::string_view content, std::string_view finish_reason,
                     unsigned tokens)
{
    std::string text(R"({"candidates":[{"content":{"parts":[{"text":")");
    text.append(content).append(R"("}],"role":"model"},)");
    if (!finish_reason.empty()) {
        text.append(R"("finishReason":")").append(finish_reason).append(R"(",)");
    }
    text.append(R"("index":0}],"usageMetadata":{"promptTokenCount":)").append(std::to_string(prompt_tokens));
    text.append(R"(,"candidatesTokenCount":)").append(std::to_string(tokens));
    text.append(R"(,"totalTokenCount":)").append(std::to_string(prompt_tokens + tokens));
    text.append(R"(},"modelVersion":")").append(model).append(R"(","responseId":"mock"})");
    return text;
}

} // namespace

answer generate_answer(const answer_shape& shape, std::string_view model)
{
    return plain_answer(200, "application/json", response(model, content_of(shape), "STOP", shape.tokens));
}

answer generate_stream(const answer_shape& shape, std::string_view model)
{
    event_writer out;
    const std::string content = content_of(shape);
    const std::vector<std::string_view> parts = parts_of(content, shape);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool last = i + 1 == parts.size();
        if (last) {
            out.mark_finish();
            out.mark_done();
        }
        const unsigned tokens = last ? shape.tokens : static_cast<unsigned>(i + 1);
        out.event(response(model, parts[i], last ? "STOP" : "", tokens));
    }
    return out.end();
}

} // namespace cogate::transports::mock
