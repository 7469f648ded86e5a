#pragma once

#include "providers/client_dialect.hpp"
#include "test/common/provider_context.hpp"
#include "test/common/seeded.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::test {

struct decoded_stream {
    std::vector<chat_chunk> chunks;
    std::optional<failure> error;

    friend bool operator==(decoded_stream const& a, decoded_stream const& b)
    {
        return a.chunks == b.chunks && a.error.has_value() == b.error.has_value() &&
               (!a.error ||
                ((*a.error)->kind == (*b.error)->kind && (*a.error)->message == (*b.error)->message));
    }
};

/// Feeds the bytes cut at `cuts` (rising offsets) through a dialect's framing and decoder.
inline decoded_stream decode_stream_of(providers::client_dialect const& dialect, std::string_view bytes,
                                       std::vector<std::size_t> const& cuts = {},
                                       std::string const& model = "up")
{
    decoded_stream out;
    const provider_context context(model, true);
    auto const decoder = dialect.decode_chat_stream(context);
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

/// The same whatever the split: at every byte of a small stream, at random places of a large one.
inline void check_splits_of(providers::client_dialect const& dialect, std::string_view bytes, int rounds = 6,
                            std::string const& model = "up")
{
    decoded_stream const whole = decode_stream_of(dialect, bytes, {}, model);
    if (bytes.size() < 5000) {
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            if (!(decode_stream_of(dialect, bytes, {cut}, model) == whole)) {
                BOOST_ERROR("differs when split at " << cut);
                return;
            }
        }
        return;
    }
    seeded random(bytes.size());
    for (int round = 0; round != rounds; ++round) {
        std::vector<std::size_t> cuts;
        for (int i = 0; i != 40; ++i) {
            cuts.push_back(random.below(bytes.size() + 1));
        }
        std::sort(cuts.begin(), cuts.end());
        BOOST_TEST((decode_stream_of(dialect, bytes, cuts, model) == whole));
    }
}

} // namespace cogate::test
