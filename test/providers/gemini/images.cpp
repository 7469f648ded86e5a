#include "test/providers/gemini/support.hpp"

#include <cogate/image.hpp>

namespace cogate::test::google {

namespace {

providers::image_codec const& codec()
{
    return *providers::gemini::client().images();
}

image_request draw()
{
    image_request r;
    r.prompt = "a fox";
    return r;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_gemini_images)

BOOST_AUTO_TEST_CASE(imagen)
{
    provider_context const context("imagen-4.0-generate-001");
    image_request r = draw();
    r.n = 2;
    r.size = "1024x1536";
    r.output_format = "jpeg";
    r.response_format = "b64_json";
    auto const encoded = codec().encode(r, context);
    BOOST_REQUIRE(encoded.has_value());
    BOOST_TEST(encoded->path == "/models/imagen-4.0-generate-001:predict");
    BOOST_TEST(
        (oracle(encoded->body) == oracle(R"({"instances":[{"prompt":"a fox"}],"parameters":{"sampleCount":2,
        "aspectRatio":"3:4","outputOptions":{"mimeType":"image/jpeg"}}})")));
    auto const decoded = codec().decode({.body = R"({"predictions":[{"raiFilteredReason":"no"},
        {"bytesBase64Encoded":"AA==","mimeType":"image/png","prompt":"better"}]})"},
                                        r, context);
    BOOST_REQUIRE(decoded.has_value());
    BOOST_REQUIRE_EQUAL(decoded->data.size(), 1U);
    BOOST_TEST(decoded->data[0].data == "AA==");
    BOOST_TEST(decoded->data[0].revised_prompt == "better");
    auto const filtered =
        codec().decode({.body = R"({"predictions":[{"raiFilteredReason":"no"}]})"}, r, context);
    BOOST_REQUIRE(!filtered.has_value());
    BOOST_TEST((filtered.error()->kind == error_kind::content_policy_violation));
    BOOST_TEST(
        (codec().decode({.body = "{}"}, r, context).error()->kind == error_kind::content_policy_violation));
    BOOST_TEST((codec().decode({.body = R"({"x":1})"}, r, context).error()->kind == error_kind::bad_gateway));
}

BOOST_AUTO_TEST_CASE(models_that_draw_in_conversation)
{
    provider_context const context("gemini-2.5-flash-image");
    image_request r = draw();
    r.size = "1024x1536";
    r.images = {{.name = "a.png", .media_type = "image/png", .bytes = "abc"}};
    auto const encoded = codec().encode(r, context);
    BOOST_REQUIRE(encoded.has_value());
    BOOST_TEST(encoded->path == "/models/gemini-2.5-flash-image:generateContent");
    BOOST_TEST((oracle(encoded->body) == oracle(R"({"contents":[{"role":"user","parts":[
        {"inlineData":{"mimeType":"image/png","data":"YWJj"}},{"text":"a fox"}]}],
        "generationConfig":{"responseModalities":["TEXT","IMAGE"],"imageConfig":{"aspectRatio":"2:3"}}})")));
    auto const decoded = codec().decode({.body = R"({"candidates":[{"content":{"parts":[{"text":"here"},
        {"inlineData":{"mimeType":"image/png","data":"QUJD"}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":4,
        "candidatesTokenCount":9}})"},
                                        r, context);
    BOOST_REQUIRE(decoded.has_value());
    BOOST_TEST(decoded->data.at(0).data == "QUJD");
    BOOST_TEST(decoded->usage.completion_tokens == 9);
    auto const none =
        codec().decode({.body = R"({"candidates":[{"finishReason":"IMAGE_SAFETY"}]})"}, r, context);
    BOOST_REQUIRE(!none.has_value());
    BOOST_TEST((none.error()->kind == error_kind::content_policy_violation));
}

BOOST_AUTO_TEST_CASE(what_has_no_counterpart)
{
    provider_context context("imagen-4.0");
    image_request r = draw();
    r.quality = "high";
    BOOST_TEST(codec().encode(r, context).error()->param == "quality");
    context.rules().drop_params = true;
    BOOST_TEST(codec().encode(r, context).has_value());
    r = draw();
    r.n = 3;
    BOOST_TEST(codec().encode(r, provider_context("gemini-2.5-flash-image")).error()->param == "n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google
