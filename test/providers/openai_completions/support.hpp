#pragma once

#include "providers/openai_completions/dialect.hpp"
#include "test/providers/openai_chat/support.hpp"

namespace cogate::test::completions {

namespace dialect = providers::openai_completions;

inline result<providers::parsed_chat> parse(std::string_view body)
{
    return dialect::server().parse_chat(body, {});
}

inline result<providers::encoded_request> encode(chat_request const& request, bool stream = false)
{
    return dialect::client().encode_chat(request, provider_context(request.model, stream));
}

inline result<chat_response> decode(std::string_view body)
{
    return dialect::client().decode_chat({.body = body}, provider_context());
}

inline decoded_stream decode_stream(std::string_view bytes, std::size_t cut = 0)
{
    decoded_stream out;
    auto const decoder = dialect::client().decode_chat_stream(provider_context("up", true));
    for (std::string const& piece : {std::string(bytes.substr(0, cut)), std::string(bytes.substr(cut))}) {
        if (!out.error) {
            if (result<std::size_t> const fed = decoder->feed(piece, out.chunks); !fed) {
                out.error = fed.error();
            }
        }
    }
    if (!out.error) {
        if (result<void> const end = decoder->finish(out.chunks); !end) {
            out.error = end.error();
        }
    }
    return out;
}

inline std::string write(chat_response const& response)
{
    chat_request const asked;
    std::string out;
    dialect::server().write_chat(response, {asked, "asked", "fallback", 77}, out);
    return out;
}

inline std::string write_stream(std::vector<chat_chunk> const& chunks, bool wants_usage)
{
    chat_request asked;
    asked.include_usage = wants_usage;
    auto const writer = dialect::server().write_chat_stream({asked, "asked", "fallback", 77});
    std::string out;
    for (chat_chunk const& chunk : chunks) {
        writer->write(chunk, out);
    }
    writer->end(out);
    return out;
}

} // namespace cogate::test::completions
