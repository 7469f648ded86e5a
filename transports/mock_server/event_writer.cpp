#include "transports/mock_server/event_writer.hpp"

#include "lib/wire/chunk_writer.hpp"
#include "lib/wire/head_builder.hpp"
#include "lib/wire/sse_writer.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace cogate::transports::mock {

event_writer::event_writer()
{
    wire::response_head_builder head(out_.bytes);
    head.start(200).add("Content-Type", "text/event-stream; charset=utf-8").add("Cache-Control", "no-cache");
    head.add("x-request-id", "req-mock").chunked();
    if (!head.finish()) {
        throw std::logic_error("the mock wrote a bad head");
    }
    out_.pieces.push_back(out_.bytes.size());
    out_.stream = true;
}

void event_writer::event(std::string_view data, std::string_view name)
{
    std::string text;
    wire::append_sse_event(text, name, data);
    wire::append_chunk(out_.bytes, text);
    out_.pieces.push_back(out_.bytes.size());
}

answer event_writer::end()
{
    out_.bytes.append(wire::last_chunk);
    out_.pieces.back() = out_.bytes.size();
    return std::move(out_);
}

} // namespace cogate::transports::mock
