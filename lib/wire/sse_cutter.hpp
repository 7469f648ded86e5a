#pragma once

#include "lib/wire/sse_block.hpp"
#include "lib/wire/sse_reader.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::wire {

/// One whole block of an event stream as it came, blank line included. Valid until the next call of the
/// cutter and as long as the fed bytes. A block without data (comment, blank line) has `has_data == false`.
struct raw_event {
    std::string_view bytes;
    std::string_view type; ///< value of the event field, empty without one
    std::string_view data; ///< the payload; a joined copy when there are several data lines
    bool has_data = false;
};

/// For a relay that passes the bytes of an event stream on unchanged but only in whole events. The pieces,
/// put together, are exactly the fed bytes less `tail()`. Blocks that lie whole in the fed bytes are views
/// into them; no allocation in the steady state. Not thread safe.
///
///     cutter.feed(bytes);
///     while (std::optional<raw_event> event = cutter.next()) { ... }
///     if (cutter.too_large()) { ... }
class sse_cutter {
public:
    explicit sse_cutter(std::size_t max_event_bytes = default_max_event_bytes) : splitter_(max_event_bytes) {}

    /// Precondition: `next` has returned nothing since the last feed. `bytes` must live until it does again.
    void feed(std::string_view bytes) noexcept { input_ = bytes; }

    /// The next whole block; nothing when more bytes are needed or a block is too large.
    std::optional<raw_event> next();

    /// True once a block outgrew the cap; final.
    bool too_large() const noexcept { return too_large_; }

    /// The start of a block whose end has not come; not empty at the end of a stream means it was cut off.
    std::string_view tail() const noexcept { return splitter_.pending(); }

private:
    sse_splitter splitter_;
    std::string_view input_;
    std::string joined_;
    bool first_block_ = true;
    bool too_large_ = false;
};

} // namespace cogate::wire
