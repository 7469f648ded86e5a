#include "transports/mock_server/answer.hpp"
#include "transports/mock_server/fault.hpp"

#include "lib/wire/sse_reader.hpp"
#include "transports/load_generator/response_reader.hpp"
#include "transports/mock_server/request.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace cogate::transports::mock;
using cogate::transports::load::response_reader;
namespace wire = cogate::wire;

std::string body_of(const answer& what)
{
    const std::size_t head = what.bytes.find("\r\n\r\n") + 4;
    if (!what.stream) {
        return what.bytes.substr(head);
    }
    std::string body;
    std::size_t used = 0;
    BOOST_REQUIRE(read_chunked(std::string_view(what.bytes).substr(head), body, used) ==
                  read_status::complete);
    BOOST_CHECK_EQUAL(head + used, what.bytes.size());
    return body;
}

std::vector<std::string> data_of(const answer& what)
{
    const std::string body = body_of(what);
    std::string_view rest = body;
    wire::sse_reader reader;
    wire::sse_event event;
    std::vector<std::string> data;
    while (reader.next(rest, event) == wire::sse_status::event) {
        data.emplace_back(event.data);
    }
    return data;
}

answer spoiled(answer good, std::string_view name)
{
    const auto how = parse_fault(name);
    BOOST_REQUIRE(how.has_value());
    return apply_fault(std::move(good), *how);
}

response_reader::status read(const answer& what, response_reader& reader)
{
    reader.begin();
    return reader.feed(what.bytes);
}

BOOST_AUTO_TEST_SUITE(transports_mock_server)

BOOST_AUTO_TEST_CASE(a_stream_says_what_the_plain_answer_says)
{
    for (const answer_shape shape : {answer_shape{0, 16}, answer_shape{700, 7}, answer_shape{3, 20}}) {
        const auto plain = boost::json::parse(body_of(chat_answer(shape, "m")));
        const auto& choice = plain.at("choices").at(0);
        std::string said;
        const std::vector<std::string> data = data_of(chat_stream(shape, "m", true));
        BOOST_CHECK_EQUAL(data.size(), shape.tokens + 3);
        BOOST_CHECK_EQUAL(data.back(), "[DONE]");
        for (std::size_t i = 0; i + 3 < data.size(); ++i) {
            const auto chunk = boost::json::parse(data[i]);
            BOOST_CHECK_EQUAL(chunk.at("model").as_string(), "m");
            said += chunk.at("choices").at(0).at("delta").at("content").as_string().c_str();
        }
        BOOST_CHECK_EQUAL(said, choice.at("message").at("content").as_string().c_str());
        BOOST_CHECK_EQUAL(said.size(), shape.body_bytes != 0 ? shape.body_bytes : 8 * shape.tokens);
        const auto last = boost::json::parse(data[data.size() - 2]);
        BOOST_CHECK(last.at("choices").as_array().empty());
        BOOST_CHECK_EQUAL(boost::json::serialize(last.at("usage")),
                          boost::json::serialize(plain.at("usage")));
    }
}

BOOST_AUTO_TEST_CASE(usage_comes_only_when_asked_for)
{
    const std::vector<std::string> data = data_of(chat_stream({}, "m", false));
    for (const std::string& event : data) {
        BOOST_CHECK(event.find("usage") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(pieces_of_a_stream_are_its_head_and_its_events)
{
    const answer what = chat_stream({0, 5}, "m", false);
    BOOST_REQUIRE_EQUAL(what.pieces.size(), 1u + 5 + 2);
    BOOST_CHECK(std::string_view(what.bytes).substr(0, what.pieces[0]).ends_with("\r\n\r\n"));
    BOOST_CHECK_EQUAL(what.pieces.back(), what.bytes.size());
    for (std::size_t i = 1; i + 1 < what.pieces.size(); ++i) {
        const std::string_view piece =
            std::string_view(what.bytes).substr(what.pieces[i - 1], what.pieces[i] - what.pieces[i - 1]);
        BOOST_CHECK(piece.find("\r\ndata: {") != std::string_view::npos);
        BOOST_CHECK(piece.ends_with("\n\n\r\n"));
    }
}

BOOST_AUTO_TEST_CASE(a_tool_call_is_the_same_streamed_or_not)
{
    const auto plain = boost::json::parse(body_of(tool_answer("m", "weather")));
    const auto& call = plain.at("choices").at(0).at("message").at("tool_calls").at(0).at("function");
    std::string arguments;
    for (const std::string& data : data_of(tool_stream("m", "weather", false))) {
        if (data != "[DONE]") {
            const auto chunk = boost::json::parse(data);
            const auto& delta = chunk.at("choices").at(0).at("delta").as_object();
            if (const auto* calls = delta.if_contains("tool_calls")) {
                arguments += calls->at(0).at("function").at("arguments").as_string().c_str();
            }
        }
    }
    BOOST_CHECK_EQUAL(call.at("name").as_string(), "weather");
    BOOST_CHECK_EQUAL(arguments, call.at("arguments").as_string().c_str());
    BOOST_CHECK_EQUAL(boost::json::parse(arguments).at("city").as_string(), "Paris");
}

BOOST_AUTO_TEST_CASE(embeddings_come_as_floats_or_base64)
{
    const auto floats = boost::json::parse(body_of(embeddings_answer("e", 2, 4, false)));
    BOOST_CHECK_EQUAL(floats.at("data").as_array().size(), 2u);
    BOOST_CHECK_EQUAL(floats.at("data").at(0).at("embedding").as_array().size(), 4u);
    BOOST_CHECK_EQUAL(floats.at("data").at(0).at("embedding").at(0).to_number<double>(), -0.5);
    const auto coded = boost::json::parse(body_of(embeddings_answer("e", 1, 1, true)));
    BOOST_CHECK_EQUAL(coded.at("data").at(0).at("embedding").as_string(), "AAAAvw==");
}

BOOST_AUTO_TEST_CASE(every_fault_spoils_the_answer_as_its_name_says)
{
    const answer stream = chat_stream({0, 6}, "m", false);
    const answer plain = chat_answer({}, "m");
    response_reader reader;

    for (const std::string_view name :
         {"cut-after-3", "stall", "reset", "no-done", "no-finish", "error-event", "bad-chunk"}) {
        const answer bad = spoiled(stream, name);
        BOOST_CHECK(!bad.bytes.empty() && bad.pieces.back() == bad.bytes.size());
        const auto status = read(bad, reader);
        BOOST_CHECK_MESSAGE(status != response_reader::status::complete || !reader.done_event(), name);
    }
    for (const std::string_view name :
         {"cut-after-3", "stall", "bad-chunk", "garbage", "close", "reset", "stall-first"}) {
        BOOST_CHECK_MESSAGE(read(spoiled(plain, name), reader) != response_reader::status::complete, name);
    }

    const answer cut = spoiled(stream, "cut-after-3");
    BOOST_CHECK(cut.end == answer::ending::close);
    BOOST_CHECK(read(cut, reader) == response_reader::status::need_more);
    BOOST_CHECK_EQUAL(reader.events(), 3u);

    BOOST_CHECK(spoiled(stream, "stall").end == answer::ending::hang);
    BOOST_CHECK(spoiled(stream, "reset").end == answer::ending::reset);
    BOOST_CHECK(spoiled(stream, "drip").between_bytes.count() > 0);

    BOOST_CHECK(read(spoiled(stream, "no-done"), reader) == response_reader::status::complete);
    BOOST_CHECK_EQUAL(reader.events(), 7u);
    BOOST_CHECK(read(spoiled(stream, "no-finish"), reader) == response_reader::status::complete);
    BOOST_CHECK_EQUAL(reader.events(), 6u);
    BOOST_CHECK(read(spoiled(stream, "error-event"), reader) == response_reader::status::complete);
    BOOST_CHECK(reader.error_event());
    BOOST_CHECK(read(spoiled(stream, "bad-chunk"), reader) == response_reader::status::bad);
    BOOST_CHECK(read(spoiled(stream, "garbage"), reader) == response_reader::status::need_more);
    BOOST_CHECK(read(spoiled(plain, "garbage-body"), reader) == response_reader::status::complete);
    BOOST_CHECK(reader.last_byte() != '}');
    BOOST_CHECK(read(spoiled(plain, "status-429"), reader) == response_reader::status::complete);
    BOOST_CHECK_EQUAL(reader.code(), 429);
}

BOOST_AUTO_TEST_CASE(unknown_faults_are_refused)
{
    for (const std::string_view name :
         {"", "cut-after-", "cut-after-x", "status-200", "status-600", "Stall", "fault/stall"}) {
        BOOST_CHECK_MESSAGE(!parse_fault(name), name);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
