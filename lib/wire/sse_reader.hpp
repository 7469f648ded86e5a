#pragma once

#include "lib/wire/sse_block.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::wire {

/// Default cap of one event, in bytes, field names and line ends included.
inline constexpr std::size_t default_max_event_bytes = 1024 * 1024;

/// One dispatched event. The views are valid until the next call of the reader, and those into the input
/// only as long as the input's bytes.
struct sse_event {
    std::string_view type; ///< empty when the stream named none (WHATWG calls that "message")
    std::string_view data;
    std::string_view id;  ///< last event id seen so far in the stream
    bool complete = true; ///< false: the stream ended before the blank line
};

/// Incremental reader of a WHATWG event stream (HTML 9.2): pure, no I/O, any split of the input gives the
/// same events. It does not know `[DONE]`; that is the dialect's business. Not thread safe.
///
/// A one-line event that lies whole in the input is returned without copying.
class sse_reader {
public:
    explicit sse_reader(std::size_t max_event_bytes = default_max_event_bytes) : splitter_(max_event_bytes) {}

    /// Consumes from the front of `input` up to the end of the next event that carries data.
    sse_status next(std::string_view& input, sse_event& out);

    /// At the end of the stream: `event` with `complete = false` when the unfinished block held data,
    /// else `need_more` (nothing left), or `too_large` as before.
    sse_status finish(sse_event& out);

    /// Last reconnection time the stream asked for; capped at one day.
    std::optional<std::chrono::milliseconds> retry() const noexcept { return retry_; }

private:
    bool dispatch(std::string_view block, sse_event& out);

    sse_splitter splitter_;
    std::string joined_;
    std::string last_id_;
    std::optional<std::chrono::milliseconds> retry_;
    bool first_block_ = true;
    bool finished_ = false;
    bool too_large_ = false;
};

} // namespace cogate::wire
