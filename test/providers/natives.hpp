#pragma once
/// What the tests of the client-half-only dialects share.

#include "lib/core/json/string.hpp"
#include "providers/client_dialect.hpp"
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

namespace cogate::test::natives {

inline boost::json::value oracle(std::string_view text)
{
    return boost::json::parse(boost::json::string_view(text.data(), text.size()));
}

inline std::string text_at(boost::json::value const& in, std::string_view key)
{
    auto const* found = in.is_object()
                            ? in.as_object().if_contains(boost::json::string_view(key.data(), key.size()))
                            : nullptr;
    return found != nullptr && found->is_string()
               ? std::string(found->as_string().data(), found->as_string().size())
               : std::string();
}

inline boost::json::value const* at(boost::json::value const& in, std::string_view key)
{
    auto const* found = in.is_object()
                            ? in.as_object().if_contains(boost::json::string_view(key.data(), key.size()))
                            : nullptr;
    return found != nullptr && !found->is_null() ? found : nullptr;
}

inline std::int64_t number_at(boost::json::value const& in, std::string_view key)
{
    boost::json::value const* found = at(in, key);
    return found != nullptr && found->is_number() ? found->to_number<std::int64_t>() : 0;
}

/// The status of the case that `file` belongs to; 200 without its meta file.
inline int status_of(std::filesystem::path const& file, std::string_view ending)
{
    std::string name = file.string();
    name.resize(name.size() - ending.size());
    const std::string meta = read_file(name + ".meta.json");
    return meta.empty() ? 200 : static_cast<int>(number_at(oracle(meta), "status"));
}

using decoded = decoded_stream;

inline decoded run(providers::client_dialect const& dialect, std::string_view bytes)
{
    return decode_stream_of(dialect, bytes);
}

inline void check_splits(providers::client_dialect const& dialect, std::string_view bytes)
{
    check_splits_of(dialect, bytes);
}

/// No prefix of a good stream that lacks its end passes for a whole one.
inline void check_truncation(providers::client_dialect const& dialect, std::string_view bytes,
                             std::size_t upto)
{
    for (std::size_t size = 0; size < upto; ++size) {
        decoded const part = run(dialect, bytes.substr(0, size));
        if (!part.error || (*part.error)->kind != error_kind::truncated) {
            BOOST_ERROR("not truncated after " << size << " bytes");
            return;
        }
    }
}

inline void check_calls_are_json(chat_response const& answer)
{
    for (chat_choice const& choice : answer.choices) {
        for (tool_call const& call : choice.message.tool_calls) {
            BOOST_TEST(!call.id.empty());
            BOOST_TEST(!call.name.empty());
            BOOST_TEST(oracle(call.arguments).is_object());
        }
    }
}

/// The body of an encoded request as a value, or an empty object with a test error.
template <class Encoded>
boost::json::value body_of(Encoded const& encoded)
{
    if (!encoded) {
        BOOST_ERROR(encoded.error()->message);
        return boost::json::object();
    }
    return oracle(encoded->body);
}

/// Without members that are null or an empty list, which mean the same as absent to these services.
inline boost::json::value without_nothing(boost::json::value const& value)
{
    if (!value.is_object()) {
        return value;
    }
    boost::json::object out;
    for (auto const& member : value.as_object()) {
        const bool nothing = member.value().is_null() ||
                             (member.value().is_array() && member.value().as_array().empty()) ||
                             (member.value().is_object() && member.value().as_object().empty()) ||
                             (member.value().is_string() && member.value().as_string().empty());
        if (!nothing) {
            out[member.key()] = without_nothing(member.value());
        }
    }
    return out;
}

inline chat_request ask(std::string text)
{
    chat_request r;
    r.model = "m";
    r.messages.push_back(user(std::move(text)));
    return r;
}

inline image_part picture(std::string data, std::string media_type = {})
{
    media_source source;
    source.data = std::move(data);
    source.media_type = std::move(media_type);
    return {.source = std::move(source)};
}

inline image_part linked_picture(std::string url)
{
    media_source source;
    source.url = std::move(url);
    return {.source = std::move(source)};
}

inline tool weather_tool()
{
    return tool{.name = "weather", .description = "looks", .parameters = raw_json{R"({"type":"object"})"}};
}

} // namespace cogate::test::natives
