#include "providers/bedrock_converse/dialect.hpp"
#include "test/providers/bedrock_converse/support.hpp"

namespace cogate::test::bedrock {

namespace {

providers::embedding_codec const& codec()
{
    return *providers::bedrock_converse::client().embeddings();
}

embedding_request texts(std::vector<std::string> list)
{
    return {.model = "m", .input = std::move(list)};
}

void check_body(embedding_request const& asked, std::string const& model, std::string_view expected)
{
    const auto encoded = codec().encode(asked, provider_context(model));
    BOOST_REQUIRE_MESSAGE(encoded.has_value(), (encoded ? "" : encoded.error()->message));
    BOOST_TEST((oracle(encoded->body) == oracle(expected)), encoded->body);
}

constexpr char titan[] = "amazon.titan-embed-text-v2:0";
constexpr char cohere[] = "cohere.embed-english-v3";
constexpr char cohere_v4[] = "us.cohere.embed-v4:0";
constexpr char nova[] = "amazon.nova-2-multimodal-embeddings-v1:0";

} // namespace

BOOST_AUTO_TEST_SUITE(providers_bedrock_embeddings)

BOOST_AUTO_TEST_CASE(requests_of_the_families)
{
    embedding_request one = texts({"a"});
    BOOST_TEST(codec().encode(one, provider_context(titan))->path ==
               "/model/amazon.titan-embed-text-v2%3A0/invoke");
    check_body(one, titan, R"({"inputText":"a"})");
    check_body(texts({"a", "b"}), cohere, R"({"texts":["a","b"],"input_type":"search_document"})");
    one.extra.set("input_type", {R"("search_query")"});
    one.dimensions = 256;
    check_body(
        one, cohere_v4,
        R"({"texts":["a"],"input_type":"search_query","embedding_types":["float"],"output_dimension":256})");
    one.extra = {};
    one.extra.set("normalize", {"false"});
    check_body(one, titan, R"({"inputText":"a","dimensions":256,"normalize":false})");
    one.extra = {};
    check_body(one, "amazon.titan-embed-image-v1",
               R"({"inputText":"a","embeddingConfig":{"outputEmbeddingLength":256}})");
    check_body(one, nova, R"({"taskType":"SINGLE_EMBEDDING","singleEmbeddingParams":{"embeddingPurpose":
        "GENERIC_INDEX","embeddingDimension":256,"text":{"truncationMode":"NONE","value":"a"}}})");
}

BOOST_AUTO_TEST_CASE(how_many_texts_at_once)
{
    BOOST_TEST(codec().max_inputs(provider_context(titan)) == 1U);
    BOOST_TEST(codec().max_inputs(provider_context(nova)) == 1U);
    BOOST_TEST(codec().max_inputs(provider_context(cohere)) == 96U);
    BOOST_TEST(!codec().encode(texts({"a", "b"}), provider_context(titan)));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_asked_is_refused)
{
    embedding_request tokens{.model = "m", .input = std::vector<std::vector<std::int64_t>>{{1, 2}}};
    BOOST_TEST(codec().encode(tokens, provider_context(titan)).error()->param == "input");
    BOOST_TEST(codec().encode(texts({}), provider_context(titan)).error()->param == "input");
    BOOST_TEST(codec().encode(texts({"a"}), provider_context("amazon.nova-lite")).error()->param == "model");
    embedding_request sized = texts({"a"});
    sized.dimensions = 10;
    BOOST_TEST(codec().encode(sized, provider_context(cohere)).error()->code == "unsupported_parameter");
    provider_context dropping(cohere);
    dropping.rules().drop_params = true;
    BOOST_TEST(codec().encode(sized, dropping)->body.find("dimension") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(answers_of_the_families)
{
    const auto decode = [](std::string_view body, std::string const& model, std::vector<std::string> list,
                           std::vector<wire::header> const& headers = {}) {
        return codec().decode({.body = body, .headers = headers}, texts(std::move(list)),
                              provider_context(model));
    };
    const auto one = decode(R"({"embedding":[0.5,-1],"inputTextTokenCount":7})", titan, {"a"});
    BOOST_REQUIRE(one);
    BOOST_TEST(one->data.at(0).values == (std::vector<float>{0.5F, -1.0F}), boost::test_tools::per_element());
    BOOST_TEST(one->usage.prompt_tokens == 7);
    BOOST_TEST(one->model == titan);
    const std::vector<wire::header> told = {{"X-Amzn-Bedrock-Input-Token-Count", "9"}};
    const auto two = decode(R"({"embeddings":[[1],[2]],"texts":["a","b"]})", cohere, {"a", "b"}, told);
    BOOST_REQUIRE(two);
    BOOST_TEST(two->data.at(1).values.at(0) == 2.0F);
    BOOST_TEST(two->data.at(1).index == 1);
    BOOST_TEST(two->usage.total_tokens == 9);
    BOOST_TEST(decode(R"({"embeddings":{"float":[[3]]}})", cohere_v4, {"a"})->data.at(0).values.at(0) ==
               3.0F);
    BOOST_TEST(!decode(R"({"embeddings":{"float":[[3]]}})", cohere_v4, {"a"})->usage.reported);
    const auto four = decode(
        R"({"embeddings":[{"embeddingType":"TEXT","embedding":[4]}],"inputTokenCount":2})", nova, {"a"});
    BOOST_TEST(four->data.at(0).values.at(0) == 4.0F);
    BOOST_TEST(four->usage.prompt_tokens == 2);
    for (std::string_view const body : {"", "{}", R"({"embedding":["x"]})", R"({"embedding":1})"}) {
        BOOST_TEST((decode(body, titan, {"a"}).error()->kind == error_kind::bad_gateway));
    }
    BOOST_TEST(!decode(R"({"embeddings":[[1]]})", cohere, {"a", "b"}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::bedrock
