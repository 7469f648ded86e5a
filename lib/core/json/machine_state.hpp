#pragma once
/// What the tokenizer remembers between two pieces of a text. No allocation, no pointer into the bytes fed.

#include <array>
#include <cstddef>
#include <cstdint>

#include "lib/core/json/syntax.hpp"

namespace cogate::json {

enum class state : std::uint8_t {
    value,
    array_first,
    object_first,
    object_key,
    colon,
    after_value,
    done,
    string,
    escape,
    hex,
    utf8_tail,
    literal,
    number_minus,
    number_zero,
    number_integer,
    number_point,
    number_fraction,
    number_e,
    number_sign,
    number_exponent,
};

struct machine_state {
    state at = state::value;
    bool in_object = false; // the innermost open container is an object
    bool in_key = false;    // the string being read is a key
    bool escaped = false;   // the string being read has an escape
    kind literal = kind::missing;
    std::uint8_t literal_index = 0; // into "null", "true", "false": see literal_text
    std::uint8_t matched = 0;       // bytes of the literal, or digits of the escape, seen so far
    std::uint8_t tail_need = 0;     // continuation bytes outstanding and the range of the next one
    std::uint8_t tail_low = 0;
    std::uint8_t tail_high = 0;
    std::uint16_t unit = 0; // the \uXXXX escape so far
    unsigned depth = 0;
    unsigned max_depth = default_max_depth;
    std::size_t base = 0;  // offset of the first byte of the next piece
    std::size_t token = 0; // offset of the first byte of the scalar or key being read
    scan_error error;
    std::array<std::uint64_t, deepest / 64> outer; // bit per open container: is it inside an object?

    // User-provided on purpose: value-initialisation would clear `outer`, which is written before it is read.
    explicit machine_state(unsigned depth_limit = default_max_depth) noexcept
        : max_depth(depth_limit < deepest ? depth_limit : deepest)
    {}

    void push(bool object) noexcept
    {
        const std::uint64_t bit = std::uint64_t{1} << (depth % 64);
        std::uint64_t& word = outer[depth / 64];
        word = in_object ? word | bit : word & ~bit;
        in_object = object;
        ++depth;
    }

    void pop() noexcept
    {
        --depth;
        in_object = ((outer[depth / 64] >> (depth % 64)) & 1) != 0;
    }
};

} // namespace cogate::json
