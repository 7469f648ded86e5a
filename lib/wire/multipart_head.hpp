#pragma once

#include <string>
#include <string_view>

/// What heads say in multipart/form-data (RFC 7578): the boundary, and the parts' names. Pure.
namespace cogate::wire {

/// The boundary parameter of a Content-Type; empty when it is no multipart/form-data or the boundary is not
/// one to RFC 2046 (1 to 70 characters of its set). Quoted or not.
std::string multipart_boundary(std::string_view content_type);

/// What a part says about itself.
struct part_head {
    std::string name;
    std::string filename;   ///< decoded as browsers write it; empty without one
    bool is_file = false;   ///< has a file name, even an empty one
    std::string media_type; ///< empty without Content-Type
};

/// Reads the fields of a part's head (without its empty line). False: bad_head.
bool parse_part_head(std::string_view fields, part_head& out);

} // namespace cogate::wire
