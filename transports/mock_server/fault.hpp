#pragma once

#include "transports/mock_server/answer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::transports::mock {

/// A way in which an upstream misbehaves, named by the model `fault/NAME` or for every request by a flag.
struct fault {
    enum class kind : std::uint8_t {
        none,
        cut_after,    ///< N events (or half of a plain answer), then an orderly end of the connection
        stall,        ///< one event (or half of a plain answer), then silence
        stall_first,  ///< never a byte
        garbage,      ///< bytes that are no HTTP
        garbage_body, ///< 200 and a body that is neither JSON nor an event stream
        bad_chunk,    ///< a stream whose second chunk has no valid size
        reset,        ///< one event (or nothing), then a reset
        close,        ///< an orderly end before the first byte
        drip,         ///< the right answer, one byte at a time
        error_event,  ///< two events, then an error event and a clean end
        no_done,   ///< all events but the one that tells the end ([DONE], message_stop, response.completed)
        no_finish, ///< neither finish reason nor what follows it, and a clean end of the body
        status,    ///< an error answer with status N
    };
    kind what = kind::none;
    int number = 0;
};

/// Reads "cut-after-3", "status-429", "drip", ...; nothing when there is no such fault.
std::optional<fault> parse_fault(std::string_view name);

/// All names, for a help text.
std::string_view fault_names() noexcept;

/// Spoils a good answer of `shape`; errors are told as that API tells them. Pure.
answer apply_fault(answer good, const fault& how, api shape = api::chat);

} // namespace cogate::transports::mock
