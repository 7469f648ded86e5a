#pragma once

#include <cogate/chat.hpp>
#include <cogate/result.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace cogate::providers {

/// One message of a stream, whatever framed it (SSE, NDJSON, AWS frames, elements of a JSON array).
struct stream_event {
    std::string_view type; ///< SSE `event:`, AWS `:event-type` or "exception:<type>"; empty without one
    std::string_view data;
    bool complete = true; ///< false: the stream ended inside it
};

/// Turns the events of one stream into canonical chunks. Pure: events in, chunks out. What a dialect writes.
/// Total: any event gives chunks or a failure; after a failure or the end nothing more may be fed.
class event_decoder {
public:
    virtual ~event_decoder() = default;

    /// Appends what the event means to `out`. An in-band error of the provider is a failure.
    virtual result<void> feed(stream_event const& event, std::vector<chat_chunk>& out) = 0;

    /// Whether the end mark of the dialect was seen.
    virtual bool finished() const noexcept = 0;

    /// The body is over: may append a last chunk; fails with `truncated` unless the stream said that it was complete.
    virtual result<void> finish(std::vector<chat_chunk>& out) = 0;
};

/// The same from the body's bytes, split anywhere: what the engine drives. Framing and event decoder in one.
/// Not thread-safe.
class chat_stream_decoder {
public:
    virtual ~chat_stream_decoder() = default;

    /// Appends the chunks of the whole events in `bytes` and what was fed before. Gives the number of whole events,
    /// which is more than zero when the stream made progress, even without chunks.
    virtual result<std::size_t> feed(std::string_view bytes, std::vector<chat_chunk>& out) = 0;

    /// The body is over. Fails with `truncated` unless the stream said that it was complete.
    virtual result<void> finish(std::vector<chat_chunk>& out) = 0;
};

/// The framings. `max_event_bytes` caps one event; beyond it the stream fails with "upstream_event_too_large".
std::unique_ptr<chat_stream_decoder> over_sse(std::unique_ptr<event_decoder> events,
                                              std::size_t max_event_bytes);
std::unique_ptr<chat_stream_decoder> over_ndjson(std::unique_ptr<event_decoder> events,
                                                 std::size_t max_event_bytes);
std::unique_ptr<chat_stream_decoder> over_aws_frames(std::unique_ptr<event_decoder> events,
                                                     std::size_t max_event_bytes);
/// SSE, or one JSON array whose elements are the events: told apart by the first byte.
std::unique_ptr<chat_stream_decoder> over_sse_or_array(std::unique_ptr<event_decoder> events,
                                                       std::size_t max_event_bytes);

} // namespace cogate::providers
