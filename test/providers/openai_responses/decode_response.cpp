#include "test/providers/openai_responses/support.hpp"

namespace cogate::test::responses {

namespace {

std::string answer(std::string_view output, std::string_view more = "")
{
    return R"({"id":"resp_1","object":"response","created_at":5,"model":"m","status":"completed","output":[)" +
           std::string(output) + "]" + std::string(more) + "}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_responses_decode_response)

BOOST_AUTO_TEST_CASE(items_in_their_order)
{
    auto const r = decode(answer(
        R"({"type":"reasoning","id":"rs_1","summary":[{"text":"a"},{"text":"b"}],"encrypted_content":"e"},
           {"type":"message","phase":"final_answer","content":[{"type":"output_text","text":"t","annotations":
             [{"type":"url_citation","url":"u","start_index":0,"end_index":1,"title":"x"}],"logprobs":[{"token":"t","logprob":-1}]}]},
           {"type":"message","content":[{"type":"refusal","refusal":"no"}]},
           {"type":"mcp_call","id":"mcp_1"},
           {"type":"function_call","id":"fc","call_id":"c","name":"f","arguments":""}, {}, 7)",
        R"(,"usage":{"input_tokens":-4,"output_tokens":2},"instructions":"x","content_filters":[1],"moderation":null)"));
    BOOST_REQUIRE(r.has_value());
    message const& m = r->choices.at(0).message;
    BOOST_REQUIRE_EQUAL(m.content.size(), 5U);
    BOOST_TEST(m.reasoning() == "a\n\nb");
    BOOST_TEST(std::get<reasoning_part>(m.content[1]).redacted == "e");
    BOOST_TEST(std::get<reasoning_part>(m.content[1]).id == "rs_1");
    BOOST_TEST(m.text() == "t");
    BOOST_TEST(std::get<refusal_part>(m.content[3]).text == "no");
    BOOST_TEST(std::get<unknown_part>(m.content[4]).value.text == R"({"type":"mcp_call","id":"mcp_1"})");
    BOOST_TEST(
        m.annotations.text ==
        R"([{"type":"url_citation","url_citation":{"url":"u","start_index":0,"end_index":1,"title":"x"}}])");
    BOOST_TEST(r->choices[0].logprobs.text == R"({"content":[{"token":"t","logprob":-1}],"refusal":null})");
    BOOST_TEST(m.tool_calls.at(0).arguments == "{}");
    BOOST_TEST(r->usage.prompt_tokens == 0);
    BOOST_TEST(r->usage.total_tokens == 2);
    BOOST_TEST(r->extra.size() == 1U);
    BOOST_TEST(r->extra.find("content_filters")->text == "[1]");
}

BOOST_AUTO_TEST_CASE(no_answers)
{
    struct row {
        char const* body;
        error_kind kind;
    };
    for (row const& r :
         {row{"", error_kind::bad_gateway},
          {"[]", error_kind::bad_gateway},
          {"{}", error_kind::bad_gateway},
          {R"({"output":{}})", error_kind::bad_gateway},
          {R"({"status":"in_progress","output":[]})", error_kind::bad_gateway},
          {R"({"status":"failed","output":[],"error":{"code":"rate_limit_exceeded","message":"m"}})",
           error_kind::rate_limit},
          {R"({"status":"failed","output":[]})", error_kind::internal_server},
          {R"({"error":{"message":"m","code":"context_length_exceeded"}})",
           error_kind::context_window_exceeded},
          {R"({"code":"invalid-argument","error":"Incorrect API key provided."})",
           error_kind::authentication},
          {R"({"detail":"nothing here"})", error_kind::internal_server}}) {
        auto const decoded = decode(r.body);
        BOOST_REQUIRE_MESSAGE(!decoded.has_value(), r.body);
        BOOST_CHECK_MESSAGE(decoded.error()->kind == r.kind,
                            r.body << " is " << to_string(decoded.error()->kind));
    }
}

BOOST_AUTO_TEST_CASE(an_answer_without_id_gets_the_same_one_each_time)
{
    const std::string body = R"({"status":"completed","output":[]})";
    BOOST_TEST(decode(body)->id.starts_with("resp_"));
    BOOST_TEST(decode(body)->id == decode(body)->id);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::responses
