#include "bench/micro/harness.hpp"
#include "bench/micro/samples.hpp"

#include "lib/wire/sse_cutter.hpp"
#include "lib/wire/sse_reader.hpp"
#include "lib/wire/sse_writer.hpp"

#include <string>
#include <string_view>

namespace cogate::micro {
namespace {

std::size_t read_events(std::string_view text, std::size_t piece)
{
    wire::sse_reader reader;
    wire::sse_event event;
    std::size_t count = 0;
    while (!text.empty()) {
        std::string_view input = text.substr(0, piece);
        text.remove_prefix(input.size());
        while (reader.next(input, event) == wire::sse_status::event) {
            ++count;
        }
    }
    return count;
}

std::size_t cut_events(std::string_view text, std::size_t piece)
{
    wire::sse_cutter cutter;
    std::size_t count = 0;
    while (!text.empty()) {
        cutter.feed(text.substr(0, piece));
        text.remove_prefix(text.size() < piece ? text.size() : piece);
        while (cutter.next()) {
            ++count;
        }
    }
    return count;
}

const registration cases_of_sse([] {
    static const std::string text = event_stream_text();
    for (const std::size_t piece : {std::size_t{16} * 1024, std::size_t{250}}) {
        const std::string how = piece > 1000 ? ", 16 KB reads" : ", 250 B reads";
        cases().push_back(
            {"sse reader, 200 events" + how, text.size(), [piece] { keep(read_events(text, piece)); }});
        cases().push_back(
            {"sse cutter, 200 events" + how, text.size(), [piece] { keep(cut_events(text, piece)); }});
    }
    static const std::string data = text.substr(6, text.find("\n\n") - 6);
    cases().push_back({"sse writer, one event", data.size(), [out = std::string()]() mutable {
                           out.clear();
                           wire::append_sse_data(out, data);
                           keep(out);
                       }});
});

} // namespace
} // namespace cogate::micro
