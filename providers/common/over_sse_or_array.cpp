#include "providers/common/framed.hpp"

#include "lib/wire/json_array_reader.hpp"

namespace cogate::providers {

namespace {

class sse_or_array final : public chat_stream_decoder {
public:
    sse_or_array(std::unique_ptr<event_decoder> events, std::size_t cap)
        : events_(std::move(events)), cap_(cap), array_(cap)
    {}

    result<std::size_t> feed(std::string_view bytes, std::vector<chat_chunk>& out) override
    {
        if (framing_ == framing::unknown) {
            const std::size_t first = bytes.find_first_not_of(" \t\r\n");
            if (first == std::string_view::npos) {
                return std::size_t{0};
            }
            bytes.remove_prefix(first);
            choose(bytes.front());
        }
        return framing_ == framing::sse ? sse_->feed(bytes, out) : feed_array(bytes, out);
    }

    result<void> finish(std::vector<chat_chunk>& out) override
    {
        if (framing_ == framing::sse) {
            return sse_->finish(out);
        }
        if (framing_ == framing::array && !array_.complete()) {
            return failure(error_kind::truncated, "the provider's stream broke off within its list");
        }
        return events_->finish(out);
    }

private:
    enum class framing { unknown, sse, array };

    /// No event stream begins with a bracket. A lone object is an error, or an answer that was not streamed.
    void choose(char first)
    {
        if (first == '[' || first == '{') {
            framing_ = framing::array;
        } else {
            framing_ = framing::sse;
            sse_ = over_sse(std::move(events_), cap_);
        }
    }

    result<std::size_t> feed_array(std::string_view bytes, std::vector<chat_chunk>& out)
    {
        std::string_view element;
        for (std::size_t whole = 0;; ++whole) {
            switch (array_.next(bytes, element)) {
            case wire::array_status::need_more: return whole;
            case wire::array_status::too_large: return event_too_large();
            case wire::array_status::malformed:
                return failure(error_kind::bad_gateway,
                               "the provider's stream is neither events nor a JSON list")
                    .with_code("upstream_invalid_response");
            case wire::array_status::element: break;
            }
            if (const result<void> fed = events_->feed({.type = {}, .data = element}, out); !fed) {
                return fed.error();
            }
        }
    }

    std::unique_ptr<event_decoder> events_;
    std::unique_ptr<chat_stream_decoder> sse_;
    std::size_t cap_;
    wire::json_array_reader array_;
    framing framing_ = framing::unknown;
};

} // namespace

std::unique_ptr<chat_stream_decoder> over_sse_or_array(std::unique_ptr<event_decoder> events,
                                                       std::size_t max_event_bytes)
{
    return std::make_unique<sse_or_array>(std::move(events), max_event_bytes);
}

} // namespace cogate::providers
