#include "transports/mock_server/answer.hpp"

#include "lib/core/text.hpp"
#include "lib/wire/head_builder.hpp"
#include "transports/mock_server/event_writer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

namespace cogate::transports::mock {

namespace {

constexpr std::string_view identity = R"("id":"chatcmpl-mock","object":")";
constexpr std::string_view created = R"(","created":1700000000,"model":")";

std::string usage_text(unsigned tokens)
{
    return R"({"prompt_tokens":)" + std::to_string(prompt_tokens) + R"(,"completion_tokens":)" +
           std::to_string(tokens) + R"(,"total_tokens":)" + std::to_string(prompt_tokens + tokens) + "}";
}

std::string chat_document(std::string_view model, std::string_view message, std::string_view finish_reason,
                          unsigned tokens)
{
    std::string body("{");
    body.append(identity).append("chat.completion").append(created).append(model);
    body.append(R"(","choices":[{"index":0,"message":)").append(message);
    body.append(R"(,"logprobs":null,"finish_reason":")").append(finish_reason);
    body.append(R"("}],"usage":)").append(usage_text(tokens)).append("}");
    return body;
}

/// Writes the chunks of a chat stream.
class chunk_stream {
public:
    chunk_stream(std::string_view model, bool include_usage) : model_(model), usage_(include_usage) {}

    void delta(std::string_view delta, std::string_view finish_reason = "null")
    {
        std::string choice(R"({"index":0,"delta":)");
        choice.append(delta).append(R"(,"logprobs":null,"finish_reason":)").append(finish_reason).append("}");
        chunk(choice, "null");
    }

    answer end(std::string_view finish_reason, unsigned tokens)
    {
        out_.mark_finish();
        delta("{}", finish_reason);
        if (usage_) {
            chunk("", usage_text(tokens));
        }
        out_.mark_done();
        out_.event("[DONE]");
        return out_.end();
    }

private:
    void chunk(std::string_view choices, std::string_view usage)
    {
        std::string data("{");
        data.append(identity).append("chat.completion.chunk").append(created).append(model_);
        data.append(R"(","choices":[)").append(choices).append("]");
        if (usage_) {
            data.append(R"(,"usage":)").append(usage);
        }
        data.append("}");
        out_.event(data);
    }

    event_writer out_;
    std::string_view model_;
    bool usage_;
};

/// Little-endian floats, as the base64 form of embeddings has them.
std::string float_bytes(const std::vector<float>& values)
{
    std::string bytes;
    for (const float value : values) {
        const auto bits = std::bit_cast<std::uint32_t>(value);
        for (unsigned shift = 0; shift < 32; shift += 8) {
            bytes.push_back(static_cast<char>(bits >> shift & 0xffU));
        }
    }
    return bytes;
}

std::string vector_text(const std::vector<float>& values, bool base64)
{
    if (base64) {
        return "\"" + core::base64_encode(float_bytes(values)) + "\"";
    }
    std::string text("[");
    for (const float value : values) {
        std::array<char, 32> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
        text.append(text.size() > 1 ? "," : "").append(digits.data(), end.ptr);
    }
    return text + "]";
}

} // namespace

std::string content_of(const answer_shape& shape)
{
    static constexpr std::array<std::string_view, 8> words{"the ",   "sky is ", "blue, ", "because ",
                                                           "light ", "of air ", "and ",   "scatters "};
    const std::size_t size = shape.body_bytes != 0 ? shape.body_bytes : std::size_t{8} * shape.tokens;
    std::string text;
    text.reserve(size + 16);
    for (std::size_t i = 0; text.size() < size; ++i) {
        text.append(words[(i * 5 + i / 8) % words.size()]);
    }
    text.resize(size);
    return text;
}

std::vector<std::string_view> parts_of(std::string_view content, const answer_shape& shape)
{
    const std::size_t count = std::max(1U, shape.tokens);
    std::vector<std::string_view> parts(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t begin = content.size() * i / count;
        parts[i] = content.substr(begin, content.size() * (i + 1) / count - begin);
    }
    return parts;
}

answer plain_answer(int status, std::string_view content_type, std::string_view body)
{
    answer out;
    wire::response_head_builder head(out.bytes);
    head.start(status).add("Content-Type", content_type).add("x-request-id", "req-mock");
    if (status == 429 || status == 503) {
        head.add("Retry-After", std::uint64_t{1});
    }
    head.content_length(body.size());
    if (!head.finish()) {
        throw std::logic_error("the mock wrote a bad head");
    }
    out.bytes.append(body);
    out.pieces.push_back(out.bytes.size());
    return out;
}

answer chat_answer(const answer_shape& shape, std::string_view model)
{
    std::string message(R"({"role":"assistant","content":")");
    message.append(content_of(shape)).append(R"(","refusal":null})");
    answer out = plain_answer(200, "application/json", chat_document(model, message, "stop", shape.tokens));
    out.charged = {.prompt = prompt_tokens, .completion = shape.tokens};
    return out;
}

answer chat_stream(const answer_shape& shape, std::string_view model, bool include_usage)
{
    chunk_stream writer(model, include_usage);
    const std::string content = content_of(shape);
    for (const std::string_view part : parts_of(content, shape)) {
        std::string delta(part.data() == content.data() ? R"({"role":"assistant","content":")"
                                                        : R"({"content":")");
        writer.delta(delta.append(part).append("\"}"));
    }
    answer out = writer.end("\"stop\"", shape.tokens);
    out.charged = {.prompt = prompt_tokens, .completion = shape.tokens, .first_content = 1};
    return out;
}

answer tool_answer(std::string_view model, std::string_view tool)
{
    std::string message(
        R"({"role":"assistant","content":null,"tool_calls":[{"id":"call_mock","type":"function",)");
    message.append(R"("function":{"name":")").append(tool);
    message.append(R"(","arguments":"{\"city\":\"Paris\"}"}}],"refusal":null})");
    return plain_answer(200, "application/json", chat_document(model, message, "tool_calls", 12));
}

answer tool_stream(std::string_view model, std::string_view tool, bool include_usage)
{
    chunk_stream writer(model, include_usage);
    std::string first(R"({"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_mock",)");
    first.append(R"("type":"function","function":{"name":")").append(tool).append(R"(","arguments":""}}]})");
    writer.delta(first);
    for (const std::string_view part : {R"({\"city\")", R"(:\"Pa)", R"(ris\"})"}) {
        std::string delta(R"({"tool_calls":[{"index":0,"function":{"arguments":")");
        writer.delta(delta.append(part).append("\"}}]}"));
    }
    return writer.end("\"tool_calls\"", 12);
}

answer embeddings_answer(std::string_view model, std::size_t inputs, std::size_t dimensions, bool base64)
{
    std::string body(R"({"object":"list","data":[)");
    for (std::size_t i = 0; i < inputs; ++i) {
        std::vector<float> values(dimensions);
        for (std::size_t d = 0; d < dimensions; ++d) {
            // Multiples of 1/64 are exact as a float and as text.
            values[d] = (static_cast<float>((i * 7 + d) % 64) - 32.0F) / 64.0F;
        }
        body.append(i == 0 ? "" : ",").append(R"({"object":"embedding","index":)").append(std::to_string(i));
        body.append(R"(,"embedding":)").append(vector_text(values, base64)).append("}");
    }
    body.append(R"(],"model":")").append(model).append(R"(","usage":{"prompt_tokens":)");
    body.append(std::to_string(inputs * 4)).append(R"(,"total_tokens":)").append(std::to_string(inputs * 4));
    return plain_answer(200, "application/json", body.append("}}"));
}

answer models_answer()
{
    return plain_answer(200, "application/json",
                        R"({"object":"list","data":[{"id":"mock","object":"model","created":1700000000,)"
                        R"("owned_by":"cogate"}]})");
}

std::string error_text(int status, std::string_view message, std::string_view type, std::string_view code,
                       api shape)
{
    std::string text(shape == api::messages ? R"({"type":"error","error":{"message":")"
                                            : R"({"error":{"message":")");
    text.append(message);
    if (shape == api::messages) {
        return text.append(R"(","type":")")
            .append(type == "server_error" ? "api_error" : type)
            .append("\"}}");
    }
    if (shape == api::generate_content) {
        const std::string_view name = status == 429   ? "RESOURCE_EXHAUSTED"
                                      : status == 404 ? "NOT_FOUND"
                                      : status < 500  ? "INVALID_ARGUMENT"
                                                      : "INTERNAL";
        text.append(R"(","code":)").append(std::to_string(status)).append(R"(,"status":")");
        return text.append(name).append("\"}}");
    }
    text.append(R"(","type":")").append(type).append(R"(","param":null,"code":")").append(code);
    return text.append("\"}}");
}

answer error_answer(int status, std::string_view message, std::string_view type, std::string_view code,
                    api shape)
{
    return plain_answer(status, "application/json", error_text(status, message, type, code, shape));
}

} // namespace cogate::transports::mock
