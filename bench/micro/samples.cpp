#include "bench/micro/samples.hpp"

#include "transports/mock_server/answer.hpp"
#include "transports/mock_server/dialect_answer.hpp"
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

namespace {

std::string body_of(const mock::answer& whole)
{
    return whole.bytes.substr(whole.bytes.find("\r\n\r\n") + 4);
}

std::string events_of(const mock::answer& whole)
{
    std::string body;
    std::size_t used = 0;
    mock::read_chunked(std::string_view(whole.bytes).substr(whole.pieces.front()), body, used);
    return body;
}

} // namespace

std::string chat_response_text()
{
    return body_of(mock::chat_answer({.body_bytes = 700, .tokens = 180}, "gpt-4o-mini"));
}

std::string event_stream_text()
{
    return events_of(mock::chat_stream({.body_bytes = 0, .tokens = 200}, "gpt-4o-mini", true));
}

std::string message_text()
{
    return body_of(mock::messages_answer({.body_bytes = 700, .tokens = 180}, "claude"));
}

std::string message_stream_text()
{
    return events_of(mock::messages_stream({.body_bytes = 0, .tokens = 200}, "claude"));
}

} // namespace cogate::micro
