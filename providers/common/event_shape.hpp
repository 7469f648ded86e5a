#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace cogate::providers {

/// What the events of a stream have in common: mostly they differ in a few strings, the tokens, and everything
/// around those is the same to the byte. Such an event needs no scan of its own: where one text is valid JSON,
/// another one is too that has other string bodies in the same places, and with the same members.
/// Thread safety: none.
class event_shape {
public:
    static constexpr std::size_t most_strings = 8;

    /// Whether the text differs from the learnt one in nothing but those strings.
    bool fits(std::string_view text) noexcept;

    /// `text` must be valid JSON. Does nothing any more after a number of texts of which none fitted.
    void learn(std::string_view text);

private:
    static constexpr std::size_t most_bytes = 2048;
    static constexpr unsigned most_misses = 16;

    struct range {
        std::size_t begin;
        std::size_t end;
    };

    std::string text_;
    std::array<range, most_strings + 1> fixed_{}; ///< all of `text_` but the strings' bodies
    std::size_t count_ = 0;                       ///< of those; 0: nothing is learnt
    unsigned misses_ = 0;                         ///< in a row
};

} // namespace cogate::providers
