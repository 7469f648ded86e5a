#pragma once
/// Text that must not reach a log: API keys, passwords, signing keys.

#include <iosfwd>
#include <string>
#include <string_view>

namespace cogate::core {

/// Holds a secret. It converts to nothing and prints nowhere (the stream operator is deleted, so `log << key`
/// does not compile); `reveal()` is the one way in and easy to search for. The bytes are overwritten when the
/// object is destroyed, assigned or moved from.
/// Thread safety: as std::string.
/// Lifetime: what reveal() returns dies with the object.
class secret {
public:
    secret() = default;
    explicit secret(std::string text);
    secret(const secret& other) = default;
    secret(secret&& other) noexcept;
    secret& operator=(const secret& other);
    secret& operator=(secret&& other) noexcept;
    ~secret();

    /// The bytes themselves. Hand them to a header or a hash, never to a message.
    std::string_view reveal() const noexcept { return text_; }
    bool empty() const noexcept { return text_.empty(); }

    /// Compares in a time that depends on `candidate.size()` only.
    bool matches(std::string_view candidate) const noexcept;

    /// Ordinary comparison leaks by its timing: use matches().
    friend bool operator==(const secret&, const secret&) = delete;
    friend std::ostream& operator<<(std::ostream&, const secret&) = delete;

private:
    std::string text_;
};

/// Overwrites the whole capacity with zeroes, in a way the optimiser may not drop, and empties the string.
void wipe(std::string& text) noexcept;

/// True when both are the same bytes. The loop always runs over the candidate, the attacker's own text: every
/// byte is compared with some byte of `expected` (its first one once `expected` is used up) and the
/// difference is gathered without a branch. So neither the place of the first difference nor the length of
/// `expected` shows in the time.
bool constant_time_equal(std::string_view candidate, std::string_view expected) noexcept;

} // namespace cogate::core
