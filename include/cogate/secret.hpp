#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace cogate {

/// A key or password. It has no stream operator and no conversion: only `reveal()` shows it, so that a search
/// for that word finds every place where a secret leaves its box. The bytes are overwritten when the object is
/// destroyed, assigned or moved from.
///
/// Thread safety: as std::string. Lifetime: what `reveal` returns dies with the object or its next assignment.
class secret {
public:
    secret() = default;
    /// Takes the bytes over.
    explicit secret(std::string value);
    secret(secret const& other) = default;
    /// `other` is overwritten and empty afterwards.
    secret(secret&& other) noexcept;
    /// The bytes held before are overwritten.
    secret& operator=(secret const& other);
    /// As above; `other` is overwritten and empty afterwards.
    secret& operator=(secret&& other) noexcept;
    ~secret();

    /// Whether there is no secret.
    bool empty() const noexcept { return value_.empty(); }

    /// The bytes themselves: for a header or a hash, never for a message.
    std::string_view reveal() const noexcept { return value_; }

    /// An ordinary comparison leaks by its timing.
    friend bool operator==(secret const&, secret const&) = delete;
    friend std::ostream& operator<<(std::ostream&, secret const&) = delete;

private:
    std::string value_;
};

} // namespace cogate
