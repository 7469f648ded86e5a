// An event stream gives the same events however it is cut; the cutter loses and invents no byte.

#include "lib/wire/sse_cutter.hpp"
#include "lib/wire/sse_reader.hpp"
#include "test/fuzz/target.hpp"

#include <string>
#include <vector>

namespace {

using cogate::fuzz::require;
namespace wire = cogate::wire;

constexpr std::size_t cap = 4096;

/// All that a reader said, with separators that no field can hold.
std::string read(std::string_view stream, std::size_t step)
{
    wire::sse_reader reader(cap);
    wire::sse_event event;
    std::string said;
    auto note = [&said, &event](bool complete) {
        said.append(event.type).append("\n").append(event.data).append("\r").append(event.id);
        said.append(complete ? "\n+\n" : "\n-\n");
    };
    for (std::size_t at = 0; at < stream.size(); at += step) {
        std::string_view piece = stream.substr(at, step);
        wire::sse_status status = reader.next(piece, event);
        while (status == wire::sse_status::event) {
            note(true);
            status = reader.next(piece, event);
        }
        if (status == wire::sse_status::too_large) {
            return said + "too large";
        }
    }
    if (reader.finish(event) == wire::sse_status::event) {
        note(false);
    }
    return said;
}

void cut(std::string_view stream, std::size_t step)
{
    wire::sse_cutter cutter(cap);
    std::string together;
    for (std::size_t at = 0; at < stream.size(); at += step) {
        cutter.feed(stream.substr(at, step));
        while (auto event = cutter.next()) {
            together.append(event->bytes);
        }
        if (cutter.too_large()) {
            require(stream.substr(0, together.size()) == together,
                    "what was relayed is a prefix of the stream");
            return;
        }
    }
    together.append(cutter.tail());
    require(together == stream, "the blocks and the tail are the stream");
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const stream = cogate::fuzz::as_text(data, size);
    std::string const whole = read(stream, size + 1);
    require(read(stream, 1) == whole, "bytes one at a time give the same events");
    require(read(stream, 7) == whole, "pieces give the same events");
    cut(stream, size + 1);
    cut(stream, 1);
    cut(stream, 5);
    return 0;
}
