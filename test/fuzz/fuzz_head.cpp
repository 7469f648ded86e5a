// The check of a raw request head says the same however the bytes arrive, and no value that it lets through can
// end a line.

#include "lib/wire/raw_head_check.hpp"
#include "lib/wire/url.hpp"
#include "test/fuzz/target.hpp"

namespace {

namespace wire = cogate::wire;
using cogate::fuzz::require;

struct outcome {
    std::size_t taken = 0;
    bool done = false;
    int status = 0;
    bool operator==(outcome const&) const = default;
};

outcome check(std::string_view bytes, std::size_t step)
{
    wire::raw_head_check head(wire::raw_head_check::limits{});
    outcome seen;
    while (seen.taken < bytes.size() && !head.done() && head.result().ok) {
        std::string_view const piece = bytes.substr(seen.taken, step);
        std::size_t const taken = head.feed(piece);
        require(taken <= piece.size(), "no more is taken than was given");
        seen.taken += taken;
        if (taken < piece.size()) {
            break;
        }
    }
    seen.done = head.done();
    seen.status = head.result().status;
    return seen;
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const bytes = cogate::fuzz::as_text(data, size);
    outcome const whole = check(bytes, size + 1);
    require(check(bytes, 1) == whole, "bytes one at a time give the same verdict");
    require(check(bytes, 13) == whole, "pieces give the same verdict");
    if (whole.done) {
        std::string_view const head = bytes.substr(0, whole.taken);
        require(head.find('\0') == std::string_view::npos, "no NUL in an accepted head");
        require(head.ends_with("\r\n\r\n"), "an accepted head ends with a blank line");
    }
    static_cast<void>(wire::parse_url(bytes));
    return 0;
}
