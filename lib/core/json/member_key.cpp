#include "lib/core/json/member_key.hpp"

#include <algorithm>
#include <cstring>

#include "lib/core/hash.hpp"
#include "lib/core/utf8.hpp"

namespace cogate::json {

bool key_set::insert(std::uint64_t hash) noexcept
{
    if (count_ <= few) {
        for (std::size_t i = 0; i < count_; ++i) {
            if (hashes_[i] == hash) {
                return false;
            }
        }
        hashes_[count_++] = hash;
        if (count_ > few) {
            slots_.fill(0);
            for (std::size_t i = 0; i < count_; ++i) {
                index(i);
            }
        }
        return true;
    }
    for (std::size_t slot = hash % slots_.size(); slots_[slot] != 0; slot = (slot + 1) % slots_.size()) {
        if (hashes_[slots_[slot] - 1u] == hash) {
            return false;
        }
    }
    hashes_[count_] = hash;
    index(count_++);
    return true;
}

void key_set::index(std::size_t at) noexcept
{
    std::size_t slot = hashes_[at] % slots_.size();
    while (slots_[slot] != 0) {
        slot = (slot + 1) % slots_.size();
    }
    slots_[slot] = static_cast<std::uint16_t>(at + 1);
}

void key_reader::clear() noexcept
{
    size_ = 0;
    filled_ = 0;
    hash_ = 0;
    high_ = 0;
}

void key_reader::append(const char* data, std::size_t size) noexcept
{
    while (size != 0) {
        if (filled_ == longest_key) {
            const std::array<char, longest_key>& full = size_ == longest_key ? kept_ : block_;
            hash_ = core::hash64({full.data(), full.size()}, hash_);
            filled_ = 0;
        }
        std::array<char, longest_key>& block = size_ < longest_key ? kept_ : block_;
        const std::size_t count = std::min(size, longest_key - filled_);
        std::memcpy(block.data() + filled_, data, count);
        filled_ += count;
        size_ += count;
        data += count;
        size -= count;
    }
}

void key_reader::flush_surrogate() noexcept
{
    if (high_ != 0) {
        // Kept apart from U+FFFD, so that different broken keys stay different.
        char encoded[4];
        append(encoded, core::encode_utf8(high_, encoded));
        high_ = 0;
    }
}

void key_reader::bytes(const char* data, std::size_t size) noexcept
{
    flush_surrogate();
    append(data, size);
}

void key_reader::unit(char16_t unit) noexcept
{
    char encoded[4];
    if (high_ != 0 && unit >= 0xDC00 && unit <= 0xDFFF) {
        const char32_t code = 0x10000 + ((char32_t{high_} - 0xD800) << 10) + (char32_t{unit} - 0xDC00);
        high_ = 0;
        append(encoded, core::encode_utf8(code, encoded));
        return;
    }
    flush_surrogate();
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        high_ = unit;
        return;
    }
    append(encoded, core::encode_utf8(unit, encoded));
}

std::uint64_t key_reader::close() noexcept
{
    flush_surrogate();
    const std::array<char, longest_key>& block = size_ <= longest_key ? kept_ : block_;
    return core::hash64({block.data(), filled_}, hash_);
}

} // namespace cogate::json
