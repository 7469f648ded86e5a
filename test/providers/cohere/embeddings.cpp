#include <cogate/rerank.hpp>

#include "providers/cohere/dialect.hpp"
#include "test/providers/natives.hpp"

namespace cogate::test::natives {

namespace {

auto const& client = providers::cohere::client;

embedding_request two_texts()
{
    embedding_request r;
    r.input = std::vector<std::string>{"a", "b"};
    return r;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_cohere_embeddings)

BOOST_AUTO_TEST_CASE(requests)
{
    provider_context const context("embed");
    embedding_request r = two_texts();
    r.dimensions = 64;
    r.user = "u";
    auto const encoded = client().embeddings()->encode(r, context);
    BOOST_TEST(encoded->path == "/v2/embed");
    BOOST_TEST(body_of(encoded) ==
               oracle(R"({"model":"embed","texts":["a","b"],"input_type":"search_document",
        "embedding_types":["float"],"output_dimension":64})"));
    r.extra.set("input_type", raw_json{"\"search_query\""});
    r.extra.set("embedding_types", raw_json{"[\"int8\"]"});
    auto const own = body_of(client().embeddings()->encode(r, context));
    BOOST_TEST(text_at(own, "input_type") == "search_query");
    BOOST_TEST(own.at("embedding_types") == oracle("[\"int8\"]"));
    r.input = std::vector<std::vector<std::int64_t>>{{1, 2}};
    auto const tokens = client().embeddings()->encode(r, context);
    BOOST_REQUIRE(!tokens.has_value());
    BOOST_TEST(tokens.error()->param == "input");
    BOOST_TEST(client().embeddings()->max_inputs(context) == 96U);
}

BOOST_AUTO_TEST_CASE(answers)
{
    provider_context const context("embed");
    auto const decode = [&](std::string_view body) {
        return client().embeddings()->decode({.body = body}, two_texts(), context);
    };
    auto const floats = decode(R"({"id":"x","texts":["a","b"],"embeddings":{"float":[[0.5,-1],[2,3]]},
        "meta":{"billed_units":{"input_tokens":7}},"response_type":"embeddings_by_type"})");
    BOOST_REQUIRE(floats.has_value());
    BOOST_TEST((floats->data[0].values == std::vector<float>{0.5F, -1.0F}));
    BOOST_TEST(floats->data[1].index == 1);
    BOOST_TEST(floats->usage.prompt_tokens == 7);
    BOOST_TEST(floats->usage.total_tokens == 7);
    auto const ints = decode(R"({"embeddings":{"int8":[[1,-128],[0,127]]}})");
    BOOST_REQUIRE(ints.has_value());
    BOOST_TEST((ints->data[0].values == std::vector<float>{1.0F, -128.0F}));
    BOOST_TEST(!decode(R"({"embeddings":{"float":[[1]]}})").has_value()); // one vector for two texts
    BOOST_TEST(!decode(R"({"embeddings":{"float":[[1],["x"]]}})").has_value());
    BOOST_TEST(!decode(R"({"embeddings":{}})").has_value());
    BOOST_TEST(!decode("[]").has_value());
}

BOOST_AUTO_TEST_CASE(rerank)
{
    provider_context context("rank");
    rerank_request r{
        .model = "m",
        .query = "q",
        .documents = {raw_json{"\"a\""}, raw_json{R"({"text":"b"})"}, raw_json{R"({"title":"t","year":3})"}}};
    r.top_n = 2;
    r.max_tokens_per_doc = 99;
    r.return_documents = true;
    auto const encoded = client().rerank()->encode(r, context);
    BOOST_TEST(encoded->path == "/v2/rerank");
    BOOST_TEST(body_of(encoded) ==
               oracle(R"({"model":"rank","query":"q","documents":["a","b","title: t\nyear: 3\n"],
        "top_n":2,"max_tokens_per_doc":99})"));
    auto const answer = client().rerank()->decode(
        {.body =
             R"({"id":"x","results":[{"index":1,"relevance_score":0.25},{"index":0,"relevance_score":0.75}],
                     "meta":{"billed_units":{"search_units":1}}})"},
        r, context);
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->results[0].index == 0);
    BOOST_TEST(answer->results[0].relevance_score == 0.75);
    BOOST_TEST(oracle(answer->results[0].document.text) == oracle(R"({"text":"a"})"));
    BOOST_TEST(answer->search_units.value_or(0) == 1);
    BOOST_TEST(!client()
                    .rerank()
                    ->decode({.body = R"({"results":[{"index":3,"relevance_score":1}]})"}, r, context)
                    .has_value());
    r.max_chunks_per_doc = 3;
    BOOST_TEST(client().rerank()->encode(r, context).error()->param == "max_chunks_per_doc");
    context.rules().drop_params = true;
    BOOST_TEST(client().rerank()->encode(r, context).has_value());
    r.rank_fields = {"year"};
    r.documents.erase(r.documents.begin(), r.documents.begin() + 2);
    BOOST_TEST(body_of(client().rerank()->encode(r, context)).at("documents") == oracle(R"(["year: 3\n"])"));
    r.documents.push_back(raw_json{"3"});
    BOOST_TEST(client().rerank()->encode(r, context).error()->param == "documents[1]");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::natives
