#pragma once

#include "providers/client_dialect.hpp"
#include "test/common/provider_context.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::test {

struct decoded_stream {
    std::vector<chat_chunk> chunks;
    std::optional<failure> error;
};

/// Feeds the bytes cut at `cuts` (rising offsets) through a dialect's framing and decoder.
inline decoded_stream decode_stream_of(providers::client_dialect const& dialect, std::string_view bytes,
                                       std::vector<std::size_t> const& cuts)
{
    decoded_stream out;
    auto const decoder = dialect.decode_chat_stream(provider_context("up", true));
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

} // namespace cogate::test
