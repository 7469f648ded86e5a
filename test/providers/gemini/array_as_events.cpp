#include "providers/gemini/array_as_events.hpp"

#include "lib/wire/sse_reader.hpp"
#include "providers/registry.hpp"
#include "test/providers/gemini/support.hpp"

namespace cogate::test::google {

namespace {

constexpr std::string_view array =
    "[{\n  \"candidates\": [{\"content\": {\"parts\": [{\"text\": \"a ] b\"}]}}]\n}\n,\r\n"
    "{\"candidates\":[{\"finishReason\":\"STOP\"}]}]\n";
constexpr std::string_view events =
    "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a ] b\"}]}}]}\r\n\r\n"
    "data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\r\n\r\n";

std::unique_ptr<providers::stream_reframer> reframer(std::size_t cap = 1000)
{
    return providers::gemini::server().chat_express().reframer('[', cap);
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_gemini_array_as_events)

BOOST_AUTO_TEST_CASE(an_array_becomes_the_events_it_stands_for)
{
    for (std::size_t cut = 0; cut <= array.size(); ++cut) {
        auto const it = reframer();
        std::string out;
        BOOST_REQUIRE(it->feed(std::string(array.substr(0, cut)), out).has_value());
        BOOST_REQUIRE(it->feed(std::string(array.substr(cut)), out).has_value());
        BOOST_REQUIRE(it->finish().has_value());
        BOOST_TEST(out == events);
    }
}

BOOST_AUTO_TEST_CASE(the_relay_understands_them)
{
    auto const relay = providers::gemini::server().chat_express().relay({});
    std::string out;
    BOOST_REQUIRE(reframer()->feed(array, out).has_value());
    wire::sse_reader reader;
    std::string_view rest = out;
    wire::sse_event event;
    while (reader.next(rest, event) == wire::sse_status::event) {
        relay->on_event(event.data);
    }
    BOOST_TEST(relay->facts().content_seen);
    BOOST_TEST(relay->finish().has_value());
}

BOOST_AUTO_TEST_CASE(what_breaks_off_or_is_nonsense_fails)
{
    std::string out;
    auto const cut = reframer();
    BOOST_REQUIRE(cut->feed(array.substr(0, array.size() - 2), out).has_value());
    BOOST_TEST((cut->finish().error()->kind == error_kind::truncated));
    BOOST_TEST((reframer()->feed("[{} {}]", out).error()->kind == error_kind::bad_gateway));
    BOOST_TEST(reframer(10)->feed(array, out).error()->code == "upstream_event_too_large");
}

BOOST_AUTO_TEST_CASE(events_stay_as_they_are)
{
    BOOST_TEST(!providers::gemini::server().chat_express().reframer('d', 1000));
    BOOST_TEST(!providers::find_server_dialect("openai_chat")->chat_express().reframer('[', 1000));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google
