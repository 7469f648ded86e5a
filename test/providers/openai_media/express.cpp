#include "test/providers/openai_media/support.hpp"

namespace cogate::test::media {

namespace {

using providers::express_lane;

std::string spliced(express_lane const& lane, std::string_view body, std::string_view model)
{
    auto const request = lane.read(body, {});
    BOOST_REQUIRE(request.has_value());
    providers::spliced_body out;
    (*request)->splice(model, out);
    std::string text;
    for (std::size_t i = 0; i != out.count; ++i) {
        text += out.pieces[i];
    }
    return text;
}

std::string why_not(express_lane const& lane, std::string_view body)
{
    auto const request = lane.read(body, {});
    BOOST_REQUIRE(!request.has_value());
    return code_of(request.error());
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_media_express)

BOOST_AUTO_TEST_CASE(only_the_model_changes)
{
    std::string_view const body = R"({ "prompt" : "a\u0020cat", "model":"p/m" , "x":[1, 2] })";
    BOOST_TEST(spliced(media::image_lane(), body, "m") ==
               R"({ "prompt" : "a\u0020cat", "model":"m" , "x":[1, 2] })");
    BOOST_TEST(spliced(media::image_lane(), body, "p/m") == body);
    BOOST_TEST(spliced(media::image_lane(), R"({"n":1, "prompt":"x"})", "m\"") ==
               R"({"n":1, "model":"m\"","prompt":"x"})");
    BOOST_TEST(spliced(media::moderation_lane(), R"({"model":null,"input":["x"]})", "m") ==
               R"({"model":"m","input":["x"]})");
    BOOST_TEST(spliced(media::speech_lane(), R"({"model":"a","input":"x"})", "b") ==
               R"({"model":"b","input":"x"})");
}

BOOST_AUTO_TEST_CASE(facts_and_refusals)
{
    BOOST_TEST((*media::image_lane().read(R"({"prompt":"x"})", {}))->facts().model == "dall-e-2");
    BOOST_TEST((*media::image_lane().read(R"({"prompt":"x","stream":true})", {}))->facts().stream);
    BOOST_TEST((*media::speech_lane().read(R"({"model":"m","input":"x","stream_format":"sse"})", {}))
                   ->facts()
                   .stream);
    BOOST_TEST(!(*media::speech_lane().read(R"({"model":"m","input":"x","stream_format":"audio"})", {}))
                    ->facts()
                    .stream);
    BOOST_TEST((*media::rerank_lane().read(R"({"model":"m","query":"x"})", {}))->facts().model == "m");
    BOOST_TEST(why_not(media::speech_lane(), R"({"input":"x"})") == "missing_required_parameter@model");
    BOOST_TEST(why_not(media::image_lane(), R"({"model":"m"})") == "missing_required_parameter@prompt");
    BOOST_TEST(why_not(media::image_lane(), R"({"prompt":["m"]})") == "invalid_type@prompt");
    BOOST_TEST(why_not(media::image_lane(), R"({"prompt":"m","stream":1})") == "invalid_type@stream");
    BOOST_TEST(why_not(media::image_lane(), R"({"prompt":"m","model":1})") == "invalid_type@model");
    BOOST_TEST(why_not(media::image_lane(), R"({"prompt":"m","model":"a","model":"b"})") ==
               "duplicate_field@model");
    BOOST_TEST(why_not(media::image_lane(), "{") == "invalid_json@");
}

BOOST_AUTO_TEST_CASE(whole_answers)
{
    auto const facts = media::image_lane().inspect(
        R"({"created":1,"data":[{"url":"x"}],"usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3}})");
    BOOST_TEST(facts->usage.completion_tokens == 2);
    BOOST_TEST(!facts->error.has_value());
    BOOST_TEST(media::image_lane().inspect(R"({"error":{"message":"m"}})")->error.has_value());
    BOOST_TEST(!media::image_lane().inspect("{}").has_value());
    BOOST_TEST(!media::image_lane().inspect("<html>").has_value());
    BOOST_TEST(media::speech_lane().inspect("\xff\xfb audio")->content_seen);
}

BOOST_AUTO_TEST_CASE(streams)
{
    auto relay = media::make_relay();
    relay->on_event(R"({"type":"image_generation.partial_image","b64_json":"QUJD"})");
    BOOST_TEST(relay->facts().content_seen);
    BOOST_TEST((relay->finish().error()->kind == error_kind::truncated));
    relay->on_event(
        R"({"type":"image_generation.completed","usage":{"total_tokens":3,"input_tokens":1,"output_tokens":2}})");
    BOOST_TEST(relay->finish().has_value());
    BOOST_TEST(relay->facts().usage.total_tokens == 3);

    relay = media::make_relay();
    relay->on_event(R"({"type":"error","error":{"message":"broken"}})");
    BOOST_TEST(relay->finish().error()->message == "broken");
    relay = media::make_relay();
    relay->on_event("nothing");
    BOOST_TEST(!relay->finish().has_value());
}

BOOST_AUTO_TEST_CASE(upload_paths)
{
    using providers::operation;
    BOOST_TEST(media::upload_path(operation::transcription, on("openai")) == "/audio/transcriptions");
    BOOST_TEST(media::upload_path(operation::translation, on("mistral")).empty());
    BOOST_TEST(media::upload_path(operation::image_edit, on("azure")) == "/images/edits");
    BOOST_TEST(media::upload_path(operation::image_edit, on("xai")).empty());
    BOOST_TEST(media::upload_path(operation::chat, on("openai")).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::media
