#include "lib/wire/sse_reader.hpp"

#include "test/lib/wire/sse_streams.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

namespace {

using namespace std::string_literals;
using cogate::test::sse_case;
using cogate::test::sse_seen;
using cogate::wire::sse_event;
using cogate::wire::sse_reader;
using cogate::wire::sse_status;

/// Drains `piece`; the copy in `heap` has no spare byte, so that ASan sees any step beyond it.
sse_status drain(sse_reader& reader, std::string_view piece, std::vector<sse_seen>& out)
{
    const std::vector<char> heap(piece.begin(), piece.end());
    std::string_view input(heap.data(), heap.size());
    sse_event event;
    sse_status status = reader.next(input, event);
    while (status == sse_status::event) {
        BOOST_TEST(event.complete);
        out.push_back({std::string(event.type), std::string(event.data), std::string(event.id)});
        status = reader.next(input, event);
    }
    if (status == sse_status::need_more) {
        BOOST_TEST(input.empty());
    }
    return status;
}

std::vector<sse_seen> read_in_two(std::string_view input, std::size_t split)
{
    sse_reader reader;
    std::vector<sse_seen> out;
    drain(reader, input.substr(0, split), out);
    drain(reader, input.substr(split), out);
    return out;
}

std::vector<sse_seen> read_bytewise(std::string_view input)
{
    sse_reader reader;
    std::vector<sse_seen> out;
    for (std::size_t i = 0; i < input.size(); ++i) {
        drain(reader, input.substr(i, 1), out);
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wire_sse_reader)

BOOST_AUTO_TEST_CASE(every_case_in_every_split)
{
    if (cogate::test::shared_sse_cases().empty()) {
        BOOST_TEST_MESSAGE("skipped: shared fixtures/protocol/sse/sse-cases.json is absent");
    }
    for (const sse_case& one : cogate::test::all_sse_cases()) {
        BOOST_TEST_CONTEXT(one.name)
        {
            BOOST_TEST((read_bytewise(one.input) == one.events));
            for (std::size_t split = 0; split <= one.input.size(); ++split) {
                BOOST_TEST((read_in_two(one.input, split) == one.events), "split at " << split);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(every_pair_of_splits)
{
    for (const sse_case& one : cogate::test::own_sse_cases()) {
        BOOST_TEST_CONTEXT(one.name)
        {
            const std::string_view input = one.input;
            for (std::size_t a = 0; a <= input.size(); ++a) {
                for (std::size_t b = a; b <= input.size(); ++b) {
                    sse_reader reader;
                    std::vector<sse_seen> out;
                    drain(reader, input.substr(0, a), out);
                    drain(reader, input.substr(a, b - a), out);
                    drain(reader, input.substr(b), out);
                    BOOST_TEST((out == one.events), "split at " << a << " and " << b);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(random_streams_read_the_same_in_any_split)
{
    constexpr std::string_view pieces[] = {
        "\r",    "\n",      "\r\n", "data",         "data:",    "data: x", ":",
        "id: 1", "event:e", " ",    "\xEF\xBB\xBF", "retry: 5", "zz"};
    std::mt19937 random(7);
    for (int round = 0; round < 3000; ++round) {
        std::string input;
        for (std::size_t i = random() % 30; i > 0; --i) {
            input += pieces[random() % std::size(pieces)];
        }
        const std::vector<sse_seen> whole = read_in_two(input, 0);
        BOOST_TEST((read_bytewise(input) == whole));
        BOOST_TEST((read_in_two(input, random() % (input.size() + 1)) == whole));
    }
}

BOOST_AUTO_TEST_CASE(a_whole_one_line_event_is_not_copied)
{
    const std::string bytes = "event: e\r\ndata: payload\r\n\r\ndata: next\n\n";
    std::string_view input = bytes;
    sse_reader reader;
    sse_event event;
    BOOST_REQUIRE((reader.next(input, event) == sse_status::event));
    BOOST_TEST(static_cast<const void*>(event.data.data()) == bytes.data() + bytes.find("payload"));
    BOOST_TEST(event.type == "e");
    BOOST_REQUIRE((reader.next(input, event) == sse_status::event));
    BOOST_TEST(static_cast<const void*>(event.data.data()) == bytes.data() + bytes.find("next"));
    BOOST_TEST(input.empty());
}

BOOST_AUTO_TEST_CASE(finish_gives_an_unfinished_event_once)
{
    struct row {
        std::string_view input;
        std::string_view data; ///< empty: nothing comes
    };
    const row rows[] = {
        {"data: [DONE]", "[DONE]"},
        {"data: [DONE]\n", "[DONE]"},
        {"data: a\r\ndata: b", "a\nb"},
        {"data: x\n\n", ""},
        {"data:", ""},
        {"event: a\n", ""},
        {": ping", ""},
        {"", ""},
        {"data: x\r\n\r", ""},
    };
    for (const row& one : rows) {
        BOOST_TEST_CONTEXT(one.input)
        {
            sse_reader reader;
            std::vector<sse_seen> seen;
            drain(reader, one.input, seen);
            sse_event event;
            const bool got = reader.finish(event) == sse_status::event;
            BOOST_TEST(got == !one.data.empty());
            if (got) {
                BOOST_TEST(event.data == one.data);
                BOOST_TEST(!event.complete);
            }
            BOOST_TEST((reader.finish(event) == sse_status::need_more));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_cap_does_not_depend_on_the_split)
{
    const std::string event = "data: 0123456789\r\n\r\n";
    for (std::size_t cap = event.size() - 3; cap <= event.size() + 1; ++cap) {
        const bool fits = cap + 1 >= event.size();
        const std::string input = "data: a\n\n" + event + event;
        for (std::size_t split = 0; split <= input.size(); ++split) {
            sse_reader reader(cap);
            std::vector<sse_seen> out;
            drain(reader, input.substr(0, split), out);
            const sse_status status = drain(reader, input.substr(split), out);
            BOOST_TEST((status == sse_status::too_large) == !fits);
            BOOST_TEST(out.size() == (fits ? 3U : 1U));
        }
    }
}

BOOST_AUTO_TEST_CASE(too_large_is_final)
{
    sse_reader reader(64);
    const std::string flood(200, 'x');
    std::string_view input = flood;
    sse_event event;
    BOOST_TEST((reader.next(input, event) == sse_status::too_large));
    std::string_view good = "\n\ndata: a\n\n";
    BOOST_TEST((reader.next(good, event) == sse_status::too_large));
    BOOST_TEST((reader.finish(event) == sse_status::too_large));
}

BOOST_AUTO_TEST_CASE(an_endless_comment_is_too_large)
{
    sse_reader reader(1000);
    std::vector<sse_seen> out;
    sse_status status = sse_status::need_more;
    for (int i = 0; i < 300 && status == sse_status::need_more; ++i) {
        status = drain(reader, ": ping\n", out);
    }
    BOOST_TEST((status == sse_status::too_large));
}

BOOST_AUTO_TEST_CASE(retry_is_kept)
{
    sse_reader reader;
    std::vector<sse_seen> out;
    drain(reader, "data: a\n\n", out);
    BOOST_TEST(!reader.retry().has_value());
    drain(reader, "retry: 3000\n\nretry: x\n\nretry:\n\nretry: -1\n\n", out);
    BOOST_REQUIRE(reader.retry().has_value());
    BOOST_TEST(reader.retry()->count() == 3000);
    drain(reader, "retry: 99999999999999999999999\n\n", out);
    BOOST_TEST(reader.retry()->count() == 86400000);
}

BOOST_AUTO_TEST_CASE(many_cr_lines_are_read_in_one_pass)
{
    std::string input;
    for (int i = 0; i < 200000; ++i) {
        input += "data:\r";
    }
    sse_reader reader(4 * 1024 * 1024);
    std::vector<sse_seen> out;
    BOOST_TEST((drain(reader, input, out) == sse_status::need_more));
    drain(reader, "\r", out);
    BOOST_REQUIRE(out.size() == 1);
    BOOST_TEST(out[0].data.size() == 199999);
}

BOOST_AUTO_TEST_SUITE_END()
