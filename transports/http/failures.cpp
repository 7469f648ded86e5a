#include "transports/http/failures.hpp"

#include <boost/asio/error.hpp>

namespace cogate::transports::failures {

namespace {

std::string reason(boost::system::error_code why)
{
    return why == boost::asio::error::connection_refused ? "was refused" : "failed: " + why.message();
}

} // namespace

failure bad_authorities(std::string const& ca_file, boost::system::error_code why)
{
    return failure{error_kind::connection,
                   "the certificate authorities in " + ca_file + " cannot be used: " + why.message()}
        .with_code("upstream_tls")
        .with_retryable(false);
}

failure name_timed_out(std::string const& host, bool total)
{
    return failure{error_kind::timeout, "the lookup of " + host + " took too long"}.with_code(
        total ? "timeout_total" : "timeout_connect");
}

failure unresolved(std::string const& host, std::string_view why)
{
    return failure{error_kind::connection, "the name " + host + " could not be resolved: " + std::string(why)}
        .with_code("upstream_dns");
}

failure unconnected(std::string const& origin, boost::system::error_code why)
{
    return failure{error_kind::connection, "connection to " + origin + ' ' + reason(why)}.with_code(
        "upstream_connect");
}

failure tls_refused(std::string const& origin, std::string_view why)
{
    return failure{error_kind::connection, "TLS with " + origin + " failed: " + std::string(why)}.with_code(
        "upstream_tls");
}

failure closed_early(std::string const& origin, bool some_bytes)
{
    return failure{error_kind::connection,
                   origin + (some_bytes ? " closed the connection within the head of its answer"
                                        : " closed the connection before it answered")}
        .with_code("upstream_closed");
}

failure truncated(std::string const& origin)
{
    return failure{error_kind::truncated, origin + " closed the connection before its answer was complete"}
        .with_code("upstream_truncated");
}

failure bad_http(std::string const& origin, char const* why)
{
    return failure{error_kind::bad_gateway, origin + " broke the HTTP protocol: " + why}.with_code(
        "upstream_bad_http");
}

failure timed_out(std::string const& origin, phase where, bool total)
{
    if (total) {
        return failure{error_kind::timeout, "the time for the whole call ran out while waiting for " + origin}
            .with_code("timeout_total");
    }
    switch (where) {
    case phase::connect:
        return failure{error_kind::timeout, "connection to " + origin + " took too long"}.with_code(
            "timeout_connect");
    case phase::tls:
        return failure{error_kind::timeout, "the TLS handshake with " + origin + " took too long"}.with_code(
            "timeout_tls");
    case phase::write:
        return failure{error_kind::timeout, origin + " stopped taking the request"}.with_code(
            "timeout_write");
    case phase::first_byte:
        return failure{error_kind::timeout, origin + " did not start its answer in time"}.with_code(
            "timeout_first_byte");
    case phase::none:
    case phase::idle: break;
    }
    return failure{error_kind::timeout, origin + " stopped sending within its answer"}.with_code(
        "timeout_idle");
}

failure cancelled(std::string const& origin)
{
    return failure{error_kind::cancelled, "the exchange with " + origin + " was cancelled"}.with_code(
        "cancelled");
}

} // namespace cogate::transports::failures
