#include "transports/load_generator/response_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace {

using cogate::transports::load::response_reader;
using status = response_reader::status;

struct verdict {
    status last = status::need_more;
    int code = 0;
    std::uint64_t body_bytes = 0;
    std::uint64_t events = 0;
    bool done = false;
    bool error = false;
    bool keep_alive = true;
    char last_byte = 0;
    bool operator==(const verdict&) const = default;
};

verdict read(std::string_view first, std::string_view second)
{
    response_reader reader;
    reader.begin();
    verdict out;
    out.last = reader.feed(first);
    if (!second.empty() && out.last != status::bad) {
        out.last = reader.feed(second);
    }
    out.code = reader.code();
    out.body_bytes = reader.body_bytes();
    out.events = reader.events();
    out.done = reader.done_event();
    out.error = reader.error_event();
    out.keep_alive = reader.keep_alive();
    out.last_byte = reader.last_byte();
    return out;
}

/// The verdict on the whole text, after a check that no split in two changes it.
verdict judge(std::string_view text)
{
    const verdict whole = read(text, {});
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        BOOST_CHECK_MESSAGE(read(text.substr(0, cut), text.substr(cut)) == whole, "split at " << cut);
    }
    return whole;
}

BOOST_AUTO_TEST_SUITE(transports_load_generator)

BOOST_AUTO_TEST_CASE(a_counted_body)
{
    const verdict v =
        judge("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Type: application/json\r\n\r\n{\"a\":12}\n");
    BOOST_CHECK(v.last == status::complete);
    BOOST_CHECK_EQUAL(v.code, 200);
    BOOST_CHECK_EQUAL(v.body_bytes, 9u);
    BOOST_CHECK_EQUAL(v.last_byte, '}');
    BOOST_CHECK(v.keep_alive);
}

BOOST_AUTO_TEST_CASE(an_event_stream_in_chunks)
{
    const verdict v =
        judge("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
              "b\r\ndata: {\"a\"}\r\n3;x=y\r\n\n\n:\r\n17\r\n ping\n\ndata: [DONE]\r\n\r\n\r\n0\r\n\r\n");
    BOOST_CHECK(v.last == status::complete);
    BOOST_CHECK_EQUAL(v.events, 2u);
    BOOST_CHECK(v.done && !v.error);
    BOOST_CHECK_EQUAL(v.body_bytes, 11u + 3 + 23);
}

BOOST_AUTO_TEST_CASE(an_error_event_is_seen)
{
    const verdict v = judge("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 28\r\n\r\n"
                            "data: {\"error\":{\"code\":1}}\n\n");
    BOOST_CHECK(v.last == status::complete);
    BOOST_CHECK(v.error && !v.done);
}

BOOST_AUTO_TEST_CASE(interim_heads_are_skipped)
{
    const verdict v = judge("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n"
                            "Connection: close\r\n\r\n{}");
    BOOST_CHECK(v.last == status::complete);
    BOOST_CHECK_EQUAL(v.code, 404);
    BOOST_CHECK(!v.keep_alive);
}

BOOST_AUTO_TEST_CASE(a_body_without_length_ends_with_the_connection)
{
    response_reader reader;
    reader.begin();
    BOOST_CHECK(reader.feed("HTTP/1.1 200 OK\r\n\r\n{}") == status::need_more);
    BOOST_CHECK(reader.end_of_input() == status::complete);
    BOOST_CHECK(!reader.keep_alive());
}

BOOST_AUTO_TEST_CASE(an_early_end_is_no_answer)
{
    for (const std::string_view text : {"HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}",
                                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"}) {
        response_reader reader;
        reader.begin();
        BOOST_CHECK(reader.feed(text) == status::need_more);
        BOOST_CHECK(reader.end_of_input() == status::bad);
    }
}

BOOST_AUTO_TEST_CASE(bad_framing_is_told)
{
    for (const std::string_view text :
         {"HTTP/2 200 OK\r\n\r\n", "nonsense here\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}xx\r\n"}) {
        BOOST_CHECK_MESSAGE(judge(text).last == status::bad, text);
    }
    response_reader reader;
    reader.begin();
    BOOST_CHECK(reader.feed(std::string(70'000, 'H')) == status::bad);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
