#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cogate::wire {

enum class array_status {
    need_more, ///< all input was taken
    element,   ///< a whole element
    too_large, ///< an element beyond the cap; nothing more comes
    malformed, ///< not a JSON array; nothing more comes
};

/// Incremental reader of one JSON array: gives its elements as text as soon as they are whole, however the
/// input is split. Only brackets, strings and commas are looked at: an element may be no valid JSON, its
/// parser will tell. A lone object in place of the array counts as its only element. Not thread-safe.
///
/// An element that lies whole in the input is returned without copying.
class json_array_reader {
public:
    explicit json_array_reader(std::size_t max_element_bytes) noexcept : cap_(max_element_bytes) {}

    /// Consumes from the front of `input` up to the end of the next element. `element` is valid until the
    /// next call and only as long as the input's bytes.
    array_status next(std::string_view& input, std::string_view& element);

    /// The closing bracket was seen: what comes then but white space is malformed.
    bool complete() const noexcept { return where_ == place::behind; }

    /// The input ended inside an element.
    bool within_element() const noexcept { return where_ == place::within; }

private:
    enum class place : std::uint8_t { before, first, element, within, comma, behind, failed };

    bool step(char c);
    std::size_t scan(std::string_view input);

    std::string held_;
    std::size_t cap_;
    std::size_t depth_ = 0;
    place where_ = place::before;
    bool lone_ = false;
    bool scalar_ = false;
    bool quoted_ = false;
    bool escaped_ = false;
    bool given_ = false; ///< what is held was given out
};

} // namespace cogate::wire
