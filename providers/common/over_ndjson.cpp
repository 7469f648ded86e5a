#include "providers/common/framed.hpp"

#include "lib/wire/ndjson_reader.hpp"

namespace cogate::providers {

namespace {

class ndjson_framed final : public chat_stream_decoder {
public:
    ndjson_framed(std::unique_ptr<event_decoder> events, std::size_t cap)
        : events_(std::move(events)), reader_(cap)
    {}

    result<std::size_t> feed(std::string_view bytes, std::vector<chat_chunk>& out) override
    {
        std::string_view line;
        for (std::size_t whole = 0;; ++whole) {
            switch (reader_.next(bytes, line)) {
            case wire::ndjson_status::need_more: return whole;
            case wire::ndjson_status::too_large: return event_too_large();
            case wire::ndjson_status::line: break;
            }
            if (const result<void> fed = events_->feed({.type = {}, .data = line}, out); !fed) {
                return fed.error();
            }
        }
    }

    result<void> finish(std::vector<chat_chunk>& out) override
    {
        // A last line without its line end counts if it is whole JSON; the decoder sees to that.
        std::string_view line;
        if (reader_.finish(line) == wire::ndjson_status::line) {
            const stream_event last{.type = {}, .data = line, .complete = false};
            if (const result<void> fed = events_->feed(last, out); !fed) {
                return fed;
            }
        }
        return events_->finish(out);
    }

private:
    std::unique_ptr<event_decoder> events_;
    wire::ndjson_reader reader_;
};

} // namespace

std::unique_ptr<chat_stream_decoder> over_ndjson(std::unique_ptr<event_decoder> events,
                                                 std::size_t max_event_bytes)
{
    return std::make_unique<ndjson_framed>(std::move(events), max_event_bytes);
}

} // namespace cogate::providers
