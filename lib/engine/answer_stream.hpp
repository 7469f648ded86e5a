#pragma once

#include <cogate/result.hpp>
#include <cogate/usage.hpp>

#include "lib/engine/dispatch.hpp"
#include "providers/client_dialect.hpp"
#include "providers/server_dialect.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace cogate::engine {

/// The upstream's body bytes in, the client's bytes out: one streamed answer on its way through. Not thread-safe.
class answer_stream {
public:
    virtual ~answer_stream() = default;
    /// What to pass on, perhaps nothing yet; valid until the next call and as long as `bytes`.
    virtual result<std::string_view> feed(std::string_view bytes, stream_signs& signs) = 0;
    /// The body is over: what is left to pass on, the end mark with it.
    virtual result<std::string_view> finish(stream_signs& signs) = 0;
    virtual usage const& used() const noexcept = 0;

    /// Why the stream broke off behind what the last call gave; nothing more may be fed then.
    std::optional<failure> const& broken() const noexcept { return broken_; }

    /// Events with content that came so far.
    std::int64_t content_pieces() const noexcept { return content_pieces_; }

protected:
    std::int64_t content_pieces_ = 0;
    std::optional<failure> broken_;
};

/// Whether a chunk holds more than the opening of a turn.
bool says_something(chat_chunk const& chunk) noexcept;

/// Express lane: whole events pass as they are, watched by the lane's relay. The lane is static.
std::unique_ptr<answer_stream> express_stream(providers::express_lane const& lane,
                                              providers::request_facts const& facts,
                                              std::size_t max_event_bytes);

/// Translate lane: decoded to chunks, written in the client's dialect.
std::unique_ptr<answer_stream> translated_stream(std::unique_ptr<providers::chat_stream_decoder> decoder,
                                                 std::unique_ptr<providers::chat_stream_writer> writer);

} // namespace cogate::engine
