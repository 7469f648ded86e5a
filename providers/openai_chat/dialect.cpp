#include "providers/openai_chat/dialect.hpp"

#include "providers/openai_chat/codec.hpp"

#include "lib/wire/sse_writer.hpp"

namespace cogate::providers::openai_chat {

namespace {

constexpr std::string_view dialect_name = "openai_chat";

class client_half final : public client_dialect {
public:
    std::string_view name() const noexcept override { return dialect_name; }

    result<encoded_request> encode_chat(chat_request const& request, std::string_view upstream_model,
                                        bool stream) const override
    {
        return openai_chat::encode_chat(request, upstream_model, stream);
    }

    result<chat_response> decode_chat(std::string_view body) const override
    {
        return openai_chat::decode_chat(body);
    }

    std::unique_ptr<chat_stream_decoder> decode_chat_stream() const override { return make_stream_decoder(); }

    result<encoded_request> encode_embedding(embedding_request const& request,
                                             std::string_view upstream_model) const override
    {
        return openai_chat::encode_embedding(request, upstream_model);
    }

    result<embedding_response> decode_embedding(std::string_view body) const override
    {
        return openai_chat::decode_embedding(body);
    }

    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        return openai_chat::decode_error(status, headers, body, now);
    }

    std::pair<std::string, std::string> authorization(secret const& key) const override
    {
        std::string value = "Bearer ";
        value += key.reveal();
        return {"authorization", std::move(value)};
    }
};

class server_half final : public server_dialect {
public:
    std::string_view name() const noexcept override { return dialect_name; }

    result<chat_request> parse_chat(std::string_view body, bool& stream) const override
    {
        return openai_chat::parse_chat(body, stream);
    }

    void write_chat(chat_response const& response, std::string& out) const override
    {
        openai_chat::write_chat(response, out);
    }

    void write_chunk(chat_chunk const& chunk, bool wants_usage, std::string& out) const override
    {
        openai_chat::write_chunk(chunk, wants_usage, out);
    }

    void write_end(std::string& out) const override { wire::append_sse_data(out, "[DONE]"); }

    result<embedding_request> parse_embedding(std::string_view body) const override
    {
        return openai_chat::parse_embedding(body);
    }

    void write_embedding(embedding_response const& response, embedding_request const& request,
                         std::string& out) const override
    {
        openai_chat::write_embedding(response, request, out);
    }

    void write_error(failure const& why, std::string& out) const override
    {
        openai_chat::write_error(why, out);
    }

    void write_stream_error(failure const& why, std::string& out) const override
    {
        std::string text;
        openai_chat::write_error(why, text);
        wire::append_sse_data(out, text);
    }

    express_lane const& chat_express() const noexcept override { return chat_lane(); }
    express_lane const& embedding_express() const noexcept override { return embedding_lane(); }
};

} // namespace

client_dialect const& client() noexcept
{
    static const client_half half;
    return half;
}

server_dialect const& server() noexcept
{
    static const server_half half;
    return half;
}

} // namespace cogate::providers::openai_chat
