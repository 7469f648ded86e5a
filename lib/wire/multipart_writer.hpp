#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::wire {

/// Builds a multipart/form-data body (RFC 7578) out of fields and files, whose contents must outlive it. The
/// same parts give the same bytes; the boundary stands in no content. Not thread-safe.
class multipart_writer {
public:
    /// Names are escaped as browsers do it, so any bytes are safe.
    multipart_writer& field(std::string_view name, std::string_view value);
    /// A media type that no field may hold is replaced with application/octet-stream, as is an empty one.
    multipart_writer& file(std::string_view name, std::string_view filename, std::string_view media_type,
                           std::string_view bytes);

    /// Appends the body; the value for Content-Type.
    std::string write(std::string& out) const;

private:
    struct part {
        std::string head; ///< fields with their empty line
        std::string_view content;
    };
    std::string free_boundary() const;

    std::vector<part> parts_;
};

/// Appends the fields of a form field's head, with their empty line.
void append_field_head(std::string& out, std::string_view name);

} // namespace cogate::wire
