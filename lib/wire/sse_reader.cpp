#include "lib/wire/sse_reader.hpp"

#include <algorithm>
#include <charconv>

namespace cogate::wire {

namespace {

std::chrono::milliseconds retry_time(std::string_view digits)
{
    constexpr long long one_day = 24LL * 60 * 60 * 1000;
    long long value = one_day;
    // Out of range leaves `value` as it is: the cap.
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return std::chrono::milliseconds(std::min(value, one_day));
}

} // namespace

bool sse_reader::dispatch(std::string_view block, sse_event& out)
{
    const sse_fields fields = parse_sse_block(block, joined_, first_block_);
    first_block_ = false;
    if (!fields.retry.empty()) {
        retry_ = retry_time(fields.retry);
    }
    if (fields.has_id) {
        last_id_.assign(fields.id);
    }
    out = sse_event{.type = fields.type, .data = fields.data, .id = last_id_, .complete = true};
    return fields.has_data;
}

sse_status sse_reader::next(std::string_view& input, sse_event& out)
{
    for (;;) {
        std::string_view block;
        const sse_status status = splitter_.cut(input, block);
        if (status != sse_status::event) {
            too_large_ = status == sse_status::too_large;
            return status;
        }
        if (dispatch(block, out)) {
            return sse_status::event;
        }
    }
}

sse_status sse_reader::finish(sse_event& out)
{
    if (too_large_) {
        return sse_status::too_large;
    }
    const std::string_view rest = splitter_.pending();
    if (rest.empty() || finished_) {
        return sse_status::need_more;
    }
    finished_ = true;
    const bool has_data = dispatch(rest, out);
    out.complete = false;
    return has_data && !out.data.empty() ? sse_status::event : sse_status::need_more;
}

} // namespace cogate::wire
