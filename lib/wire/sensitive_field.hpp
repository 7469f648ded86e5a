#pragma once

#include <string_view>

namespace cogate::wire {

/// Request fields that decide framing, routing, or who the caller is.
enum class field_id : unsigned char {
    host,
    content_length,
    transfer_encoding,
    connection,
    expect,
    content_encoding,
    content_type,
    authorization,
    proxy_authorization,
    x_api_key,
    api_key,
    x_goog_api_key,
    te,
    trailer,
    upgrade,
};

struct sensitive_field {
    std::string_view name; ///< lower case
    field_id id;
    bool single;          ///< a second one is refused
    const char* repeated; ///< reason of that refusal
};

/// Row of `name`, found without regard to case and with '_' taken for '-'; null for any other field.
const sensitive_field* find_sensitive_field(std::string_view name) noexcept;

} // namespace cogate::wire
