#pragma once

#include "lib/wire/header.hpp"

#include <string_view>

namespace cogate::wire {

/// What stands in a request line. `version` counts as Beast does: 11 for HTTP/1.1; 0 when the text is none.
struct request_line {
    std::string_view method;
    std::string_view target;
    unsigned version = 0;
};

/// Takes a whole request head apart that passed `raw_head_check`: that has judged every byte, so what is left
/// to do here is to cut. Gives views into the head. Pure, no allocation. Not thread safe.
class head_splitter {
public:
    /// `head` starts with the request line and ends with the empty line.
    explicit head_splitter(std::string_view head) noexcept : left_(head) {}

    /// To be called first, and once.
    request_line take_request_line() noexcept;

    /// The next field, its value without white space around it. False when there is none left.
    bool take_field(header& field) noexcept;

private:
    std::string_view take_line() noexcept;

    std::string_view left_;
};

} // namespace cogate::wire
