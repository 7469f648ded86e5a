#pragma once

#include "transports/http/response_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cogate::transports {

/// The head that nearly all answers have: HTTP/1.1, a status with a body, one Content-Length, and nothing else
/// that says where the message ends.
struct plain_head {
    int status = 0;
    std::size_t size = 0;     ///< of the head, empty line included
    std::uint64_t length = 0; ///< of the body
    bool keep_alive = true;
};

/// Reads a head of that kind off the front; `places` gets its fields, at most `max_fields`. Nothing when it is
/// not all there, or different in any way: that is for Beast's parser to judge, and this one takes nothing that
/// Beast's would refuse.
std::optional<plain_head> read_plain_head(std::string_view bytes,
                                          std::vector<response_parser::field_place>& places,
                                          std::size_t max_fields);

} // namespace cogate::transports
