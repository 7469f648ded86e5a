#pragma once

#include "lib/core/json/string.hpp"
#include "lib/wire/sse_reader.hpp"
#include "providers/openai_chat/dialect.hpp"
#include "test/common/decoded_stream.hpp"
#include "test/common/fixtures.hpp"
#include "test/common/provider_context.hpp"
#include "test/common/seeded.hpp"
#include "test/common/shared_files.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::test {

// The halves with the arguments that tests vary.
inline result<chat_request> parse_chat(std::string_view body, bool& stream)
{
    result<providers::parsed_chat> parsed = providers::openai_chat::server().parse_chat(body, {});
    if (!parsed) {
        return parsed.error();
    }
    stream = parsed->stream;
    return std::move(parsed->request);
}

inline result<providers::encoded_request> encode_chat(chat_request const& request, std::string model,
                                                      bool stream)
{
    return providers::openai_chat::client().encode_chat(request, provider_context(std::move(model), stream));
}

inline result<chat_response> decode_chat(std::string_view body)
{
    return providers::openai_chat::client().decode_chat({.body = body}, provider_context());
}

inline void write_chat(chat_response const& response, std::string& out)
{
    const chat_request asked;
    providers::openai_chat::server().write_chat(response, {asked, {}, {}}, out);
}

inline void write_chunk(chat_chunk const& chunk, bool wants_usage, std::string& out)
{
    chat_request asked;
    asked.include_usage = wants_usage;
    providers::openai_chat::server().write_chat_stream({asked, {}, {}})->write(chunk, out);
}

inline void write_end(std::string& out)
{
    const chat_request asked;
    providers::openai_chat::server().write_chat_stream({asked, {}, {}})->end(out);
}

inline result<embedding_request> parse_embedding(std::string_view body)
{
    return providers::openai_chat::server().embeddings()->parse(body);
}

inline result<providers::encoded_request> encode_embedding(embedding_request const& request,
                                                           std::string model)
{
    return providers::openai_chat::client().embeddings()->encode(request, provider_context(std::move(model)));
}

inline result<embedding_response> decode_embedding(std::string_view body, embedding_request const& asked = {})
{
    return providers::openai_chat::client().embeddings()->decode({.body = body}, asked, provider_context());
}

inline void write_embedding(embedding_response const& response, embedding_request const& request,
                            std::string& out)
{
    providers::openai_chat::server().embeddings()->write(response, request, out);
}

/// Feeds the bytes cut at `cuts` (rising offsets) through framing and decoder.
inline decoded_stream decode_stream(std::string_view bytes, std::vector<std::size_t> const& cuts = {})
{
    return decode_stream_of(providers::openai_chat::client(), bytes, cuts);
}

inline std::string joined(providers::spliced_body const& body)
{
    std::string out;
    for (std::size_t i = 0; i != body.count; ++i) {
        out += body.pieces[i];
    }
    return out;
}

inline boost::json::value oracle(std::string_view text)
{
    boost::json::parse_options options;
    options.max_depth = 512;
    return boost::json::parse(boost::json::string_view(text.data(), text.size()), {}, options);
}

inline std::string to_std(boost::json::string const& text)
{
    return {text.data(), text.size()};
}

/// Whose recordings speak this dialect.
inline constexpr std::array services = {
    "openai",     "azure",      "groq",   "mistral",  "deepseek",         "together",
    "openrouter", "perplexity", "vllm",   "xai",      "cerebras",         "zai",
    "moonshotai", "alibaba",    "crusoe", "gpustack", "openai-compatible"};

/// A recording's service and name.
inline std::string label(std::filesystem::path const& path)
{
    return path.parent_path().parent_path().filename().string() + "/" + path.filename().string();
}

/// A member, or nullptr.
inline boost::json::value const* at(boost::json::value const& in, std::string_view key)
{
    return in.is_object() ? in.as_object().if_contains(boost::json::string_view(key.data(), key.size()))
                          : nullptr;
}

} // namespace cogate::test
