#pragma once

#include <cogate/secret.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace cogate::ledger {

/// A fresh virtual key: "sk-", 256 random bits in base64url without padding (43 characters) and a checksum of those
/// (6 characters), by which a mistyped or cut key is told from an unknown one. Randomness: OpenSSL's. Throws
/// std::runtime_error when the system has none.
secret make_key();

/// Whether a text has the form of make_key() and its checksum is right. Keys that an operator chose need not.
bool is_well_formed_key(std::string_view text) noexcept;

inline constexpr std::size_t least_chosen_key = 16; ///< bytes of a key that an operator chooses
inline constexpr std::size_t longest_key = 512;

/// "sk-...7sFA": the last four characters, and of a key below 16 characters nothing.
std::string masked_key(std::string_view key);

/// Hex of HMAC-SHA256(pepper, key): what is stored and looked up. Thread safety: any thread. About 1 us.
class key_digester {
public:
    /// An empty pepper is refused with std::invalid_argument.
    explicit key_digester(secret pepper);

    /// 64 lower-case hex digits. Texts above `longest_key` give an empty digest, which no record has.
    std::string digest_of(std::string_view key) const;

private:
    // the states of SHA-256 after the inner and outer pads, so that a digest takes two blocks instead of four
    std::array<std::uint8_t, 32> key_{};
    secret pepper_;
};

} // namespace cogate::ledger
