#include "lib/wire/sse_cutter.hpp"

namespace cogate::wire {

std::optional<raw_event> sse_cutter::next()
{
    raw_event out;
    const sse_status status = splitter_.cut(input_, out.bytes);
    if (status != sse_status::event) {
        too_large_ = status == sse_status::too_large;
        return std::nullopt;
    }
    const sse_fields fields = parse_sse_block(out.bytes, joined_, first_block_);
    first_block_ = false;
    out.type = fields.type;
    out.data = fields.data;
    out.has_data = fields.has_data;
    return out;
}

} // namespace cogate::wire
