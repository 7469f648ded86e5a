#include "lib/ledger/accounts/key_text.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>

namespace cogate::ledger {

namespace {

constexpr std::string_view prefix = "sk-";
constexpr std::size_t body_size = 43; ///< 256 bits, 6 per character
constexpr std::size_t checksum_size = 6;
// RFC 4648, 5.
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// CRC-32 of ISO 3309 (reflected, polynomial 0x04C11DB7): notices every change within 32 neighbouring bits.
constexpr std::array<std::uint32_t, 256> crc_steps = [] {
    std::array<std::uint32_t, 256> steps{};
    for (std::uint32_t byte = 0; byte != steps.size(); ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit != 8; ++bit) {
            crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xEDB88320u : 0u);
        }
        steps[byte] = crc;
    }
    return steps;
}();

std::uint32_t crc32(std::string_view text) noexcept
{
    std::uint32_t crc = 0xFFFFFFFFu;
    for (char const c : text) {
        crc = (crc >> 8) ^ crc_steps[(crc ^ static_cast<unsigned char>(c)) & 0xFFu];
    }
    return ~crc;
}

std::array<char, checksum_size> checksum_of(std::string_view body) noexcept
{
    std::uint64_t rest = crc32(body);
    std::array<char, checksum_size> out{};
    for (auto place = out.rbegin(); place != out.rend(); ++place) {
        *place = alphabet[rest & 63];
        rest >>= 6;
    }
    return out;
}

} // namespace

secret make_key()
{
    std::array<unsigned char, 33> bytes{}; // the last one stays 0: 43 characters hold 258 bits
    if (RAND_bytes(bytes.data(), 32) != 1) {
        throw std::runtime_error("OpenSSL has no random numbers for a key");
    }
    std::string text;
    // One buffer, which `secret` overwrites in the end.
    text.reserve(prefix.size() + body_size + checksum_size);
    text += prefix;
    for (std::size_t i = 0; i != bytes.size(); i += 3) {
        std::uint32_t const three = static_cast<std::uint32_t>(bytes[i]) << 16 |
                                    static_cast<std::uint32_t>(bytes[i + 1]) << 8 | bytes[i + 2];
        for (unsigned shift : {18u, 12u, 6u, 0u}) {
            if (text.size() != prefix.size() + body_size) {
                text += alphabet[(three >> shift) & 63];
            }
        }
    }
    OPENSSL_cleanse(bytes.data(), bytes.size());
    std::array<char, checksum_size> const sum = checksum_of(std::string_view(text).substr(prefix.size()));
    text.append(sum.data(), sum.size());
    return secret(std::move(text));
}

bool is_well_formed_key(std::string_view text) noexcept
{
    if (text.size() != prefix.size() + body_size + checksum_size || !text.starts_with(prefix)) {
        return false;
    }
    std::string_view const body = text.substr(prefix.size(), body_size);
    std::string_view const sum = text.substr(prefix.size() + body_size);
    if (body.find_first_not_of(alphabet) != std::string_view::npos) {
        return false;
    }
    std::array<char, checksum_size> const expected = checksum_of(body);
    return std::equal(sum.begin(), sum.end(), expected.begin());
}

std::string masked_key(std::string_view key)
{
    std::string out = "sk-...";
    std::string_view const end = key.substr(key.size() - std::min<std::size_t>(key.size(), 4));
    auto const is_seen = [](char c) { return c > ' ' && c < '\x7f'; };
    bool const is_visible = std::all_of(end.begin(), end.end(), is_seen);
    if (key.size() >= 16 && is_visible) {
        out += end;
    }
    return out;
}

} // namespace cogate::ledger
