#pragma once

#include "lib/core/json/string.hpp"
#include "lib/wire/sse_reader.hpp"
#include "providers/openai_chat/dialect.hpp"
#include "test/common/shared_files.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::test {

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

/// Feeds the bytes cut at `cuts` (rising offsets) through reader and decoder.
inline decoded_stream decode_stream(std::string_view bytes, std::vector<std::size_t> const& cuts = {})
{
    decoded_stream out;
    wire::sse_reader reader;
    auto const decoder = providers::openai_chat::client().decode_chat_stream();
    wire::sse_event event;
    const auto feed = [&](std::string_view piece) {
        while (!out.error && reader.next(piece, event) == wire::sse_status::event) {
            if (result<void> const fed = decoder->feed(event, out.chunks); !fed) {
                out.error = fed.error();
            }
        }
    };
    std::size_t from = 0;
    for (std::size_t const cut : cuts) {
        const std::string piece(bytes.substr(from, cut - from)); // its own memory, so that a stale view shows
        feed(piece);
        from = cut;
    }
    const std::string rest(bytes.substr(from));
    feed(rest);
    if (!out.error && reader.finish(event) == wire::sse_status::event) {
        if (result<void> const fed = decoder->feed(event, out.chunks); !fed) {
            out.error = fed.error();
        }
    }
    if (!out.error) {
        if (result<void> const end = decoder->finish(); !end) {
            out.error = end.error();
        }
    }
    return out;
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

} // namespace cogate::test
