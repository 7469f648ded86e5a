#pragma once

#include <cogate/secret.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace cogate::ledger {

/// A fresh virtual key: "sk-", 256 random bits in base64url without padding (43 characters) and a checksum of
/// those (6 characters), by which a mistyped or cut key is told from an unknown one. Randomness: OpenSSL's.
/// Throws std::runtime_error when the system has none.
secret make_key();

/// Whether a text has the form of make_key() and its checksum is right. Keys that an operator chose need not.
bool is_well_formed_key(std::string_view text) noexcept;

inline constexpr std::size_t least_chosen_key = 16; ///< bytes of a key that an operator chooses
inline constexpr std::size_t longest_key = 512;

/// "sk-...7sFA": the last four characters; "sk-..." for a key below 16 characters or one that does not end in
/// visible ASCII.
std::string masked_key(std::string_view key);

/// Hex of HMAC-SHA256(pepper, key): what is stored and looked up. Copies share their state. Thread safety:
/// any thread. About 0.3 us where the processor has SHA instructions.
class key_digester {
public:
    /// An empty pepper is refused with std::invalid_argument. Throws std::runtime_error when OpenSSL has no
    /// SHA-256.
    explicit key_digester(secret pepper);

    /// 64 lower-case hex digits. Texts above `longest_key` give an empty digest, which no record has.
    std::string digest_of(std::string_view key) const;

private:
    struct states;
    std::shared_ptr<states const> states_;
};

} // namespace cogate::ledger
