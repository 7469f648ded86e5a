#pragma once

namespace cogate::transports {

/// What is known of a connection when its exchange ends.
struct connection_facts {
    bool request_written = false; ///< all bytes of the request went out
    bool response_complete = false;
    bool kept_alive =
        false; ///< by version and Connection field, and the body did not run to the end of stream
    bool bytes_left = false; ///< bytes behind the answer, in any buffer of ours
    bool cancelled = false;
    bool timed_out = false;
    bool failed = false; ///< any operation reported an error
};

/// Whether another exchange may use the connection. In doubt it is closed: a byte of one answer that reaches
/// the next exchange would hand one tenant's data to another.
constexpr bool may_reuse(connection_facts const& facts) noexcept
{
    return facts.request_written && facts.response_complete && facts.kept_alive && !facts.bytes_left &&
           !facts.cancelled && !facts.timed_out && !facts.failed;
}

} // namespace cogate::transports
