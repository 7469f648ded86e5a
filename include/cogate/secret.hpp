#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace cogate {

/// A key or password. It has no stream operator and no conversion: only `reveal()` shows it, so that a search
/// for that word finds every place where a secret leaves its box. The bytes are overwritten on destruction.
///
/// Thread safety: as std::string.
class secret {
public:
    secret() = default;
    explicit secret(std::string value) : value_(std::move(value)) {}
    secret(secret const&) = default;
    secret(secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
    secret& operator=(secret const& other)
    {
        secret copy(other);
        value_.swap(copy.value_);
        return *this;
    }
    secret& operator=(secret&& other) noexcept
    {
        value_.swap(other.value_);
        return *this;
    }
    ~secret() { wipe(); }

    bool empty() const noexcept { return value_.empty(); }

    /// The bytes; valid while this object lives and is not assigned.
    std::string_view reveal() const noexcept { return value_; }

private:
    void wipe() noexcept
    {
        // volatile, so that the stores are not dropped as dead
        volatile char* p = value_.data();
        for (std::size_t i = 0; i != value_.size(); ++i) {
            p[i] = 0;
        }
        value_.clear();
    }

    std::string value_;
};

} // namespace cogate
