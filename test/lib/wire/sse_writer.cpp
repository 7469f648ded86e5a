#include "lib/wire/sse_writer.hpp"

#include "lib/wire/chunk_writer.hpp"
#include "lib/wire/sse_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace cogate::wire;

BOOST_AUTO_TEST_SUITE(wire_sse_writer)

BOOST_AUTO_TEST_CASE(golden)
{
    std::string out;
    append_sse_data(out, "{\"a\":1}");
    append_sse_event(out, "ping", "{}");
    append_sse_event(out, "", "x");
    append_sse_comment(out, "keep-alive");
    append_sse_data(out, "");
    BOOST_TEST(out == "data: {\"a\":1}\n\nevent: ping\ndata: {}\n\ndata: x\n\n: keep-alive\n\ndata: \n\n");
}

BOOST_AUTO_TEST_CASE(text_cannot_leave_its_field)
{
    std::string out;
    append_sse_event(out, "a\r\nb\nc", "1\r\n2\r3\n4\n");
    append_sse_comment(out, "x\n\ndata: forged\n\n");
    append_sse_data(out, "\n\ndata: forged");
    std::string_view input = out;
    sse_reader reader;
    sse_event event;
    BOOST_REQUIRE((reader.next(input, event) == sse_status::event));
    BOOST_TEST(event.type == "abc");
    BOOST_TEST(event.data == "1\n2\n3\n4\n");
    BOOST_REQUIRE((reader.next(input, event) == sse_status::event));
    BOOST_TEST(event.data == "\n\ndata: forged");
    BOOST_TEST((reader.next(input, event) == sse_status::need_more));
}

BOOST_AUTO_TEST_CASE(round_trip)
{
    const std::vector<std::string> texts = {"",        " ", "  a", "\n", "a\nb", ":", "\xEF\xBB\xBF",
                                            "data: x", "\t"};
    std::string out;
    for (const std::string& text : texts) {
        append_sse_data(out, text);
    }
    std::string_view input = out;
    sse_reader reader;
    sse_event event;
    for (const std::string& text : texts) {
        BOOST_REQUIRE((reader.next(input, event) == sse_status::event));
        BOOST_TEST(event.data == text);
    }
    BOOST_TEST(input.empty());
}

BOOST_AUTO_TEST_CASE(chunks)
{
    std::string out;
    append_chunk_header(out, 0);
    append_chunk(out, "");
    BOOST_TEST(out.empty());
    append_chunk_header(out, 0x1f4a);
    out += chunk_end;
    append_chunk(out, "hello world");
    out += last_chunk;
    BOOST_TEST(out == "1f4a\r\n\r\nb\r\nhello world\r\n0\r\n\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
