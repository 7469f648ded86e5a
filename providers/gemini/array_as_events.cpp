#include "providers/gemini/array_as_events.hpp"

#include "lib/wire/json_array_reader.hpp"
#include "providers/common/framed.hpp"
#include "providers/gemini/members.hpp"

namespace cogate::providers::gemini {

namespace {

class reframer final : public stream_reframer {
public:
    explicit reframer(std::size_t max_event_bytes) noexcept : array_(max_event_bytes) {}

    result<void> feed(std::string_view bytes, std::string& out) override
    {
        std::string_view element;
        for (;;) {
            switch (array_.next(bytes, element)) {
            case wire::array_status::need_more: return {};
            case wire::array_status::too_large: return event_too_large();
            case wire::array_status::malformed:
                return failure(error_kind::bad_gateway,
                               "the provider's stream is neither events nor a JSON list")
                    .with_code("upstream_invalid_response");
            case wire::array_status::element: break;
            }
            // Elements are laid out over several lines; an event's data is one.
            const bool one_line = element.find_first_of("\r\n") == std::string_view::npos;
            out.append("data: ")
                .append(one_line ? std::string(element) : compact(element))
                .append("\r\n\r\n");
        }
    }

    result<void> finish() override
    {
        if (!array_.complete()) {
            return failure(error_kind::truncated, "the provider's stream broke off within its list");
        }
        return {};
    }

private:
    wire::json_array_reader array_;
};

} // namespace

std::unique_ptr<stream_reframer> array_as_events(std::size_t max_event_bytes)
{
    return std::make_unique<reframer>(max_event_bytes);
}

} // namespace cogate::providers::gemini
