#pragma once

#include "lib/catalog/tokens/merge_table.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace cogate::catalog {

/// Byte pair encoding of one piece at a time: again and again the pair of lowest rank, the leftmost of
/// equals, becomes one token. O(n log n) in the piece; longer pieces than longest_piece are cut there, which
/// bounds memory to some 60 MiB while one is merged.
///
/// A token is of higher rank than both of its parts, so a merge never brings up a pair of a rank that is
/// done: the ranks are worked through in order, each from left to right.
///
/// Keeps its buffers from piece to piece. One thread at a time; the table must outlive it.
class piece_merger {
public:
    static constexpr std::size_t longest_piece = std::size_t{1} << 20;

    explicit piece_merger(merge_table const& table) noexcept : table_(table) {}

    /// The tokens of `piece`, 1 ... longest_piece bytes; valid until the next call.
    std::span<rank const> merge(std::string_view piece);

private:
    /// A token of a long piece. `next` of the last one is the piece's size.
    struct link {
        rank token;
        rank merged; ///< with the next one, or no_rank
        std::uint32_t previous;
        std::uint32_t next;
    };

    /// A place where two tokens could be merged, and the one noted before it for the same rank.
    struct candidate {
        std::uint32_t at;
        std::uint32_t before;
    };

    std::span<rank const> merge_short(std::string_view piece);
    std::span<rank const> merge_long(std::string_view piece);
    void start_long(std::string_view piece);
    void pair_up(std::uint32_t at);
    void take_places(rank merged);
    void merge_at(std::uint32_t at);

    merge_table const& table_;
    std::vector<rank> tokens_;
    std::vector<rank> merged_;

    std::vector<link> links_;
    std::vector<candidate> candidates_;
    std::vector<std::uint32_t> newest_; ///< per rank the newest candidate, or none
    std::vector<rank> ranks_;           ///< heap of the ranks that have candidates, lowest first
    std::vector<std::uint32_t> places_; ///< of the rank at work
};

} // namespace cogate::catalog
