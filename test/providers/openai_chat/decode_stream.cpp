#include "test/providers/openai_chat/support.hpp"

namespace cogate::test {

namespace {

std::string choice(std::string const& delta, std::string const& finish = "null", int index = 0)
{
    return R"({"index":)" + std::to_string(index) + R"(,"delta":)" + delta + R"(,"finish_reason":)" + finish +
           "}";
}

std::string event(std::string const& choices, std::string const& more = "")
{
    return R"(data: {"id":"i","object":"chat.completion.chunk","created":7,"model":"m","choices":[)" +
           choices + "]" + more + "}\n\n";
}

const std::string done = "data: [DONE]\n\n";
const std::string counts = R"(,"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5})";

std::string text_of(decoded_stream const& s)
{
    return fold(s.chunks).text();
}

std::size_t usages(decoded_stream const& s)
{
    return static_cast<std::size_t>(
        std::count_if(s.chunks.begin(), s.chunks.end(), [](auto const& c) { return c.usage.has_value(); }));
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_chat_decode_stream)

BOOST_AUTO_TEST_CASE(what_counts_as_an_end)
{
    const std::string a = event(choice(R"({"content":"a"})"));
    const std::string stop = event(choice("{}", "\"stop\""));
    BOOST_TEST(!decode_stream(a + done).error);
    BOOST_TEST(!decode_stream(a + stop).error);
    BOOST_TEST(!decode_stream(done).error);
    for (std::string const& broken : {std::string(), a, a + "data: [DON", a + "data: {\"cho",
                                      event(choice("{}", "\"stop\"") + "," + choice("{}", "null", 1))}) {
        decoded_stream const s = decode_stream(broken);
        BOOST_REQUIRE_MESSAGE(s.error, broken);
        BOOST_TEST((*s.error)->retryable);
        BOOST_TEST(((*s.error)->kind == error_kind::truncated));
    }
    // The last event needs no blank line.
    BOOST_TEST(!decode_stream(a + "data: [DONE]").error);
}

BOOST_AUTO_TEST_CASE(errors_within_the_stream)
{
    const std::string a = event(choice(R"({"content":"a"})"));
    struct row {
        std::string bytes;
        error_kind kind;
    };
    for (row const& r :
         {row{"data: {\"error\":{\"message\":\"m\",\"type\":\"server_error\"}}\n\n",
              error_kind::internal_server},
          {"data: {\"error\":{\"message\":\"m\",\"code\":429}}\n\n", error_kind::rate_limit},
          {"data: {\"error\":\"m\"}\n\n", error_kind::internal_server},
          {"event: error\ndata: {\"error\":{\"message\":\"m\",\"type\":\"overloaded_error\"}}\n\n",
           error_kind::service_unavailable},
          {"event: error\ndata: not json\n\n", error_kind::internal_server},
          {"data: {\"object\":\"error\",\"message\":\"m\",\"code\":400}\n\n", error_kind::invalid_request},
          {event(choice("{}", "\"error\"")), error_kind::internal_server},
          {event(choice("{}", "\"insufficient_system_resource\"")), error_kind::service_unavailable},
          {event("", R"(,"x_groq":{"error":"over capacity"})"), error_kind::internal_server},
          {"data: {nope}\n\n", error_kind::bad_gateway},
          {"data: 7\n\n", error_kind::bad_gateway},
          {"data: {\"choices\":{}}\n\n", error_kind::bad_gateway},
          {"data: {\"choices\":[1]}\n\n", error_kind::bad_gateway}}) {
        decoded_stream const s = decode_stream(a + r.bytes + done);
        BOOST_REQUIRE_MESSAGE(s.error, r.bytes);
        BOOST_CHECK_MESSAGE((*s.error)->kind == r.kind, r.bytes);
        BOOST_TEST(text_of(s) == "a");
    }
    BOOST_TEST(!decode_stream(event(choice("{}", "\"stop\""), R"(,"error":null)")).error);
}

BOOST_AUTO_TEST_CASE(usage_comes_once_wherever_it_was)
{
    const std::string a = event(choice(R"({"content":"a"})"), R"(,"usage":null)");
    const std::string stop = event(choice("{}", "\"stop\""));
    for (std::string const& bytes : {
             a + stop + event("", counts) + done,
             a + event(choice("{}", "\"stop\""), counts) + done,
             a + event(choice("{}", "\"stop\""), counts),
             a + stop + event(choice("{}"), counts) + done,
             a + stop + event("", counts) + event("", R"(,"moderation":{})") + done,
             event("", counts) + a + stop + done,
             event(choice(R"({"content":"a"})"), counts) + event(choice("{}", "\"stop\""), counts) +
                 event("", counts) + done,
         }) {
        decoded_stream const s = decode_stream(bytes);
        BOOST_REQUIRE_MESSAGE(!s.error, bytes);
        BOOST_CHECK_MESSAGE(usages(s) == 1, bytes);
        BOOST_TEST(fold(s.chunks).usage.total_tokens == 5);
        BOOST_TEST(text_of(s) == "a");
        // Our own stream has it once, as the last thing before the end, or not at all.
        std::string with, without;
        for (chat_chunk const& c : s.chunks) {
            test::write_chunk(c, true, with);
            test::write_chunk(c, false, without);
        }
        BOOST_TEST(without.find("usage") == std::string::npos);
        BOOST_TEST(with.find("\"choices\":[],\"usage\":{") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(tool_calls_keep_apart)
{
    const auto call = [](std::string const& fields) { return R"({"tool_calls":[)" + fields + "]}"; };
    decoded_stream const s = decode_stream(
        event(choice(
            call(R"({"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}})"))) +
        event(choice(call(
            R"({"index":0,"function":{"arguments":"{\"x\""}},{"index":0,"id":"b","function":{"name":"g","arguments":"{"}})"))) +
        event(choice(call(R"({"index":0,"function":{"arguments":"}"}})"))) +
        event(choice(call(R"({"index":4,"id":"c","custom":{"name":"h","input":"in"}})"), "\"tool_calls\"")) +
        done);
    BOOST_REQUIRE(!s.error);
    auto const calls = fold(s.chunks).choices[0].message.tool_calls;
    BOOST_REQUIRE_EQUAL(calls.size(), 3U);
    BOOST_TEST(calls[0].arguments == "{\"x\"");
    BOOST_TEST(calls[1].name == "g");
    BOOST_TEST(calls[1].arguments == "{}");
    BOOST_TEST(calls[2].type == "custom");
    BOOST_TEST(calls[2].arguments == "in");
}

BOOST_AUTO_TEST_CASE(repeats_and_padding_are_left_out)
{
    const std::string more = R"(,"citations":["u"],"obfuscation":"abc")";
    decoded_stream const s =
        decode_stream(event(choice(R"({"role":"assistant","content":"a"})"), more) +
                      event(choice(R"({"role":"assistant","content":"b"})"), more) +
                      event(choice("{}", "\"stop\""), R"(,"citations":["u","v"])") + done);
    BOOST_REQUIRE_EQUAL(s.chunks.size(), 3U);
    BOOST_TEST(s.chunks[0].extra.size() == 1U);
    BOOST_TEST(s.chunks[1].extra.empty());
    BOOST_TEST(s.chunks[2].extra.find("citations")->text == R"(["u","v"])");
    BOOST_TEST(s.chunks[0].choices[0].has_role);
    BOOST_TEST(!s.chunks[1].choices[0].has_role);
}

BOOST_AUTO_TEST_CASE(an_empty_first_chunk_gives_no_identity)
{
    decoded_stream const s =
        decode_stream("data: "
                      "{\"choices\":[],\"created\":0,\"id\":\"\",\"model\":\"\",\"object\":\"\",\"prompt_"
                      "filter_results\":[]}\n\n" +
                      event(choice(R"({"content":"a"})", "\"stop\"")) +
                      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\"}}]}\n\n" + done);
    BOOST_REQUIRE_EQUAL(s.chunks.size(), 3U);
    BOOST_TEST(s.chunks[1].id == "i");
    BOOST_TEST(s.chunks[2].id == "i");
    BOOST_TEST(s.chunks[2].created == 7);
}

BOOST_AUTO_TEST_CASE(any_bytes_give_chunks_or_a_failure)
{
    const std::string good =
        event(choice(
            R"({"role":"assistant","content":"x","tool_calls":[{"index":1,"function":{"name":"f"}}]})")) +
        event(choice("{}", "\"stop\""), counts) + done;
    seeded random(11);
    for (int round = 0; round != 3000; ++round) {
        std::string bytes = good;
        for (std::size_t n = 1 + random.below(4); n != 0; --n) {
            bytes[random.below(bytes.size())] = "{}[]\",:0\n x"[random.below(11)];
        }
        decoded_stream const s = decode_stream(bytes);
        fold(s.chunks);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
