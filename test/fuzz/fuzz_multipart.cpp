// A form gives the same parts however it is cut, and what goes on differs in the one field only.

#include "lib/wire/multipart_reader.hpp"
#include "lib/wire/multipart_rewriter.hpp"
#include "test/fuzz/target.hpp"

#include <string>

namespace {

using cogate::fuzz::require;
namespace wire = cogate::wire;
using kind = wire::multipart_reader::kind;

/// All that a reader said, with separators that no head can hold.
std::string read(std::string_view body, std::size_t step)
{
    wire::multipart_reader reader("B");
    std::string said;
    std::string together;
    for (std::size_t at = 0; at < body.size(); at += step) {
        std::string const piece(body.substr(at, step));
        reader.feed(piece);
        for (auto event = reader.next(); event.what != kind::more; event = reader.next()) {
            if (event.what == kind::failed) {
                return said + "\n!" + std::string(to_string(reader.error()));
            }
            together += event.bytes;
            if (event.what == kind::head) {
                said.append("\n[").append(reader.part().name).append("\r").append(reader.part().filename);
                said.append("\r").append(reader.part().media_type).append("]");
            } else if (event.what == kind::content) {
                said += event.bytes;
            }
        }
    }
    if (!reader.finish()) {
        return said + "\n!" + std::string(to_string(reader.error()));
    }
    require(together == body, "the pieces are the body");
    return said;
}

struct rewritten {
    std::string body;
    bool good = false;
};

rewritten rewrite(std::string_view body, std::size_t step)
{
    wire::multipart_rewriter rewriter("B", {.max_held = 4096});
    rewritten out;
    bool replaced = false;
    for (std::size_t at = 0; at < body.size(); at += step) {
        std::string const piece(body.substr(at, step));
        if (!rewriter.feed(piece)) {
            return out;
        }
        if (!replaced && rewriter.found()) {
            replaced = rewriter.replace("new");
        }
        for (std::string_view next = rewriter.next(); !next.empty(); next = rewriter.next()) {
            out.body += next;
        }
    }
    out.good = rewriter.finish();
    return out;
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const body = cogate::fuzz::as_text(data, size);
    std::string const whole = read(body, size + 1);
    require(read(body, 1) == whole, "bytes one at a time give the same parts");
    require(read(body, 5) == whole, "pieces give the same parts");
    rewritten const once = rewrite(body, size + 1);
    rewritten const slow = rewrite(body, 1);
    require(once.good == slow.good, "the split does not decide what is refused");
    if (once.good) {
        require(once.body == slow.body, "pieces give the same body");
        rewritten const twice = rewrite(once.body, 3);
        require(twice.good && twice.body == once.body, "what goes on is a form with that field");
    }
    wire::part_head head;
    static_cast<void>(wire::parse_part_head(body, head));
    static_cast<void>(wire::multipart_boundary(body));
    return 0;
}
