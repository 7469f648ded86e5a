#pragma once

#include "transports/mock_server/answer.hpp"

#include <string_view>

namespace cogate::transports::mock {

/// Renders an event stream piece by piece: a chunked answer of status 200, one chunk per event.
class event_writer {
public:
    event_writer();

    /// One event; without a name it has the default type.
    void event(std::string_view data, std::string_view name = {});

    /// What follows tells why the model stopped.
    void mark_finish() noexcept { out_.finish_piece = out_.pieces.size(); }
    /// What follows tells that the stream is whole.
    void mark_done() noexcept { out_.done_piece = out_.pieces.size(); }

    /// Ends the body. The writer is used up.
    answer end();

private:
    answer out_;
};

} // namespace cogate::transports::mock
