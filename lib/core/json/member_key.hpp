#pragma once
/// The keys of a root object, bounded in memory however long and many they are: what the scanner needs to
/// compare and to find duplicates.
/// Thread safety: one thread at a time per object.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cogate::json {

/// Bytes of a decoded key that are kept; a longer key matches nothing but still counts as a duplicate of
/// itself.
inline constexpr std::size_t longest_key = 128;

/// Members the root object may have.
inline constexpr std::size_t most_members = 512;

/// Hashes of the keys seen. A clash of two different keys (2^-64) would refuse a good text; an equal key is
/// never overlooked.
class key_set {
public:
    std::size_t size() const noexcept { return count_; }
    void clear() noexcept { count_ = 0; }

    /// False when it was there already. Precondition: size() < most_members.
    bool insert(std::uint64_t hash) noexcept;

private:
    static constexpr std::size_t few = 16;

    void index(std::size_t at) noexcept;

    std::size_t count_ = 0;
    std::array<std::uint64_t, most_members> hashes_;
    std::array<std::uint16_t, 2 * most_members> slots_; // in use above `few` keys only
};

/// Decodes one key, piece by piece, into a bounded buffer and a hash of all its bytes.
class key_reader {
public:
    void clear() noexcept;
    void bytes(const char* data, std::size_t size) noexcept;
    void unit(char16_t unit) noexcept;

    /// Ends the key and returns its hash.
    std::uint64_t close() noexcept;

    std::string_view text() const noexcept
    {
        return {kept_.data(), size_ < longest_key ? size_ : longest_key};
    }
    std::size_t size() const noexcept { return size_; }

private:
    void append(const char* data, std::size_t size) noexcept;
    void flush_surrogate() noexcept;

    std::size_t size_ = 0;
    std::size_t filled_ = 0; // of the current block
    std::uint64_t hash_ = 0;
    char16_t high_ = 0; // a high surrogate that waits for its low half
    std::array<char, longest_key> kept_;
    std::array<char, longest_key> block_;
};

} // namespace cogate::json
