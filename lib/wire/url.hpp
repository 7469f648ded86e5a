#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::wire {

/// An absolute base URL of a provider, checked and in normal form. Value type.
struct url {
    std::string scheme; ///< "http", "https" or "demo"
    std::string host;   ///< lower case, IPv6 without brackets; may be empty for `demo` only
    std::uint16_t port = 0;
    std::string path; ///< percent-encoded as given, starts with '/' unless empty, no trailing slash
    bool tls = false;

    /// Key of a connection pool: "scheme://host:port", always with the port.
    std::string origin() const;
    /// Text of the Host field: the port only when it is not the scheme's own.
    std::string host_header() const;
};

/// Parses an absolute http, https or demo URL. Refused: user information, query, fragment, control and
/// non-ASCII characters, backslashes, dot segments, bad hosts and ports. On refusal `why`, when given, gets a
/// sentence fragment with static lifetime that never quotes the URL (it might hold a secret).
std::optional<url> parse_url(std::string_view text, const char** why = nullptr);

/// Decodes one path segment. Nothing for a broken escape or for a decoded control character; '/' may result.
std::optional<std::string> percent_decode(std::string_view segment);

/// The value of a query parameter of a request target or of a bare query, still encoded; empty when it is not there.
std::string_view query_value(std::string_view target, std::string_view name) noexcept;

/// Appends `text` as one path segment or query value: all but RFC 3986 unreserved characters are escaped.
void append_percent_encoded(std::string& out, std::string_view text);

} // namespace cogate::wire
