#include "test/providers/openai_media/support.hpp"

namespace cogate::test::media {

namespace {

result<moderation_response> decode(std::string_view body)
{
    return media::client_moderations().decode({body}, {}, on("openai"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_media_texts)

BOOST_AUTO_TEST_CASE(moderations)
{
    auto const& server = media::server_moderations();
    for (std::string const input : {R"("x")", R"(["x","y"])", R"([{"type":"text","text":"x"}])"}) {
        std::string const body = R"({"model":"m","input":)" + input + R"(,"a":1})";
        auto const parsed = server.parse(body);
        BOOST_REQUIRE(parsed.has_value());
        BOOST_TEST(parsed->input.text == input);
        BOOST_TEST(body_of(media::client_moderations().encode(*parsed, on("openai", "m"))) == oracle(body));
    }
    BOOST_TEST(server.parse(R"({"input":"x"})")->model == "omni-moderation-latest");
    BOOST_TEST(refusal(server.parse("{}")) == "missing_required_parameter@input");
    BOOST_TEST(refusal(server.parse(R"({"input":5})")) == "invalid_type@input");
    moderation_request odd{.model = "m", .input = raw_json{"{"}};
    BOOST_TEST(refusal(media::client_moderations().encode(odd, on("openai"))) == "invalid_json@input");

    std::string const answer =
        R"({"id":"modr-1","model":"m","results":[{"flagged":true,"categories":{"hate":true},)"
        R"("category_scores":{"hate":0.5},"category_applied_input_types":{"hate":["text"]}}]})";
    auto const got = decode(answer);
    BOOST_TEST(got->results.at(0).flagged);
    std::string text;
    server.write(*got, {}, text);
    BOOST_TEST(oracle(text) == oracle(answer));
    BOOST_TEST((*decode(text) == *got));
    // Without the word, by the categories.
    BOOST_TEST(decode(R"({"results":[{"categories":{"a":false,"b":true}}]})")->results.at(0).flagged);
    BOOST_TEST(!decode(R"({"results":[{"categories":{"a":false}}]})")->results.at(0).flagged);
    BOOST_TEST(decode(R"({"results":[]})")->id.starts_with("modr-"));
    BOOST_TEST(refusal(decode("{}")) == "upstream_invalid_response@");
}

BOOST_AUTO_TEST_CASE(rerank)
{
    auto const& server = media::server_rerank();
    auto const parsed = server.parse(R"({"model":"m","query":"q","documents":["a",{"text":"b"}],"top_n":1,
        "rank_fields":["text"],"return_documents":true,"max_tokens_per_doc":9,"priority":1})");
    BOOST_REQUIRE(parsed.has_value());
    BOOST_TEST(parsed->documents.at(1).text == R"({"text":"b"})");
    BOOST_TEST(parsed->top_n.value_or(0) == 1);
    BOOST_TEST(parsed->rank_fields.at(0) == "text");
    BOOST_TEST(parsed->extra.find("priority")->text == "1");
    BOOST_TEST(refusal(server.parse(R"({"model":"m","documents":["a"]})")) ==
               "missing_required_parameter@query");
    BOOST_TEST(refusal(server.parse(R"({"model":"m","query":"q"})")) ==
               "missing_required_parameter@documents");
    BOOST_TEST(refusal(server.parse(R"({"model":"m","query":"q","documents":[]})")) ==
               "invalid_value@documents");
    BOOST_TEST(refusal(server.parse(R"({"model":"m","query":"q","documents":["a",5]})")) ==
               "invalid_type@documents[1]");
    BOOST_TEST(refusal(server.parse(R"({"model":"m","query":"q","documents":["a"],"top_n":0})")) ==
               "invalid_value@top_n");
    BOOST_TEST(refusal(server.parse(R"({"model":"m","query":"q","documents":["a"],"rank_fields":[1]})")) ==
               "invalid_type@rank_fields[0]");

    rerank_response answer{.id = "r1", .model = "m", .results = {}};
    answer.results.push_back({.index = 1, .relevance_score = 0.75, .document = raw_json{R"({"text":"b"})"}});
    answer.search_units = 1;
    answer.usage = {.prompt_tokens = 4, .completion_tokens = 0, .total_tokens = 4};
    answer.usage.reported = true;
    std::string text;
    server.write(answer, *parsed, text);
    BOOST_TEST(oracle(text) == oracle(R"({"id":"r1","results":[{"index":1,"relevance_score":0.75,
        "document":{"text":"b"}}],"meta":{"billed_units":{"search_units":1,"total_tokens":4},
        "tokens":{"input_tokens":4,"output_tokens":0}}})"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::media
