#include "lib/wire/sse_cutter.hpp"

#include "test/lib/wire/sse_streams.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

namespace {

using cogate::test::sse_case;
using cogate::wire::raw_event;
using cogate::wire::sse_cutter;
using cogate::wire::sse_event;
using cogate::wire::sse_reader;
using cogate::wire::sse_status;

struct cut_result {
    std::string bytes;
    std::vector<std::string> data;
    std::string tail;
    bool too_large = false;
};

cut_result cut(std::string_view input, const std::vector<std::size_t>& splits, std::size_t cap)
{
    cut_result out;
    sse_cutter cutter(cap);
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= splits.size(); ++i) {
        const std::size_t end = i < splits.size() ? splits[i] : input.size();
        const std::vector<char> heap(input.begin() + static_cast<std::ptrdiff_t>(begin),
                                     input.begin() + static_cast<std::ptrdiff_t>(end));
        begin = end;
        cutter.feed({heap.data(), heap.size()});
        while (const std::optional<raw_event> event = cutter.next()) {
            out.bytes += event->bytes;
            if (event->has_data) {
                out.data.emplace_back(event->data);
            }
        }
    }
    out.tail = cutter.tail();
    out.too_large = cutter.too_large();
    return out;
}

std::vector<std::string> read(std::string_view input, std::size_t cap, bool& too_large)
{
    std::vector<std::string> out;
    sse_reader reader(cap);
    sse_event event;
    sse_status status = reader.next(input, event);
    while (status == sse_status::event) {
        out.emplace_back(event.data);
        status = reader.next(input, event);
    }
    too_large = status == sse_status::too_large;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wire_sse_cutter)

BOOST_AUTO_TEST_CASE(agrees_with_the_reader_and_loses_no_byte)
{
    for (const sse_case& one : cogate::test::all_sse_cases()) {
        BOOST_TEST_CONTEXT(one.name)
        {
            bool too_large = false;
            const std::vector<std::string> want = read(one.input, 1 << 20, too_large);
            for (std::size_t split = 0; split <= one.input.size(); ++split) {
                const cut_result got = cut(one.input, {split}, 1 << 20);
                BOOST_TEST((got.data == want), "split at " << split);
                BOOST_TEST(got.bytes + got.tail == one.input);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(agrees_with_the_reader_on_random_streams_and_caps)
{
    constexpr std::string_view pieces[] = {"\r",  "\n",   "\r\n", "data: x", "data:long long long",
                                           ": c", "id: 1"};
    std::mt19937 random(11);
    for (int round = 0; round < 4000; ++round) {
        std::string input;
        for (std::size_t i = random() % 30; i > 0; --i) {
            input += pieces[random() % std::size(pieces)];
        }
        const std::size_t cap = random() % 60 + 1;
        std::vector<std::size_t> splits;
        for (std::size_t at = random() % 9; at < input.size(); at += random() % 9) {
            splits.push_back(at);
        }
        bool too_large = false;
        const std::vector<std::string> want = read(input, cap, too_large);
        const cut_result got = cut(input, splits, cap);
        BOOST_TEST((got.data == want));
        BOOST_TEST(got.too_large == too_large);
        if (!too_large) {
            BOOST_TEST(got.bytes + got.tail == input);
        }
    }
}

BOOST_AUTO_TEST_CASE(whole_events_are_views_into_the_fed_bytes)
{
    const std::string bytes = ": ping\n\nevent: e\ndata: {\"a\":1}\n\ndata: a\ndata: b\n\ndata: tai";
    sse_cutter cutter;
    cutter.feed(bytes);
    std::optional<raw_event> event = cutter.next();
    BOOST_REQUIRE(event.has_value());
    BOOST_TEST(event->bytes == ": ping\n\n");
    BOOST_TEST(!event->has_data);
    BOOST_TEST(event->data.empty());
    event = cutter.next();
    BOOST_REQUIRE(event.has_value());
    BOOST_TEST(static_cast<const void*>(event->bytes.data()) == bytes.data() + 8);
    BOOST_TEST(event->type == "e");
    BOOST_TEST(event->data == "{\"a\":1}");
    event = cutter.next();
    BOOST_REQUIRE(event.has_value());
    BOOST_TEST(event->bytes == "data: a\ndata: b\n\n");
    BOOST_TEST(event->data == "a\nb");
    BOOST_TEST(!cutter.next().has_value());
    BOOST_TEST(cutter.tail() == "data: tai");
    cutter.feed("l\n\ndata: z\n\n");
    event = cutter.next();
    BOOST_REQUIRE(event.has_value());
    BOOST_TEST(event->bytes == "data: tail\n\n");
    BOOST_TEST(cutter.tail().empty());
    event = cutter.next();
    BOOST_REQUIRE(event.has_value());
    BOOST_TEST(event->data == "z");
    BOOST_TEST(!cutter.next().has_value());
    BOOST_TEST(cutter.tail().empty());
}

BOOST_AUTO_TEST_CASE(an_event_is_not_held_back_for_the_lf_of_its_last_crlf)
{
    sse_cutter cutter;
    cutter.feed("data: a\r\n\r");
    std::optional<raw_event> event = cutter.next();
    BOOST_REQUIRE(event.has_value());
    BOOST_TEST(event->data == "a");
    BOOST_TEST(!cutter.next().has_value());
    cutter.feed("\n");
    event = cutter.next();
    BOOST_REQUIRE(event.has_value());
    BOOST_TEST(event->bytes == "\n");
    BOOST_TEST(!event->has_data);
    BOOST_TEST(!cutter.next().has_value());
    BOOST_TEST(cutter.tail().empty());
}

BOOST_AUTO_TEST_CASE(too_large_is_final)
{
    sse_cutter cutter(16);
    cutter.feed("data: ok\n\ndata: 0123456789abcdef\n\n");
    BOOST_TEST(cutter.next().has_value());
    BOOST_TEST(!cutter.next().has_value());
    BOOST_TEST(cutter.too_large());
    BOOST_TEST(cutter.tail().empty());
    cutter.feed("data: a\n\n");
    BOOST_TEST(!cutter.next().has_value());
    BOOST_TEST(cutter.too_large());
}

BOOST_AUTO_TEST_SUITE_END()
