#pragma once
/// The merge ranks of one encoding: which two tokens make a third, and what bytes a token stands for.
/// Immutable after construction: safe from any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cogate::catalog {

/// A token's number is its rank: the lower, the earlier it is merged.
using rank = std::uint32_t;

inline constexpr rank no_rank = 0xFFFF'FFFF;

/// A hash table of all merges: 2 MiB for cl100k_base, 4 MiB for o200k_base.
class merge_table {
public:
    /// `data`: as data/make.py writes it; borrowed, so it must outlive the table.
    explicit merge_table(std::span<std::uint8_t const> data);

    /// How many tokens there are; ranks are 0 ... size() - 1.
    std::size_t size() const noexcept { return 256 + (data_.size() - 256) / record_size; }

    rank of_byte(unsigned char byte) const noexcept { return bytes_[byte]; }

    /// The token that the two make, or no_rank.
    rank of_pair(rank left, rank right) const noexcept
    {
        std::uint64_t const key = key_of(left, right);
        for (std::size_t slot = slot_of(key);; slot = (slot + 1) & (slots_.size() - 1)) {
            std::uint64_t const there = slots_[slot];
            if (there >> rank_bits == key) {
                return static_cast<rank>(there & ((std::uint64_t{1} << rank_bits) - 1));
            }
            if (there == 0) {
                return no_rank;
            }
        }
    }

    /// Appends the bytes of a token. Precondition: token < size().
    void append_bytes(std::string& out, rank token) const;

private:
    static constexpr std::size_t record_size = 6;
    static constexpr unsigned rank_bits = 20;

    static std::uint64_t key_of(rank left, rank right) noexcept
    {
        return std::uint64_t{left} << rank_bits | right;
    }
    std::size_t slot_of(std::uint64_t key) const noexcept
    {
        return static_cast<std::size_t>((key * 0x9E37'79B9'7F4A'7C15) >> shift_);
    }
    rank part(rank token, std::size_t offset) const noexcept;

    std::span<std::uint8_t const> data_;
    std::array<rank, 256> bytes_{};
    std::vector<std::uint64_t> slots_; ///< the pair, then its rank; 0: free. No merge makes rank 0.
    unsigned shift_;
};

} // namespace cogate::catalog
