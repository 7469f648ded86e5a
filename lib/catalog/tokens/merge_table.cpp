#include "lib/catalog/tokens/merge_table.hpp"

#include <bit>

namespace cogate::catalog {

merge_table::merge_table(std::span<std::uint8_t const> data) : data_(data)
{
    for (rank token = 0; token != 256; ++token) {
        bytes_[data_[token]] = token;
    }
    // Two to four slots for each merge: a pair that is not there is known after one look or two.
    std::size_t const slots = 2 * std::bit_ceil(size());
    slots_.resize(slots);
    shift_ = 64u - static_cast<unsigned>(std::countr_zero(slots));
    for (rank token = 256; token != size(); ++token) {
        std::uint64_t const key = key_of(part(token, 0), part(token, 3));
        std::size_t slot = slot_of(key);
        while (slots_[slot] != 0) {
            slot = (slot + 1) & (slots - 1);
        }
        slots_[slot] = key << rank_bits | token;
    }
}

rank merge_table::part(rank token, std::size_t offset) const noexcept
{
    std::uint8_t const* const at = data_.data() + 256 + (token - 256) * record_size + offset;
    return static_cast<rank>(at[0]) | static_cast<rank>(at[1]) << 8 | static_cast<rank>(at[2]) << 16;
}

void merge_table::append_bytes(std::string& out, rank token) const
{
    std::vector<rank> open{token};
    while (!open.empty()) {
        rank const next = open.back();
        open.pop_back();
        if (next < 256) {
            out += static_cast<char>(data_[next]);
        } else {
            open.push_back(part(next, 3));
            open.push_back(part(next, 0));
        }
    }
}

} // namespace cogate::catalog
