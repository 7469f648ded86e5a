#include "test/providers/openai_chat/support.hpp"

#include <limits>

namespace cogate::test {

namespace {

auto parse(std::string_view body)
{
    return test::parse_embedding(body);
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_chat_embeddings)

BOOST_AUTO_TEST_CASE(every_form_of_input_goes_round)
{
    for (char const* input : {R"("a")", R"(["a"])", R"(["a","b"])", "[1,2,3]", "[[1,2],[3]]", R"([""])"}) {
        const std::string body = R"({"model":"up","input":)" + std::string(input) +
                                 R"(,"dimensions":8,"encoding_format":"base64","user":"u","x":1.0})";
        auto const parsed = parse(body);
        BOOST_REQUIRE_MESSAGE(parsed.has_value(), body);
        auto const encoded = test::encode_embedding(*parsed, "up");
        BOOST_REQUIRE(encoded.has_value());
        BOOST_TEST(encoded->body == body);
        BOOST_TEST(encoded->path == "/embeddings");
    }
}

BOOST_AUTO_TEST_CASE(wrong_requests_name_the_field)
{
    struct row {
        char const* members;
        char const* param;
    };
    for (row const& r : {row{R"("input":"x")", "model"},
                         {R"("model":"m")", "input"},
                         {R"("model":"m","input":{})", "input"},
                         {R"("model":"m","input":[])", "input"},
                         {R"("model":"m","input":["a",1])", "input[1]"},
                         {R"("model":"m","input":[1,"a"])", "input[1]"},
                         {R"("model":"m","input":[1.5])", "input[0]"},
                         {R"("model":"m","input":[[1],[true]])", "input[1][0]"},
                         {R"("model":"m","input":[null])", "input[0]"},
                         {R"("model":"m","input":"x","dimensions":"8")", "dimensions"},
                         {R"("model":"m","input":"x","encoding_format":"int8")", "encoding_format"}}) {
        BOOST_TEST_CONTEXT(r.members)
        {
            auto const parsed = parse("{" + std::string(r.members) + "}");
            BOOST_REQUIRE(!parsed.has_value());
            BOOST_TEST(parsed.error()->param == r.param);
            BOOST_TEST(parsed.error()->status == 400);
        }
    }
}

BOOST_AUTO_TEST_CASE(numbers_and_base64_are_the_same_vector)
{
    embedding_response answer{.model = "m", .data = {}};
    answer.data.push_back({.index = 0,
                           .values = {0.1F, -1.0F, 0.0F, std::numeric_limits<float>::min(),
                                      std::numeric_limits<float>::max(), 1.0F / 3.0F}});
    answer.data.push_back({.index = 1, .values = {}});
    answer.usage = {.prompt_tokens = 4, .total_tokens = 4, .reported = true};
    for (char const* format : {"", "float", "base64"}) {
        embedding_request ask;
        ask.encoding_format = format;
        std::string out;
        test::write_embedding(answer, ask, out);
        auto const again = test::decode_embedding(out);
        BOOST_REQUIRE(again.has_value());
        BOOST_TEST((*again == answer));
    }
    // 1.0 and -2.0 as little-endian float32, by hand.
    auto const known = test::decode_embedding(R"({"data":[{"index":0,"embedding":"AACAPwAAAMA="}]})");
    BOOST_REQUIRE(known.has_value());
    BOOST_TEST((known->data[0].values == std::vector<float>{1.0F, -2.0F}));
}

BOOST_AUTO_TEST_CASE(answers_come_in_the_order_of_the_input)
{
    auto const r = test::decode_embedding(
        R"({"data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}],"usage":{"prompt_tokens":2,"total_tokens":2}})");
    BOOST_REQUIRE(r.has_value());
    BOOST_TEST(r->data[0].values[0] == 1.0F);
    BOOST_TEST(r->usage.prompt_tokens == 2);
}

BOOST_AUTO_TEST_CASE(vectors_are_those_of_the_inputs)
{
    const embedding_request two{.model = "m", .input = std::vector<std::string>{"a", "b"}};
    auto const decoded = [&](char const* data) {
        return test::decode_embedding(R"({"data":)" + std::string(data) + "}", two).has_value();
    };
    BOOST_TEST(decoded(R"([{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}])"));
    BOOST_TEST(decoded(R"([{"embedding":[1]},{"embedding":[2]}])"));
    BOOST_TEST(!decoded(R"([{"index":0,"embedding":[1]}])"));
    BOOST_TEST(!decoded(R"([{"index":0,"embedding":[1]},{"index":0,"embedding":[2]}])"));
    BOOST_TEST(!decoded(R"([{"index":1,"embedding":[1]},{"index":2,"embedding":[2]}])"));
}

BOOST_AUTO_TEST_CASE(nonsense_is_a_bad_gateway)
{
    for (char const* body :
         {"", "{}", R"({"data":{}})", R"({"data":[{"embedding":"!"}]})", R"({"data":[{"embedding":"QQ=="}]})",
          R"({"data":[{"embedding":["a"]}]})", R"({"data":[{}]})"}) {
        auto const r = test::decode_embedding(body);
        BOOST_REQUIRE_MESSAGE(!r.has_value(), body);
        BOOST_TEST((r.error()->kind == error_kind::bad_gateway));
    }
}

BOOST_AUTO_TEST_CASE(the_express_lane_changes_the_model_only)
{
    auto const& lane = *providers::openai_chat::server().embeddings()->express();
    const std::string body = R"({ "input":"a \"model\":\"m\"", "model":"m" ,"encoding_format":"base64"})";
    auto const r = lane.read(body, {});
    BOOST_REQUIRE(r.has_value());
    providers::spliced_body out;
    (*r)->splice("up", out);
    BOOST_TEST(joined(out) == R"({ "input":"a \"model\":\"m\"", "model":"up" ,"encoding_format":"base64"})");
    (*r)->splice("m", out);
    BOOST_TEST(out.count == 1U);
    BOOST_TEST(!lane.read(R"({"model":"m"})", {}).has_value());
    BOOST_TEST(!lane.read(R"({"model":"m","input":7})", {}).has_value());
    auto const facts =
        lane.inspect(R"({"data":[{"embedding":"AA"}],"usage":{"prompt_tokens":4,"total_tokens":4}})");
    BOOST_REQUIRE(facts.has_value());
    BOOST_TEST(facts->usage.prompt_tokens == 4);
    BOOST_TEST(!lane.inspect("{}").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
