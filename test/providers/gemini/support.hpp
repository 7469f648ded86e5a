#pragma once

#include "lib/core/json/string.hpp"
#include "providers/common/sealed.hpp"
#include "providers/gemini/dialect.hpp"
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
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::test::google {

namespace bj = boost::json;

/// A signature of Google's in the canonical form.
inline std::string googles(std::string_view signature)
{
    return providers::seal("gemini", {}, signature);
}

/// Feeds the bytes cut at `cuts` (rising offsets) through framing and decoder.
inline decoded_stream decode_stream(std::string_view bytes, std::vector<std::size_t> const& cuts = {})
{
    return decode_stream_of(providers::gemini::client(), bytes, cuts);
}

inline void check_splits(std::string const& bytes)
{
    check_splits_of(providers::gemini::client(), bytes);
}

inline std::string sse(std::vector<std::string> const& events)
{
    std::string out;
    for (std::string event : events) {
        std::erase(event, '\n'); // of raw strings in the tests
        out += "data: " + event + "\r\n\r\n";
    }
    return out;
}

inline bj::value oracle(std::string_view text)
{
    bj::parse_options options;
    options.max_depth = 512;
    return bj::parse(bj::string_view(text.data(), text.size()), {}, options);
}

inline std::string to_std(bj::string const& text)
{
    return {text.data(), text.size()};
}

inline bj::value const* at(bj::value const& in, std::string_view key)
{
    return in.is_object() ? in.as_object().if_contains(bj::string_view(key.data(), key.size())) : nullptr;
}

inline std::string text_at(bj::value const& in, std::string_view key)
{
    bj::value const* const found = at(in, key);
    return found != nullptr && found->is_string() ? to_std(found->as_string()) : std::string();
}

inline std::int64_t number_at(bj::value const& in, std::string_view key)
{
    bj::value const* const found = at(in, key);
    return found != nullptr && found->is_int64() ? found->as_int64() : 0;
}

inline result<providers::encoded_request> encode(chat_request const& request,
                                                 std::string model = "gemini-2.5-flash", bool stream = false)
{
    return providers::gemini::client().encode_chat(request, provider_context(std::move(model), stream));
}

/// The body of a request that must be good, for comparison.
inline bj::value body_of(chat_request const& request, std::string model = "gemini-2.5-flash")
{
    auto const encoded = encode(request, std::move(model));
    BOOST_REQUIRE_MESSAGE(encoded.has_value(), (encoded ? "" : encoded.error()->message));
    return oracle(encoded->body);
}

inline result<chat_response> decode(std::string_view body)
{
    return providers::gemini::client().decode_chat({.body = body}, provider_context());
}

inline result<providers::parsed_chat> parse(std::string_view body,
                                            std::string_view model = "gemini-2.5-flash", bool stream = false)
{
    return providers::gemini::server().parse_chat(body,
                                                  {.model = model, .stream = stream, .query = "alt=sse"});
}

inline chat_request ask(std::string text)
{
    chat_request out;
    out.model = "m";
    out.messages.push_back(user(std::move(text)));
    return out;
}

inline media_source inlined(std::string data, std::string type = {})
{
    media_source out;
    out.data = std::move(data);
    out.media_type = std::move(type);
    return out;
}

inline media_source linked(std::string url, std::string type = {})
{
    media_source out;
    out.url = std::move(url);
    out.media_type = std::move(type);
    return out;
}

inline message calls(std::vector<tool_call> list)
{
    message m;
    m.role = role::assistant;
    m.tool_calls = std::move(list);
    return m;
}

inline constexpr std::array<char const*, 4> chat_folders = {
    "gemini/generate-content", "gemini/stream-generate-content", "vertex/generate-content",
    "vertex/stream-generate-content"};

/// A recording's folder and name.
inline std::string label(std::filesystem::path const& path)
{
    return path.parent_path().filename().string() + "/" + path.filename().string();
}

} // namespace cogate::test::google
