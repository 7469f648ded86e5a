#include "bench/micro/samples.hpp"

#include "transports/mock_server/answer.hpp"
#include "transports/mock_server/request.hpp"

#include <string_view>

namespace cogate::micro {

namespace mock = transports::mock;

std::string chat_request_text(std::size_t size)
{
    constexpr std::string_view question =
        R"("},{"role":"user","content":"Why is the sky blue?"}],"temperature":0.7,"tools":[{"type":"function",)"
        R"("function":{"name":"weather","description":"Tells the weather","parameters":{"type":"object","properties":)"
        R"({"city":{"type":"string"},"days":{"type":"integer","minimum":1}},"required":["city"]}}}],"stream":true})";
    std::string text(R"({"model":"gpt-4o-mini","messages":[{"role":"system","content":")");
    while (text.size() + question.size() < size) {
        text.append(R"(You answer briefly.\nQuote \"sources\" where you can, and say when you cannot. )");
    }
    return text.append(question);
}

std::string chat_response_text()
{
    const mock::answer whole = mock::chat_answer({.body_bytes = 700, .tokens = 180}, "gpt-4o-mini");
    return whole.bytes.substr(whole.bytes.find("\r\n\r\n") + 4);
}

std::string event_stream_text()
{
    const mock::answer whole = mock::chat_stream({.body_bytes = 0, .tokens = 200}, "gpt-4o-mini", true);
    std::string body;
    std::size_t used = 0;
    mock::read_chunked(std::string_view(whole.bytes).substr(whole.pieces.front()), body, used);
    return body;
}

} // namespace cogate::micro
