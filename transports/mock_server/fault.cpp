#include "transports/mock_server/fault.hpp"

#include "lib/core/text.hpp"
#include "lib/wire/chunk_writer.hpp"
#include "lib/wire/sse_writer.hpp"

#include <algorithm>
#include <array>

namespace cogate::transports::mock {

namespace {

struct named_fault {
    std::string_view name;
    fault::kind what;
    bool numbered;
};

constexpr std::array<named_fault, 13> table{{
    {"cut-after-", fault::kind::cut_after, true},
    {"stall", fault::kind::stall, false},
    {"stall-first", fault::kind::stall_first, false},
    {"garbage", fault::kind::garbage, false},
    {"garbage-body", fault::kind::garbage_body, false},
    {"bad-chunk", fault::kind::bad_chunk, false},
    {"reset", fault::kind::reset, false},
    {"close", fault::kind::close, false},
    {"drip", fault::kind::drip, false},
    {"error-event", fault::kind::error_event, false},
    {"no-done", fault::kind::no_done, false},
    {"no-finish", fault::kind::no_finish, false},
    {"status-", fault::kind::status, true},
}};

/// Keeps the head and `events` events of a stream, half of a plain answer.
void keep(answer& good, std::size_t events)
{
    if (good.stream) {
        good.pieces.resize(std::min(good.pieces.size(), events + 1));
        good.bytes.resize(good.pieces.back());
    } else {
        good.bytes.erase(good.bytes.size() - good.bytes.size() / 4);
        good.pieces.assign(1, good.bytes.size());
    }
}

void add_piece(answer& good, std::string_view bytes)
{
    good.bytes.append(bytes);
    good.pieces.push_back(good.bytes.size());
}

/// Ends a stream's body as its framing wants.
void end_body(answer& good)
{
    good.bytes.append(wire::last_chunk);
    good.pieces.back() = good.bytes.size();
}

answer only(std::string_view bytes, answer::ending end)
{
    answer bad;
    bad.bytes = bytes;
    bad.pieces.push_back(bad.bytes.size());
    bad.end = end;
    return bad;
}

answer failing_stream(answer good, api shape)
{
    keep(good, 2);
    std::string event;
    wire::append_sse_event(
        event, shape == api::messages ? "error" : "",
        error_text(500, "The mock failed on purpose", "server_error", "mock_fault", shape));
    std::string chunk;
    wire::append_chunk(chunk, event);
    add_piece(good, chunk);
    end_body(good);
    return good;
}

} // namespace

std::string_view fault_names() noexcept
{
    return "cut-after-N, stall, stall-first, garbage, garbage-body, bad-chunk, reset, close, drip, "
           "error-event, "
           "no-done, no-finish, status-N";
}

std::optional<fault> parse_fault(std::string_view name)
{
    for (const named_fault& entry : table) {
        if (!entry.numbered && name == entry.name) {
            return fault{entry.what, 0};
        }
        if (entry.numbered && name.starts_with(entry.name)) {
            const auto number = core::parse_int<int>(name.substr(entry.name.size()));
            const bool status = entry.what == fault::kind::status;
            if (number && *number >= (status ? 400 : 0) && *number <= (status ? 599 : 100'000)) {
                return fault{entry.what, *number};
            }
        }
    }
    return std::nullopt;
}

answer apply_fault(answer good, const fault& how, api shape)
{
    switch (how.what) {
    case fault::kind::none: break;
    case fault::kind::cut_after:
        keep(good, static_cast<std::size_t>(how.number));
        good.end = answer::ending::close;
        break;
    case fault::kind::stall:
        keep(good, 1);
        good.end = answer::ending::hang;
        break;
    case fault::kind::stall_first: return only("", answer::ending::hang);
    case fault::kind::garbage: return only("\x16\x03\x01 this is not HTTP\n\n", answer::ending::close);
    case fault::kind::garbage_body:
        return plain_answer(200, "text/html", "<html><body>It works!</body></html>\n");
    case fault::kind::bad_chunk:
        keep(good, 1);
        add_piece(good, good.stream ? "zz\r\n" : "");
        good.end = answer::ending::close;
        break;
    case fault::kind::reset:
        if (!good.stream) {
            return only("", answer::ending::reset);
        }
        keep(good, 1);
        good.end = answer::ending::reset;
        break;
    case fault::kind::close: return only("", answer::ending::close);
    case fault::kind::drip: good.between_bytes = std::chrono::milliseconds(10); break;
    case fault::kind::error_event:
        return good.stream
                   ? failing_stream(std::move(good), shape)
                   : error_answer(500, "The mock failed on purpose", "server_error", "mock_fault", shape);
    case fault::kind::no_done:
        if (good.stream) {
            keep(good, good.done_piece - 1);
            end_body(good);
        }
        break;
    case fault::kind::no_finish:
        if (good.stream) {
            keep(good, good.finish_piece - 1);
            end_body(good);
        }
        break;
    case fault::kind::status:
        return error_answer(how.number, "The mock refused on purpose",
                            how.number == 429 ? "rate_limit_error" : "server_error", "mock_fault", shape);
    }
    return good;
}

} // namespace cogate::transports::mock
