#pragma once

#include <cogate/error.hpp>

#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

/// The failures of an exchange, in words. They name the origin and what happened to it; never a header, a body
/// or a path.
namespace cogate::transports::failures {

/// Phases that have a deadline of their own.
enum class phase { none, connect, tls, write, first_byte, idle };

failure bad_authorities(std::string const& ca_file, boost::system::error_code why);
failure name_timed_out(std::string const& host, bool total);
failure unresolved(std::string const& host, std::string_view why);
failure unconnected(std::string const& origin, boost::system::error_code why);
failure tls_refused(std::string const& origin, std::string_view why);
failure closed_early(std::string const& origin, bool some_bytes);
failure truncated(std::string const& origin);
failure bad_http(std::string const& origin, char const* why);
failure timed_out(std::string const& origin, phase where, bool total);
failure cancelled(std::string const& origin);

} // namespace cogate::transports::failures
