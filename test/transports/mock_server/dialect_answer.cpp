#include "transports/mock_server/dialect_answer.hpp"

#include "lib/wire/sse_reader.hpp"
#include "transports/load_generator/response_reader.hpp"
#include "transports/mock_server/fault.hpp"
#include "transports/mock_server/request.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace cogate::transports::mock;
using cogate::transports::load::end_mark;
using cogate::transports::load::response_reader;
namespace wire = cogate::wire;
namespace json = boost::json;

json::value whole(const answer& what)
{
    return json::parse(what.bytes.substr(what.bytes.find("\r\n\r\n") + 4));
}

/// The events of a stream; each that has a type of its own must have the same in its data.
std::vector<json::value> events(const answer& what)
{
    std::string body;
    std::size_t used = 0;
    BOOST_REQUIRE(read_chunked(std::string_view(what.bytes).substr(what.pieces.front()), body, used) ==
                  read_status::complete);
    std::string_view rest = body;
    wire::sse_reader reader;
    wire::sse_event event;
    std::vector<json::value> out;
    while (reader.next(rest, event) == wire::sse_status::event) {
        out.push_back(json::parse(std::string(event.data)));
        if (const json::value* type = out.back().as_object().if_contains("type")) {
            BOOST_CHECK_EQUAL(std::string_view(type->as_string()), event.type);
        }
    }
    BOOST_CHECK_EQUAL(out.size() + 1, what.pieces.size());
    return out;
}

std::string text(const json::value& value)
{
    return std::string(value.as_string());
}

const std::vector<answer_shape> shapes{{0, 16}, {700, 7}, {3, 20}};

BOOST_AUTO_TEST_SUITE(transports_mock_server)

BOOST_AUTO_TEST_CASE(a_messages_stream_says_what_the_message_says)
{
    for (const answer_shape& shape : shapes) {
        const json::value message = whole(messages_answer(shape, "m"));
        const std::vector<json::value> stream = events(messages_stream(shape, "m"));
        BOOST_REQUIRE_EQUAL(stream.size(), shape.tokens + 5);
        std::string said;
        for (std::size_t i = 2; i < 2 + shape.tokens; ++i) {
            said += text(stream[i].at("delta").at("text"));
        }
        BOOST_CHECK_EQUAL(text(message.at("content").at(0).at("text")), content_of(shape));
        BOOST_CHECK_EQUAL(said, content_of(shape));
        BOOST_CHECK_EQUAL(text(stream[0].at("message").at("model")), "m");
        const json::value& last = stream[stream.size() - 2];
        BOOST_CHECK(last.at("delta").at("stop_reason") == message.at("stop_reason"));
        BOOST_CHECK(last.at("usage").at("output_tokens") == message.at("usage").at("output_tokens"));
        BOOST_CHECK_EQUAL(text(stream.back().at("type")), "message_stop");
    }
}

BOOST_AUTO_TEST_CASE(a_responses_stream_ends_with_the_whole_response)
{
    for (const answer_shape& shape : shapes) {
        const json::value response = whole(responses_answer(shape, "m"));
        const std::vector<json::value> stream = events(responses_stream(shape, "m"));
        std::string said;
        for (std::size_t i = 0; i < stream.size(); ++i) {
            BOOST_CHECK_EQUAL(stream[i].at("sequence_number").to_number<std::size_t>(), i);
            if (text(stream[i].at("type")) == "response.output_text.delta") {
                said += text(stream[i].at("delta"));
            }
        }
        BOOST_CHECK_EQUAL(said, content_of(shape));
        BOOST_CHECK_EQUAL(text(response.at("output").at(0).at("content").at(0).at("text")),
                          content_of(shape));
        BOOST_CHECK(stream.back().at("response") == response);
    }
}

BOOST_AUTO_TEST_CASE(a_gemini_stream_tells_its_finish_reason_last)
{
    for (const answer_shape& shape : shapes) {
        const json::value response = whole(generate_answer(shape, "m"));
        const std::vector<json::value> stream = events(generate_stream(shape, "m"));
        std::string said;
        for (const json::value& event : stream) {
            const json::value& candidate = event.at("candidates").at(0);
            said += text(candidate.at("content").at("parts").at(0).at("text"));
            BOOST_CHECK_EQUAL(candidate.as_object().contains("finishReason"), &event == &stream.back());
        }
        BOOST_CHECK_EQUAL(said, content_of(shape));
        BOOST_CHECK(stream.back().at("usageMetadata") == response.at("usageMetadata"));
    }
}

BOOST_AUTO_TEST_CASE(the_end_of_a_messages_stream_is_seen_at_any_split)
{
    const std::string bytes = messages_stream({0, 2}, "m").bytes;
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        response_reader reader(end_mark::message_stop);
        reader.begin();
        reader.feed(std::string_view(bytes).substr(0, cut));
        BOOST_CHECK(!reader.done_event() || cut > bytes.find("\"message_stop\""));
        BOOST_CHECK(reader.feed(std::string_view(bytes).substr(cut)) == response_reader::status::complete);
        BOOST_CHECK(reader.done_event() && reader.events() == 7);
    }
}

BOOST_AUTO_TEST_CASE(faults_of_a_messages_stream_keep_to_its_shape)
{
    response_reader reader(end_mark::message_stop);
    const auto judge = [&reader](std::string_view name) {
        const auto how = parse_fault(name);
        BOOST_REQUIRE(how.has_value());
        const answer bad = apply_fault(messages_stream({0, 6}, "m"), *how, api::messages);
        reader.begin();
        return reader.feed(bad.bytes);
    };
    reader.begin();
    BOOST_CHECK(reader.feed(messages_stream({0, 6}, "m").bytes) == response_reader::status::complete);
    BOOST_CHECK(reader.done_event() && !reader.error_event());
    BOOST_CHECK_EQUAL(reader.events(), 11u);

    BOOST_CHECK(judge("no-done") == response_reader::status::complete);
    BOOST_CHECK(!reader.done_event());
    BOOST_CHECK_EQUAL(reader.events(), 10u);
    BOOST_CHECK(judge("no-finish") == response_reader::status::complete);
    BOOST_CHECK_EQUAL(reader.events(), 9u);
    BOOST_CHECK(judge("error-event") == response_reader::status::complete);
    BOOST_CHECK(reader.error_event() && !reader.done_event());

    const auto refused = parse_fault("status-429");
    BOOST_REQUIRE(refused.has_value());
    const json::value error = whole(apply_fault(messages_answer({}, "m"), *refused, api::messages));
    BOOST_CHECK_EQUAL(text(error.at("type")), "error");
    BOOST_CHECK_EQUAL(text(error.at("error").at("type")), "rate_limit_error");
    const json::value google = whole(apply_fault(generate_answer({}, "m"), *refused, api::generate_content));
    BOOST_CHECK_EQUAL(text(google.at("error").at("status")), "RESOURCE_EXHAUSTED");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
