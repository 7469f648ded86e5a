#pragma once

#include "providers/openai_responses/dialect.hpp"
#include "test/common/decoded_stream.hpp"
#include "test/providers/openai_chat/support.hpp"

#include <array>
#include <set>
#include <sstream>

namespace cogate::test::responses {

namespace dialect = providers::openai_responses;

inline constexpr std::array services = {"openai", "azure",      "bedrock-mantle",   "deepseek",
                                        "xai",    "openrouter", "openai-compatible"};

inline result<providers::parsed_chat> parse(std::string_view body)
{
    return dialect::server().parse_chat(body, {});
}

inline result<providers::encoded_request> encode(chat_request const& request, bool stream = false,
                                                 parameter_rules rules = {})
{
    provider_context context(request.model.empty() ? "up" : request.model, stream);
    context.rules() = std::move(rules);
    return dialect::client().encode_chat(request, context);
}

inline result<chat_response> decode(std::string_view body)
{
    return dialect::client().decode_chat({.body = body}, provider_context());
}

inline providers::reply_context reply_to(chat_request const& request)
{
    return {.request = request, .model = "asked", .fallback_id = "fallback", .now = 77};
}

inline std::string write(chat_response const& response, chat_request const& request = {})
{
    std::string out;
    dialect::server().write_chat(response, reply_to(request), out);
    return out;
}

inline std::string write_stream(std::vector<chat_chunk> const& chunks, chat_request const& request = {})
{
    std::string out;
    auto const writer = dialect::server().write_chat_stream(reply_to(request));
    for (chat_chunk const& chunk : chunks) {
        writer->write(chunk, out);
    }
    writer->end(out);
    return out;
}

/// Feeds the bytes cut at `cuts` (rising offsets) through framing and decoder.
inline decoded_stream decode_stream(std::string_view bytes, std::vector<std::size_t> const& cuts = {})
{
    return decode_stream_of(dialect::client(), bytes, cuts);
}

inline void check_splits(std::string_view bytes)
{
    check_splits_of(dialect::client(), bytes);
}

/// An event of a hand-made stream.
inline std::string event(std::string_view type, std::string_view members)
{
    return "event: " + std::string(type) + "\ndata: {\"type\":\"" + std::string(type) + "\"" +
           (members.empty() ? "" : ",") + std::string(members) + "}\n\n";
}

struct written_event {
    std::string type; ///< of the SSE field
    boost::json::object data;
};

/// The events of a stream of ours, cut by a way of its own.
inline std::vector<written_event> events_of(std::string const& bytes)
{
    std::vector<written_event> out;
    std::istringstream in(bytes);
    std::string type;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("event: ")) {
            type = line.substr(7);
        } else if (line.starts_with("data: ")) {
            out.push_back({type, oracle(std::string_view(line).substr(6)).as_object()});
        }
    }
    return out;
}

inline std::string text_of(boost::json::value const& in, std::string_view key)
{
    auto const* object = in.if_object();
    auto const* found =
        object == nullptr ? nullptr : object->if_contains(boost::json::string_view(key.data(), key.size()));
    return found != nullptr && found->is_string() ? to_std(found->as_string()) : std::string();
}

inline std::string code_of(failure const& why)
{
    return why->code + " " + why->param;
}

} // namespace cogate::test::responses
