#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace cogate::transports {

/// Bytes that a socket reads into: grows by copying, never fills with zeros, gives its memory back on
/// `release`. Views into it are valid until `reserve` grows it, `release`, or destruction. Not thread-safe.
class byte_buffer {
public:
    char* data() noexcept { return data_.get(); }
    char const* data() const noexcept { return data_.get(); }
    std::size_t size() const noexcept { return size_; }
    std::size_t capacity() const noexcept { return capacity_; }
    std::size_t room() const noexcept { return capacity_ - size_; }
    char* tail() noexcept { return data_.get() + size_; }
    std::string_view view() const noexcept { return {data_.get(), size_}; }

    void clear() noexcept { size_ = 0; }
    /// Counts bytes that somebody wrote at `tail`.
    void grown(std::size_t bytes) noexcept { size_ += bytes; }

    void reserve(std::size_t capacity)
    {
        if (capacity > capacity_) {
            auto larger = std::make_unique_for_overwrite<char[]>(capacity);
            if (size_ > 0) {
                std::memcpy(larger.get(), data_.get(), size_);
            }
            data_ = std::move(larger);
            capacity_ = capacity;
        }
    }

    void append(std::string_view bytes)
    {
        if (bytes.size() > room()) {
            reserve(std::max(size_ + bytes.size(), 2 * capacity_));
        }
        if (!bytes.empty()) {
            std::memcpy(tail(), bytes.data(), bytes.size());
            size_ += bytes.size();
        }
    }

    /// Takes the bytes [from, to) out; what follows moves down.
    void erase(std::size_t from, std::size_t to) noexcept
    {
        if (to > from) {
            std::memmove(data_.get() + from, data_.get() + to, size_ - to);
            size_ -= to - from;
        }
    }

    void release() noexcept
    {
        data_.reset();
        size_ = capacity_ = 0;
    }

    void swap(byte_buffer& other) noexcept
    {
        data_.swap(other.data_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
    }

private:
    std::unique_ptr<char[]> data_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace cogate::transports
