#include "providers/common/bodies.hpp"
#include "providers/common/framed.hpp"

#include "lib/wire/aws_event_reader.hpp"

#include <string>

namespace cogate::providers {

namespace {

class aws_framed final : public chat_stream_decoder {
public:
    aws_framed(std::unique_ptr<event_decoder> events, std::size_t cap)
        : events_(std::move(events)), reader_(cap)
    {}

    result<std::size_t> feed(std::string_view bytes, std::vector<chat_chunk>& out) override
    {
        wire::aws_frame frame;
        for (std::size_t whole = 0;; ++whole) {
            switch (reader_.next(bytes, frame)) {
            case wire::aws_status::need_more: return whole;
            case wire::aws_status::too_large: return event_too_large();
            case wire::aws_status::bad_checksum:
                return nonsense("a frame of the stream has a wrong checksum");
            case wire::aws_status::malformed: return nonsense("a frame of the stream is malformed");
            case wire::aws_status::frame: break;
            }
            if (const result<void> fed = events_->feed(event_of(frame), out); !fed) {
                return fed.error();
            }
        }
    }

    result<void> finish(std::vector<chat_chunk>& out) override
    {
        if (!reader_.idle()) {
            return failure(error_kind::truncated, "the provider's stream broke off within a frame");
        }
        return events_->finish(out);
    }

private:
    stream_event event_of(wire::aws_frame const& frame)
    {
        const std::string_view kind = frame.text(":message-type");
        if (kind == "exception") {
            type_ = "exception:";
            type_ += frame.text(":exception-type");
            return {.type = type_, .data = frame.payload};
        }
        if (kind == "error") {
            type_ = "error:";
            type_ += frame.text(":error-code");
            // The text of such a frame is a header, its payload is empty.
            return {.type = type_,
                    .data = frame.payload.empty() ? frame.text(":error-message") : frame.payload};
        }
        return {.type = frame.text(":event-type"), .data = frame.payload};
    }

    std::unique_ptr<event_decoder> events_;
    wire::aws_event_reader reader_;
    std::string type_;
};

} // namespace

std::unique_ptr<chat_stream_decoder> over_aws_frames(std::unique_ptr<event_decoder> events,
                                                     std::size_t max_event_bytes)
{
    return std::make_unique<aws_framed>(std::move(events), max_event_bytes);
}

} // namespace cogate::providers
