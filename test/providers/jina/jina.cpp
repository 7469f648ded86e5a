#include "providers/jina/dialect.hpp"

#include <cogate/rerank.hpp>

#include "test/providers/natives.hpp"

namespace cogate::test::natives {

namespace {

namespace bj = boost::json;

auto const& client = providers::jina::client;

} // namespace

BOOST_AUTO_TEST_SUITE(providers_jina)

BOOST_AUTO_TEST_CASE(no_chat)
{
    auto const refused = client().encode_chat(ask("hi"), provider_context("m"));
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error()->code == "unsupported_operation");
}

BOOST_AUTO_TEST_CASE(embeddings)
{
    embedding_request r;
    r.input = std::vector<std::string>{"a"};
    r.dimensions = 64;
    r.encoding_format = "base64";
    r.user = "u";
    r.extra.set("task", raw_json{"\"retrieval.query\""});
    provider_context const context("jina-v3");
    auto const encoded = client().embeddings()->encode(r, context);
    BOOST_TEST(encoded->path == "/embeddings");
    BOOST_TEST(body_of(encoded) == oracle(R"({"model":"jina-v3","input":["a"],"dimensions":64,
        "embedding_type":"base64","task":"retrieval.query"})"));
    auto const answer = client().embeddings()->decode(
        {.body = R"({"model":"jina-v3","object":"list","usage":{"total_tokens":4,"prompt_tokens":4},
                     "data":[{"object":"embedding","index":0,"embedding":[1,0.5]}]})"},
        r, context);
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST((answer->data[0].values == std::vector<float>{1.0F, 0.5F}));
    BOOST_TEST(answer->usage.prompt_tokens == 4);
}

BOOST_AUTO_TEST_CASE(rerank)
{
    rerank_request r{.model = "m", .query = "q", .documents = {raw_json{"\"a\""}, raw_json{"\"b\""}}};
    r.top_n = 2;
    r.return_documents = false;
    provider_context const context("jina-r");
    BOOST_TEST(
        body_of(client().rerank()->encode(r, context)) ==
        oracle(R"({"model":"jina-r","query":"q","documents":["a","b"],"top_n":2,"return_documents":false})"));
    auto const answer =
        client().rerank()->decode({.body = R"({"model":"jina-r","usage":{"total_tokens":9},"results":[
                     {"index":0,"document":{"text":"a"},"relevance_score":0.5},{"index":1,"relevance_score":0.75}]})"},
                                  r, context);
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->results[0].index == 1);
    BOOST_TEST(answer->results[1].document.text == R"({"text":"a"})");
    BOOST_TEST(answer->usage.total_tokens == 9);
    BOOST_TEST(answer->id.starts_with("rerank-"));
}

BOOST_AUTO_TEST_CASE(recorded_at_together_which_copied_it)
{
    for (auto const& path : fixtures("together/rerank", ".response.json")) {
        std::string const body = read_file(path);
        bj::value const theirs = oracle(body);
        auto const ours = client().rerank()->decode({.body = body}, {}, provider_context("m"));
        BOOST_REQUIRE(ours.has_value());
        BOOST_TEST(ours->id == text_at(theirs, "id"));
        BOOST_TEST(ours->results.size() == theirs.at("results").as_array().size());
        BOOST_TEST(ours->results[0].index == 0);
        BOOST_TEST(ours->results[1].index == 5);
        BOOST_TEST(ours->results[0].document.empty()); // "{}" is no document
        BOOST_TEST(ours->usage.prompt_tokens == 2966);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::natives
