#pragma once

#include "lib/core/json/writer.hpp"
#include "providers/anthropic_messages/codec.hpp"
#include "providers/anthropic_messages/dialect.hpp"
#include "test/common/decoded_stream.hpp"
#include "test/common/fixtures.hpp"
#include "test/common/provider_context.hpp"
#include "test/common/seeded.hpp"
#include "test/common/shared_files.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::test::anthropic {

namespace bj = boost::json;
namespace dialect = providers::anthropic_messages;

/// Of Anthropic's recordings.
inline std::vector<std::filesystem::path> fixtures(std::string const& folder, std::string_view ending)
{
    return test::fixtures("anthropic/" + folder, ending);
}

inline bj::value oracle(std::string_view text)
{
    bj::parse_options options;
    options.max_depth = 512;
    return bj::parse(bj::string_view(text.data(), text.size()), {}, options);
}

inline std::string plain(bj::string const& text)
{
    return {text.data(), text.size()};
}

inline bj::value const* at(bj::value const& in, std::string_view key)
{
    bj::value const* const found =
        in.is_object() ? in.as_object().if_contains(bj::string_view(key.data(), key.size())) : nullptr;
    return found != nullptr && !found->is_null() ? found : nullptr;
}

inline std::string text_at(bj::value const& in, std::string_view key)
{
    bj::value const* const found = at(in, key);
    return found != nullptr && found->is_string() ? plain(found->as_string()) : std::string();
}

inline std::int64_t number_at(bj::value const& in, std::string_view key)
{
    bj::value const* const found = at(in, key);
    return found != nullptr && found->is_int64() ? found->as_int64() : 0;
}

inline chat_request parsed(std::string_view body)
{
    auto const read = dialect::server().parse_chat(body, {});
    BOOST_REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error()->message) << " for " << body);
    return read->request;
}

inline failure refused(std::string_view body)
{
    auto const read = dialect::server().parse_chat(body, {});
    BOOST_REQUIRE_MESSAGE(!read, "accepted " << body);
    return read.error();
}

inline std::string encoded(chat_request const& request, provider_context const& context)
{
    auto const made = dialect::client().encode_chat(request, context);
    BOOST_REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error()->message));
    return made->body;
}

inline bj::value sent(chat_request const& request,
                      provider_context const& context = provider_context("claude-sonnet-4-5"))
{
    return oracle(encoded(request, context));
}

inline failure not_sent(chat_request const& request,
                        provider_context const& context = provider_context("claude-sonnet-4-5"))
{
    auto const made = dialect::client().encode_chat(request, context);
    BOOST_REQUIRE_MESSAGE(!made, "sent " << (made ? made->body : ""));
    return made.error();
}

inline chat_response decoded(std::string_view body)
{
    auto const read = dialect::client().decode_chat({.body = body}, provider_context());
    BOOST_REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error()->message));
    return *read;
}

inline std::string written(chat_response const& response)
{
    const chat_request asked;
    std::string out;
    dialect::server().write_chat(response, {asked, "asked-model", "fallback"}, out);
    return out;
}

/// Feeds the bytes cut at `cuts` (rising offsets) through framing and decoder.
inline decoded_stream decode_stream(std::string_view bytes, std::vector<std::size_t> const& cuts = {})
{
    return decode_stream_of(dialect::client(), bytes, cuts);
}

/// One SSE event per JSON text, named by its type.
inline std::string as_events(std::vector<std::string> const& payloads)
{
    std::string out;
    for (std::string const& payload : payloads) {
        out += "event: " + text_at(oracle(payload), "type") + "\ndata: " + payload + "\n\n";
    }
    return out;
}

/// Type and data of each event, cut by a way of its own.
inline std::vector<bj::value> events_of(std::string_view bytes)
{
    std::vector<bj::value> out;
    std::string type;
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::string_view line = bytes.substr(0, end);
        if (line.starts_with("event: ")) {
            type = line.substr(7);
        } else if (line.starts_with("data: ")) {
            out.push_back(oracle(line.substr(6)));
            BOOST_TEST(text_at(out.back(), "type") == type);
        }
        bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    }
    return out;
}

inline std::string stream_of(std::vector<chat_chunk> const& chunks)
{
    const chat_request asked;
    auto const writer = dialect::server().write_chat_stream({asked, "asked-model", "fallback"});
    std::string out;
    for (chat_chunk const& chunk : chunks) {
        writer->write(chunk, out);
    }
    writer->end(out);
    return out;
}

/// Rebuilds the message from a stream as Anthropic's own clients do, and refuses a stream that breaks their rules:
/// one block at a time, indices in order, deltas that fit their block.
inline bj::object rebuilt(std::string_view bytes)
{
    bj::object message;
    bj::array content;
    std::string input;
    bool open = false;
    bool stopped = false;
    for (bj::value const& event : events_of(bytes)) {
        const std::string type = text_at(event, "type");
        BOOST_TEST(!stopped);
        if (type == "message_start") {
            BOOST_TEST(message.empty());
            message = event.at("message").as_object();
        } else if (type == "content_block_start") {
            BOOST_TEST(!open);
            open = true;
            BOOST_TEST(number_at(event, "index") == static_cast<std::int64_t>(content.size()));
            content.push_back(event.at("content_block"));
            input.clear();
        } else if (type == "content_block_delta") {
            BOOST_REQUIRE(open);
            BOOST_TEST(number_at(event, "index") == static_cast<std::int64_t>(content.size()) - 1);
            bj::object& block = content.back().as_object();
            bj::value const& delta = event.at("delta");
            const std::string kind = text_at(delta, "type");
            const auto append = [&](char const* member) {
                block[member] = text_at(block, member) + text_at(delta, member);
            };
            if (kind == "text_delta") {
                BOOST_TEST(text_at(block, "type") == "text");
                append("text");
            } else if (kind == "thinking_delta" || kind == "signature_delta") {
                BOOST_TEST(text_at(block, "type") == "thinking");
                append(kind == "thinking_delta" ? "thinking" : "signature");
            } else if (kind == "input_json_delta") {
                input += text_at(delta, "partial_json");
            } else if (kind == "citations_delta") {
                if (block.if_contains("citations") == nullptr) {
                    block["citations"] = bj::array();
                }
                block["citations"].as_array().push_back(delta.at("citation"));
            } else {
                BOOST_ERROR("unknown delta " << kind);
            }
        } else if (type == "content_block_stop") {
            BOOST_REQUIRE(open);
            open = false;
            if (!input.empty()) {
                boost::system::error_code bad;
                bj::value whole = bj::parse(input, bad);
                content.back().as_object()["input"] = bad ? bj::value(input) : whole;
            }
        } else if (type == "message_delta") {
            BOOST_TEST(!open);
            for (auto const& member : event.at("delta").as_object()) {
                message[member.key()] = member.value();
            }
            for (auto const& member : event.at("usage").as_object()) {
                message["usage"].as_object()[member.key()] = member.value();
            }
        } else if (type == "message_stop") {
            stopped = true;
        } else {
            BOOST_ERROR("unknown event " << type);
        }
    }
    BOOST_TEST(stopped);
    message["content"] = std::move(content);
    return message;
}

inline std::string joined(providers::spliced_body const& body)
{
    std::string out;
    for (std::size_t i = 0; i != body.count; ++i) {
        out += body.pieces[i];
    }
    return out;
}

/// `fold` gives every text a part, and names where reasoning came from; whole answers do not.
inline chat_response comparable(chat_response answer)
{
    for (chat_choice& choice : answer.choices) {
        for (content_part& part : choice.message.content) {
            if (auto* reasoning = std::get_if<reasoning_part>(&part)) {
                reasoning->field.clear();
            }
        }
    }
    return answer;
}

} // namespace cogate::test::anthropic
