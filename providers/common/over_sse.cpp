#include "providers/common/framed.hpp"

#include "lib/wire/sse_reader.hpp"

namespace cogate::providers {

namespace {

class sse_framed final : public chat_stream_decoder {
public:
    sse_framed(std::unique_ptr<event_decoder> events, std::size_t cap)
        : events_(std::move(events)), reader_(cap)
    {}

    result<std::size_t> feed(std::string_view bytes, std::vector<chat_chunk>& out) override
    {
        wire::sse_event event;
        for (std::size_t whole = 0;; ++whole) {
            switch (reader_.next(bytes, event)) {
            case wire::sse_status::need_more: return whole;
            case wire::sse_status::too_large: return event_too_large();
            case wire::sse_status::event: break;
            }
            if (const result<void> fed = events_->feed({event.type, event.data, event.complete}, out); !fed) {
                return fed.error();
            }
        }
    }

    result<void> finish(std::vector<chat_chunk>& out) override
    {
        // Some providers end without the last blank line; what is there counts if it is a whole event then.
        wire::sse_event event;
        if (reader_.finish(event) == wire::sse_status::event) {
            if (result<void> fed = events_->feed({event.type, event.data, event.complete}, out); !fed) {
                return fed;
            }
        }
        return events_->finish(out);
    }

private:
    std::unique_ptr<event_decoder> events_;
    wire::sse_reader reader_;
};

} // namespace

failure event_too_large()
{
    return failure{error_kind::bad_gateway, "The provider sent an event beyond the size limit."}.with_code(
        "upstream_event_too_large");
}

std::unique_ptr<chat_stream_decoder> over_sse(std::unique_ptr<event_decoder> events,
                                              std::size_t max_event_bytes)
{
    return std::make_unique<sse_framed>(std::move(events), max_event_bytes);
}

} // namespace cogate::providers
