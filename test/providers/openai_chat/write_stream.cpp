#include "test/providers/openai_chat/support.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace cogate;
namespace openai = cogate::providers::openai_chat;

std::string written(chat_chunk const& chunk, bool wants_usage = false)
{
    chat_request request;
    request.include_usage = wants_usage;
    const auto writer = openai::server().write_chat_stream({request, "m", "abc", 42});
    std::string out;
    writer->write(chunk, out);
    return out;
}

/// The data of each event; every event must be one of the default type.
std::vector<std::string> data_of(std::string_view text)
{
    wire::sse_reader reader;
    wire::sse_event event;
    std::vector<std::string> out;
    while (reader.next(text, event) == wire::sse_status::event) {
        BOOST_CHECK(event.type == "" || event.type == "message");
        out.emplace_back(event.data);
    }
    BOOST_CHECK(text.empty());
    return out;
}

chat_chunk said(std::string content)
{
    chat_chunk chunk;
    chunk.id = "id-1";
    chunk.created = 7;
    chunk.model = "m";
    chunk.choices.emplace_back().content = std::move(content);
    return chunk;
}

BOOST_AUTO_TEST_SUITE(providers_openai_chat_write_stream)

BOOST_AUTO_TEST_CASE(a_chunk_is_one_event_on_one_line)
{
    const std::string text = written(said("a\nb\r\"c\""));
    BOOST_CHECK(text.starts_with("data: {"));
    BOOST_CHECK_EQUAL(text.find('\n'), text.size() - 2);
    const auto events = data_of(text);
    BOOST_REQUIRE_EQUAL(events.size(), 1u);
    const auto chunk = boost::json::parse(events[0]);
    BOOST_CHECK(chunk.at("id").as_string() == "id-1");
    BOOST_CHECK_EQUAL(chunk.at("created").to_number<int>(), 7);
    BOOST_CHECK(chunk.at("choices").at(0).at("delta").at("content").as_string() == "a\nb\r\"c\"");
}

BOOST_AUTO_TEST_CASE(line_ends_of_a_member_carried_through_stay_in_the_data)
{
    for (const std::string_view raw : {"{\n\n\"a\": 1}", "{\r\"a\": 1}", "{\r\n\r\n\"a\": 1}"}) {
        chat_chunk chunk = said("x");
        chunk.extra.set("more", raw_json{std::string(raw)});
        const auto events = data_of(written(chunk));
        BOOST_REQUIRE_EQUAL(events.size(), 1u);
        BOOST_CHECK_EQUAL(boost::json::parse(events[0]).at("more").at("a").to_number<int>(), 1);
    }
}

BOOST_AUTO_TEST_CASE(what_a_chunk_does_not_say_comes_from_the_gateway)
{
    chat_chunk chunk = said("x");
    chunk.id.clear();
    chunk.created = 0;
    const auto event = boost::json::parse(data_of(written(chunk)).at(0));
    BOOST_CHECK(event.at("id").as_string() == "chatcmpl-abc");
    BOOST_CHECK_EQUAL(event.at("created").to_number<int>(), 42);
}

BOOST_AUTO_TEST_CASE(usage_is_an_event_of_its_own_and_only_when_wanted)
{
    chat_chunk chunk = said("x");
    chunk.usage.emplace();
    chunk.usage->reported = true;
    BOOST_CHECK_EQUAL(data_of(written(chunk)).size(), 1u);
    const auto events = data_of(written(chunk, true));
    BOOST_REQUIRE_EQUAL(events.size(), 2u);
    BOOST_CHECK(boost::json::parse(events[0]).at("usage").is_null());
    BOOST_CHECK(boost::json::parse(events[1]).at("usage").is_object());
    BOOST_CHECK(boost::json::parse(events[1]).at("choices").as_array().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
