#include "providers/bedrock/dialect.hpp"
#include "providers/bedrock_converse/dialect.hpp"
#include "test/providers/bedrock_converse/support.hpp"

#include <cogate/rerank.hpp>

namespace cogate::test::bedrock {

namespace {

rerank_request ask()
{
    rerank_request out{
        .model = "m", .query = "q", .documents = {{R"("a")"}, {R"({"text":"b"})"}, {R"({"x":1})"}}};
    out.top_n = 2;
    return out;
}

providers::rerank_codec const& agent()
{
    return *providers::bedrock::agent_client().rerank();
}

providers::rerank_codec const& invoke()
{
    return *providers::bedrock_converse::client().rerank();
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_bedrock_rerank)

BOOST_AUTO_TEST_CASE(the_request_of_the_agent_runtime)
{
    provider_context context("cohere.rerank-v3-5:0");
    context.with("aws_region_name", "us-west-2");
    const auto encoded = agent().encode(ask(), context);
    BOOST_REQUIRE(encoded);
    BOOST_TEST(encoded->path == "/rerank");
    BOOST_TEST(
        (oracle(encoded->body) == oracle(R"({"queries":[{"type":"TEXT","textQuery":{"text":"q"}}],"sources":[
        {"type":"INLINE","inlineDocumentSource":{"type":"TEXT","textDocument":{"text":"a"}}},
        {"type":"INLINE","inlineDocumentSource":{"type":"TEXT","textDocument":{"text":"b"}}},
        {"type":"INLINE","inlineDocumentSource":{"type":"JSON","jsonDocument":{"x":1}}}],
        "rerankingConfiguration":{"type":"BEDROCK_RERANKING_MODEL","bedrockRerankingConfiguration":{
            "numberOfResults":2,"modelConfiguration":{
            "modelArn":"arn:aws:bedrock:us-west-2::foundation-model/cohere.rerank-v3-5:0"}}}})")),
        encoded->body);
    const auto named = agent().encode(ask(), provider_context("arn:aws:bedrock:x::foundation-model/y"));
    BOOST_TEST(named->body.find("\"modelArn\":\"arn:aws:bedrock:x::foundation-model/y\"") !=
               std::string::npos);
    BOOST_TEST(!agent().encode(ask(), provider_context("y")));
}

BOOST_AUTO_TEST_CASE(the_request_of_invoke_model)
{
    const auto encoded = invoke().encode(ask(), provider_context("cohere.rerank-v3-5:0"));
    BOOST_REQUIRE(encoded);
    BOOST_TEST(encoded->path == "/model/cohere.rerank-v3-5%3A0/invoke");
    BOOST_TEST((oracle(encoded->body) ==
                oracle(R"({"query":"q","documents":["a","b","x: 1\n"],"top_n":2,"api_version":2})")));
    BOOST_TEST(invoke().encode(ask(), provider_context("amazon.rerank-v1:0"))->body.find("api_version") ==
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_asked_is_refused)
{
    rerank_request asked = ask();
    asked.max_chunks_per_doc = 1;
    BOOST_TEST(invoke().encode(asked, provider_context("m")).error()->param == "max_chunks_per_doc");
    provider_context dropping("m");
    dropping.rules().drop_params = true;
    BOOST_TEST(invoke().encode(asked, dropping).has_value());
    asked.documents.clear();
    BOOST_TEST(invoke().encode(asked, dropping).error()->param == "documents");
}

BOOST_AUTO_TEST_CASE(answers)
{
    rerank_request asked = ask();
    asked.return_documents = true;
    const auto answer = invoke().decode(
        {.body = R"({"results":[{"index":1,"relevance_score":0.1},{"index":0,"relevance_score":0.9}]})"},
        asked, provider_context("m"));
    BOOST_REQUIRE(answer);
    BOOST_REQUIRE_EQUAL(answer->results.size(), 2U);
    BOOST_TEST(answer->results[0].index == 0);
    BOOST_TEST(answer->results[0].document.text == R"({"text":"a"})");
    BOOST_TEST(answer->results[1].document.text == R"({"text":"b"})");
    BOOST_TEST(*answer->search_units == 1);
    for (std::string_view const body :
         {"", "{}", R"({"results":[{"index":3,"relevanceScore":1}]})",
          R"({"results":[{"index":-1,"relevanceScore":1}]})", R"({"results":[{"index":0}]})"}) {
        BOOST_TEST((agent().decode({.body = body}, asked, provider_context("m")).error()->kind ==
                    error_kind::bad_gateway));
    }
}

BOOST_AUTO_TEST_CASE(recorded)
{
    for (auto const& path : fixtures("bedrock/rerank", ".response.json")) {
        const std::string body = read_file(path);
        const bj::value told = oracle(body);
        bj::array const& expected = told.at("results").as_array();
        rerank_request asked = ask();
        asked.documents.assign(10, raw_json{R"("d")"});
        const auto answer = agent().decode({.body = body}, asked, provider_context("m"));
        BOOST_REQUIRE(answer);
        BOOST_REQUIRE_EQUAL(answer->results.size(), expected.size());
        for (std::size_t i = 0; i != expected.size(); ++i) {
            BOOST_TEST(answer->results[i].index == number_at(expected[i], "index"));
            BOOST_TEST(answer->results[i].relevance_score == expected[i].at("relevanceScore").as_double());
        }
    }
}

BOOST_AUTO_TEST_CASE(the_agent_runtime_has_no_chat)
{
    const chat_request chat{.model = "m", .messages = {user("a")}};
    BOOST_TEST(providers::bedrock::agent_client().encode_chat(chat, provider_context("m")).error()->code ==
               "unsupported_operation");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::bedrock
