#pragma once

#include "lib/core/json/string.hpp"
#include "providers/gemini/dialect.hpp"
#include "test/common/provider_context.hpp"
#include "test/common/shared_files.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::test::google {

namespace bj = boost::json;

/// xorshift64: the same numbers on every run.
class seeded {
public:
    explicit seeded(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}
    std::uint64_t operator()()
    {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_;
    }
    std::size_t below(std::size_t n) { return static_cast<std::size_t>((*this)() % n); }
    bool one_in(std::size_t n) { return below(n) == 0; }

private:
    std::uint64_t state_;
};

/// Files under shared/fixtures/<folder> whose names end so, sorted; empty without the shared folder.
inline std::vector<std::filesystem::path> fixtures(std::string const& folder, std::string_view ending)
{
    std::vector<std::filesystem::path> out;
    const auto shared = shared_dir();
    if (!shared || !std::filesystem::is_directory(*shared / "fixtures" / folder)) {
        return out;
    }
    for (auto const& entry : std::filesystem::directory_iterator(*shared / "fixtures" / folder)) {
        if (entry.path().string().ends_with(ending)) {
            out.push_back(entry.path());
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

struct decoded_stream {
    std::vector<chat_chunk> chunks;
    std::optional<failure> error;
};

/// Feeds the bytes cut at `cuts` (rising offsets) through framing and decoder.
inline decoded_stream decode_stream(std::string_view bytes, std::vector<std::size_t> const& cuts = {})
{
    decoded_stream out;
    auto const decoder = providers::gemini::client().decode_chat_stream(provider_context("up", true));
    const auto feed = [&](std::string const& piece) {
        if (!out.error) {
            if (result<std::size_t> const fed = decoder->feed(piece, out.chunks); !fed) {
                out.error = fed.error();
            }
        }
    };
    std::size_t from = 0;
    for (std::size_t const cut : cuts) {
        feed(std::string(bytes.substr(from, cut - from))); // its own memory, so that a stale view shows
        from = cut;
    }
    feed(std::string(bytes.substr(from)));
    if (!out.error) {
        if (result<void> const end = decoder->finish(out.chunks); !end) {
            out.error = end.error();
        }
    }
    return out;
}

/// The same whatever the split: everywhere for small streams, at random for large ones.
inline void check_splits(std::string const& bytes)
{
    decoded_stream const whole = decode_stream(bytes);
    const auto same = [&](std::vector<std::size_t> const& cuts) {
        decoded_stream const split = decode_stream(bytes, cuts);
        return split.chunks == whole.chunks && split.error.has_value() == whole.error.has_value();
    };
    if (bytes.size() < 3000) {
        for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
            if (!same({cut})) {
                BOOST_ERROR("differs when split at " << cut);
                return;
            }
        }
        return;
    }
    seeded random(bytes.size());
    for (int round = 0; round != 6; ++round) {
        std::vector<std::size_t> cuts;
        for (int i = 0; i != 40; ++i) {
            cuts.push_back(1 + random.below(bytes.size() - 1));
        }
        std::sort(cuts.begin(), cuts.end());
        BOOST_TEST(same(cuts));
    }
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

} // namespace cogate::test::google
