#include "test/providers/gemini/support.hpp"

namespace cogate::test::google {

BOOST_AUTO_TEST_SUITE(providers_gemini_embeddings)

BOOST_AUTO_TEST_CASE(a_batch)
{
    embedding_request r;
    r.input = std::vector<std::string>{"a", "b"};
    r.dimensions = 8;
    r.extra.set("input_type", {R"("search_query")"});
    provider_context const context("gemini-embedding-001");
    providers::embedding_codec const& codec = *providers::gemini::client().embeddings();
    auto const encoded = codec.encode(r, context);
    BOOST_REQUIRE(encoded.has_value());
    BOOST_TEST(encoded->path == "/models/gemini-embedding-001:batchEmbedContents");
    BOOST_TEST((oracle(encoded->body) == oracle(R"({"requests":[
        {"model":"models/gemini-embedding-001","content":{"parts":[{"text":"a"}]},"outputDimensionality":8,"taskType":"RETRIEVAL_QUERY"},
        {"model":"models/gemini-embedding-001","content":{"parts":[{"text":"b"}]},"outputDimensionality":8,"taskType":"RETRIEVAL_QUERY"}]})")));
    BOOST_TEST(codec.max_inputs(context) == 100U);
    auto const decoded =
        codec.decode({.body = R"({"embeddings":[{"values":[0.5,-1]},{"values":[2]}]})"}, r, context);
    BOOST_REQUIRE(decoded.has_value());
    BOOST_TEST(decoded->data.at(1).index == 1);
    BOOST_TEST((decoded->data[0].values == std::vector<float>{0.5F, -1.0F}));
    BOOST_TEST(!decoded->usage.reported);
    BOOST_TEST(!codec.decode({.body = "{}"}, r, context).has_value());
    BOOST_TEST(!codec.decode({.body = R"({"embeddings":[{"values":["x"]}]})"}, r, context).has_value());
    r.input = std::vector<std::vector<std::int64_t>>{{1, 2}};
    BOOST_TEST(codec.encode(r, context).error()->param == "input");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google
