#pragma once
/// What the tests of the Bedrock dialects share.

#include "providers/client_dialect.hpp"
#include "test/common/aws_frames.hpp"
#include "test/common/fixtures.hpp"
#include "test/common/provider_context.hpp"
#include "test/common/seeded.hpp"
#include "test/common/shared_files.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::test::bedrock {

namespace bj = boost::json;

/// The file of the same case with another ending.
inline std::string beside(std::filesystem::path const& path, std::string_view ending, std::string_view other)
{
    const std::string name = path.string();
    return read_file(name.substr(0, name.size() - ending.size()) + std::string(other));
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
    return in.is_object() ? in.as_object().if_contains(bj::string_view(key.data(), key.size())) : nullptr;
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

struct decoded_stream {
    std::vector<chat_chunk> chunks;
    std::optional<failure> error;
};

/// Feeds the bytes cut at `cuts` (rising offsets) through framing and decoder.
inline decoded_stream decode_stream(providers::client_dialect const& dialect, std::string const& model,
                                    std::string_view bytes, std::vector<std::size_t> const& cuts = {})
{
    decoded_stream out;
    const provider_context context(model, true);
    const auto decoder = dialect.decode_chat_stream(context);
    const auto feed = [&](std::string const& piece) {
        if (!out.error) {
            if (const result<std::size_t> fed = decoder->feed(piece, out.chunks); !fed) {
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
        if (const result<void> end = decoder->finish(out.chunks); !end) {
            out.error = end.error();
        }
    }
    return out;
}

/// The same at every byte of a small stream, at random places of a large one.
inline void check_splits(providers::client_dialect const& dialect, std::string const& model,
                         std::string const& bytes)
{
    const decoded_stream whole = decode_stream(dialect, model, bytes);
    const auto same = [&](std::vector<std::size_t> const& cuts) {
        const decoded_stream cut = decode_stream(dialect, model, bytes, cuts);
        return cut.chunks == whole.chunks && cut.error.has_value() == whole.error.has_value();
    };
    if (bytes.size() < 4096) {
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            BOOST_TEST(same({cut}));
        }
        return;
    }
    seeded random(bytes.size());
    for (int round = 0; round != 60; ++round) {
        std::vector<std::size_t> cuts;
        for (int i = 0; i != 8; ++i) {
            cuts.push_back(random.below(bytes.size() + 1));
        }
        std::sort(cuts.begin(), cuts.end());
        BOOST_TEST(same(cuts));
    }
}

} // namespace cogate::test::bedrock
