#include "providers/bedrock_converse/dialect.hpp"

#include "providers/bedrock/codec.hpp"
#include "providers/bedrock_converse/codec.hpp"
#include "providers/common/chat_client.hpp"
#include "providers/common/derived.hpp"

#include "lib/core/text.hpp"
#include "lib/wire/url.hpp"

#include <array>

namespace cogate::providers::bedrock_converse {

namespace {

constexpr client_functions functions{.name = "bedrock_converse",
                                     .encode_chat = bedrock_converse::encode_chat,
                                     .decode_chat = bedrock_converse::decode_chat,
                                     .stream_decoder =
                                         [](call_context const& context) {
                                             return over_aws_frames(make_event_decoder(context),
                                                                    context.max_event_bytes);
                                         },
                                     .decode_error = bedrock_converse::decode_error};

class client_half final : public chat_client {
public:
    client_half() noexcept : chat_client(functions) {}

    bool streams_as(std::string_view content_type) const noexcept override
    {
        return is_frames_type(content_type);
    }
    std::string_view stream_accept() const noexcept override { return frames_type; }

    embedding_codec const* embeddings() const noexcept override { return &bedrock::embeddings(); }
    rerank_codec const* rerank() const noexcept override { return &bedrock::invoke_rerank(); }
};

} // namespace

client_dialect const& client() noexcept
{
    static const client_half half;
    return half;
}

std::string_view bare_model(std::string_view model) noexcept
{
    for (std::string_view const prefix : {"converse/", "invoke/"}) {
        if (model.starts_with(prefix)) {
            return model.substr(prefix.size());
        }
    }
    return model;
}

std::string model_path(std::string_view model, std::string_view action)
{
    std::string out = "/model/";
    wire::append_percent_encoded(out, bare_model(model));
    out += '/';
    out += action;
    return out;
}

bool is_frames_type(std::string_view content_type) noexcept
{
    return core::iequals(content_type.substr(0, frames_type.size()), frames_type);
}

std::string response_id(std::string_view seed)
{
    return derived_id("chatcmpl-", seed);
}

finish_reason read_finish_reason(json::value word, std::string& text)
{
    struct row {
        std::string_view word;
        finish_reason why;
    };
    static constexpr std::array<row, 9> rows = {row{"end_turn", finish_reason::stop},
                                                {"stop_sequence", finish_reason::stop},
                                                {"tool_use", finish_reason::tool_calls},
                                                {"max_tokens", finish_reason::length},
                                                {"model_context_window_exceeded", finish_reason::length},
                                                {"guardrail_intervened", finish_reason::content_filter},
                                                {"content_filtered", finish_reason::content_filter},
                                                {"malformed_model_output", finish_reason::stop},
                                                {"malformed_tool_use", finish_reason::stop}};
    for (row const& r : rows) {
        if (word.equals(r.word)) {
            return r.why;
        }
    }
    text = word.string();
    return text.empty() ? finish_reason::none : finish_reason::other;
}

} // namespace cogate::providers::bedrock_converse
