#include "providers/gemini/dialect.hpp"

#include "providers/gemini/codec.hpp"

#include "lib/core/text.hpp"

#include <array>

namespace cogate::providers::gemini {

namespace {

constexpr std::string_view dialect_name = "gemini";

class client_half final : public client_dialect {
public:
    client_half(flavour const& at, embedding_codec const& embeddings, image_codec const& images) noexcept
        : at_(at), embeddings_(embeddings), images_(images)
    {}

    std::string_view name() const noexcept override { return at_.name; }

    result<encoded_request> encode_chat(chat_request const& request,
                                        call_context const& context) const override
    {
        return gemini::encode_chat(request, context, at_);
    }

    result<chat_response> decode_chat(whole_answer const& answer, call_context const&) const override
    {
        return gemini::decode_chat(answer.body);
    }

    std::unique_ptr<chat_stream_decoder> decode_chat_stream(call_context const& context) const override
    {
        return over_sse_or_array(make_event_decoder(), max_event_bytes(context));
    }

    /// inlineData: a whole picture in one event.
    std::size_t max_event_bytes(call_context const& context) const noexcept override
    {
        return media_event_bytes(context);
    }

    /// A proxy may drop alt=sse; the array that comes then is JSON.
    bool streams_as(std::string_view content_type) const noexcept override
    {
        constexpr std::string_view json_type = "application/json";
        return client_dialect::streams_as(content_type) ||
               core::iequals(content_type.substr(0, json_type.size()), json_type);
    }

    embedding_codec const* embeddings() const noexcept override { return &embeddings_; }
    image_codec const* images() const noexcept override { return &images_; }

    failure decode_error(int status, std::span<wire::header const> headers, std::string_view body,
                         std::chrono::system_clock::time_point now) const override
    {
        return gemini::decode_error(status, headers, body, now);
    }

    std::pair<std::string, std::string> authorization(secret const& key) const override
    {
        return {"x-goog-api-key", std::string(key.reveal())};
    }

    std::string_view express_with() const noexcept override { return dialect_name; }

    std::string express_path(operation what, call_context const& context) const override
    {
        if (what == operation::count_tokens) {
            return model_path(at_, context.model, ":countTokens");
        }
        return model_path(at_, context.model,
                          context.stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
    }

    bool express_fits(express_request const& request, call_context const& context) const override
    {
        return context.service.quirks.exact && context.rules.empty() && may_be_relayed(request);
    }

private:
    flavour const& at_;
    embedding_codec const& embeddings_;
    image_codec const& images_;
};

class server_half final : public server_dialect {
public:
    std::string_view name() const noexcept override { return dialect_name; }

    result<parsed_chat> parse_chat(std::string_view body, inbound_target const& target) const override
    {
        return gemini::parse_chat(body, target);
    }

    void write_chat(chat_response const& response, reply_context const& context,
                    std::string& out) const override
    {
        gemini::write_chat(response, context, out);
    }

    std::string_view stream_content_type(inbound_target const& target) const noexcept override
    {
        return asks_for_sse(target.query) ? "text/event-stream" : "application/json";
    }

    std::unique_ptr<chat_stream_writer> write_chat_stream(reply_context const& context) const override
    {
        return make_stream_writer(context, asks_for_sse(context.target.query));
    }

    void write_error(failure const& why, std::string& out) const override { gemini::write_error(why, out); }

    express_lane const& chat_express() const noexcept override { return chat_lane(); }
    express_lane const* count_tokens_express() const noexcept override { return &count_tokens_lane(); }
};

} // namespace

std::unique_ptr<client_dialect> make_client(flavour const& at, embedding_codec const& embeddings,
                                            image_codec const& images)
{
    return std::make_unique<client_half>(at, embeddings, images);
}

client_dialect const& client() noexcept
{
    static constexpr flavour at{};
    static const client_half half(at, client_embeddings(), client_images());
    return half;
}

server_dialect const& server() noexcept
{
    static const server_half half;
    return half;
}

std::span<std::string_view const> advisory() noexcept
{
    static constexpr std::array<std::string_view, 2> names = {"safetySettings", "labels"};
    return names;
}

} // namespace cogate::providers::gemini
