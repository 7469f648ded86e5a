#include "lib/core/secret.hpp"

#include <cogate/secret.hpp>

#include <cstddef>
#include <cstdint>
#include <string.h>
#include <utility>

namespace cogate::core {

namespace {

// Hides a value from the optimiser, which could otherwise turn the masks back into an early exit.
std::size_t opaque(std::size_t value) noexcept
{
    asm volatile("" : "+r"(value));
    return value;
}

// 1 when a < b, else 0, by the borrow bit instead of a comparison.
std::size_t less(std::size_t a, std::size_t b) noexcept
{
    return ((~a & b) | ((~a | b) & (a - b))) >> (sizeof(std::size_t) * 8 - 1);
}

} // namespace

void wipe(std::string& text) noexcept
{
    text.resize(text.capacity()); // never grows: the capacity is there already
    ::explicit_bzero(text.data(), text.size());
    text.clear();
}

bool constant_time_equal(std::string_view candidate, std::string_view expected) noexcept
{
    static constexpr char nothing[1] = {};
    const char* const known = expected.empty() ? nothing : expected.data();
    std::size_t difference = candidate.size() ^ expected.size();
    for (std::size_t i = 0; i < candidate.size(); ++i) {
        const std::size_t inside = opaque(less(i, expected.size()));
        const std::size_t at = i & (std::size_t{0} - inside);
        difference |= static_cast<unsigned char>(candidate[i] ^ known[at]);
    }
    return opaque(difference) == 0;
}

} // namespace cogate::core

namespace cogate {

secret::secret(std::string value) : value_(std::move(value))
{
    core::wipe(value); // a short string leaves its bytes behind when it is moved
}

secret::secret(secret&& other) noexcept : value_(std::move(other.value_))
{
    core::wipe(other.value_);
}

secret& secret::operator=(secret const& other)
{
    if (this != &other) {
        secret copy(other);
        *this = std::move(copy);
    }
    return *this;
}

secret& secret::operator=(secret&& other) noexcept
{
    if (this != &other) {
        core::wipe(value_);
        value_.swap(other.value_);
    }
    return *this;
}

secret::~secret()
{
    core::wipe(value_);
}

} // namespace cogate
