#include "transports/mock_server/request.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace {

using namespace cogate::transports::mock;

BOOST_AUTO_TEST_SUITE(transports_mock_server)

BOOST_AUTO_TEST_CASE(a_head_is_read_once_it_is_whole)
{
    const std::string_view text = "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\ncontent-length: 12\r\n"
                                  "AUTHORIZATION: Bearer x\r\nExpect: 100-continue\r\n\r\n{\"a\":1}";
    const std::size_t end = text.find("\r\n\r\n") + 4;
    request_head head;
    for (std::size_t size = 0; size < end; ++size) {
        BOOST_REQUIRE(read_request_head(text.substr(0, size), head) == read_status::need_more);
    }
    BOOST_REQUIRE(read_request_head(text, head) == read_status::complete);
    BOOST_CHECK_EQUAL(head.method, "POST");
    BOOST_CHECK_EQUAL(head.target, "/v1/chat/completions");
    BOOST_CHECK_EQUAL(head.authorization, "Bearer x");
    BOOST_CHECK_EQUAL(head.content_length, 12u);
    BOOST_CHECK_EQUAL(head.head_bytes, end);
    BOOST_CHECK(head.keep_alive && head.expects_continue && !head.chunked);
}

BOOST_AUTO_TEST_CASE(keep_alive_follows_version_and_field)
{
    request_head head;
    BOOST_REQUIRE(read_request_head("GET / HTTP/1.0\r\n\r\n", head) == read_status::complete);
    BOOST_CHECK(!head.keep_alive);
    BOOST_REQUIRE(read_request_head("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", head) ==
                  read_status::complete);
    BOOST_CHECK(head.keep_alive);
    BOOST_REQUIRE(read_request_head("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", head) ==
                  read_status::complete);
    BOOST_CHECK(!head.keep_alive);
}

BOOST_AUTO_TEST_CASE(bad_heads_are_told)
{
    request_head head;
    for (const std::string_view text :
         {"GET /\r\n\r\n", "GET / HTTP/2\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
          "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
          "GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"}) {
        BOOST_CHECK(read_request_head(text, head) == read_status::bad);
    }
    BOOST_CHECK(read_request_head(std::string(longest_head + 1, 'a'), head) == read_status::bad);
}

BOOST_AUTO_TEST_CASE(chunked_bodies_are_decoded)
{
    const std::string_view text = "3\r\nabc\r\na;x=1\r\n0123456789\r\n0\r\n\r\nGET";
    const std::size_t end = text.size() - 3;
    std::string body;
    std::size_t used = 0;
    for (std::size_t size = 0; size < end; ++size) {
        BOOST_REQUIRE(read_chunked(text.substr(0, size), body, used) == read_status::need_more);
    }
    BOOST_REQUIRE(read_chunked(text, body, used) == read_status::complete);
    BOOST_CHECK_EQUAL(body, "abc0123456789");
    BOOST_CHECK_EQUAL(used, end);
    BOOST_CHECK(read_chunked("zz\r\n", body, used) == read_status::bad);
}

BOOST_AUTO_TEST_CASE(only_top_level_members_of_a_body_count)
{
    const asked what =
        scan_body(R"({"messages":[{"content":"\"stream\":true \\","model":"no"}],"x":{"stream":true},)"
                  R"( "model" : "m\"1" , "stream": false,"stream_options":{"include_usage": true}})");
    BOOST_CHECK_EQUAL(what.model, R"(m\"1)");
    BOOST_CHECK(!what.stream);
    BOOST_CHECK(what.include_usage);
    BOOST_CHECK(scan_body(R"({"stream":true})").stream);
    BOOST_CHECK(what.tool.empty());
}

BOOST_AUTO_TEST_CASE(a_tool_is_called_only_on_request_and_only_once)
{
    const std::string tools = R"(,"tools":[{"type":"function","function":{"name":"weather"}}]})";
    BOOST_CHECK_EQUAL(scan_body(R"({"messages":[{"content":"call the tool"}])" + tools).tool, "weather");
    BOOST_CHECK(scan_body(R"({"messages":[{"content":"hello"}])" + tools).tool.empty());
    BOOST_CHECK(
        scan_body(R"({"messages":[{"content":"call the tool"},{"role":"tool","tool_call_id":"1"}])" + tools)
            .tool.empty());
    BOOST_CHECK(scan_body(R"({"messages":[{"content":"call the tool"}]})").tool.empty());
}

BOOST_AUTO_TEST_CASE(inputs_of_embeddings_are_counted)
{
    BOOST_CHECK_EQUAL(scan_body(R"({"input":"a, b"})").inputs, 1u);
    BOOST_CHECK_EQUAL(scan_body(R"({"input":["a, ]","b"]})").inputs, 2u);
    BOOST_CHECK_EQUAL(scan_body(R"({"input":[1,2,3]})").inputs, 1u);
    BOOST_CHECK_EQUAL(
        scan_body(R"({"input":[[1,2],[3],[4]],"dimensions":8,"encoding_format":"base64"})").inputs, 3u);
    const asked what = scan_body(R"({"dimensions":8,"encoding_format":"base64"})");
    BOOST_CHECK_EQUAL(what.dimensions, 8u);
    BOOST_CHECK(what.base64);
}

BOOST_AUTO_TEST_CASE(broken_bodies_end_the_scan)
{
    for (const std::string_view text :
         {"", "{", "{\"", "{\"model", "{\"model\"", "{\"model\":", "{\"model\":\"x", "[]", "}", "{\"a\":[[[",
          "{\"input\":", "{\"input\":["}) {
        BOOST_CHECK(!scan_body(text).stream);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
