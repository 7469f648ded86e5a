#include "test/providers/gemini/support.hpp"

namespace cogate::test::google {

namespace {

std::string spliced(providers::express_request const& request, std::string_view model)
{
    providers::spliced_body body;
    request.splice(model, body);
    std::string out;
    for (std::size_t i = 0; i != body.count; ++i) {
        out += body.pieces[i];
    }
    return out;
}

providers::express_lane const& lane()
{
    return providers::gemini::server().chat_express();
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_gemini_express)

BOOST_AUTO_TEST_CASE(the_body_stays_as_it_is)
{
    const std::string body = R"( {"contents" : [ {"parts":[{"text":"\u0041"}]} ], "x":1.50 })";
    auto const read = lane().read(body, {.model = "g", .stream = true, .query = "alt=sse"});
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST((*read)->facts().model == "g");
    BOOST_TEST((*read)->facts().stream);
    BOOST_TEST(spliced(**read, "other") == body);
    const std::string named = R"({"model":"models/g","contents":[1]})";
    BOOST_TEST(spliced(**lane().read(named, {.model = "g"}), "other") ==
               R"({"model":"models/other","contents":[1]})");
    BOOST_TEST(spliced(**lane().read(named, {.model = "g"}), "g") == named);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_meant)
{
    for (char const* body : {"", "[]", "{}", R"({"contents":[]})", R"({"contents":1})",
                             R"({"contents":[1],"contents":[1]})", R"({"contents":[1],)"}) {
        BOOST_TEST(!lane().read(body, {.model = "g"}).has_value());
    }
    BOOST_TEST(!lane().read(R"({"contents":[1]})", {}).has_value());
}

BOOST_AUTO_TEST_CASE(an_array_is_not_relayed)
{
    provider_context const context("up", true);
    auto const fits = [&](std::string_view query) {
        auto const read = lane().read(R"({"contents":[1]})", {.model = "g", .stream = true, .query = query});
        return providers::gemini::client().express_fits(**read, context);
    };
    BOOST_TEST(fits("alt=sse"));
    BOOST_TEST(!fits(""));
    BOOST_TEST(providers::gemini::client().express_path(providers::operation::chat, context) ==
               "/models/up:streamGenerateContent?alt=sse");
    BOOST_TEST(providers::gemini::client().express_path(providers::operation::count_tokens, context) ==
               "/models/up:countTokens");
}

BOOST_AUTO_TEST_CASE(relayed_events)
{
    using verdict = providers::stream_relay::verdict;
    auto relay = lane().relay({});
    BOOST_TEST((relay->on_event("") == verdict::forward));
    BOOST_TEST((
        relay->on_event(
            R"({"candidates":[{"content":{"parts":[{"text":"a"}]}}],"usageMetadata":{"promptTokenCount":1}})") ==
        verdict::forward));
    BOOST_TEST(relay->facts().content_seen);
    BOOST_TEST(!relay->facts().ended);
    BOOST_TEST(!relay->finish().has_value());
    relay->on_event(
        R"({"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":5}})");
    BOOST_TEST(relay->facts().ended);
    BOOST_TEST(relay->facts().usage.completion_tokens == 5);
    BOOST_TEST(relay->finish().has_value());
    relay = lane().relay({});
    relay->on_event(R"({"error":{"code":500,"message":"x","status":"INTERNAL"}})");
    BOOST_TEST((relay->facts().error.value()->kind == error_kind::internal_server));
    relay = lane().relay({});
    relay->on_event("nonsense");
    BOOST_TEST(!relay->finish().has_value());
}

BOOST_AUTO_TEST_CASE(whole_answers)
{
    auto const facts = lane().inspect(
        R"({"candidates":[{"content":{"parts":[1]}}],"usageMetadata":{"promptTokenCount":3}})");
    BOOST_REQUIRE(facts.has_value());
    BOOST_TEST(facts->usage.prompt_tokens == 3);
    BOOST_TEST(facts->content_seen);
    BOOST_TEST(lane().inspect(R"({"error":{"message":"x"}})")->error.has_value());
    BOOST_TEST(!lane().inspect("{}").has_value());
    BOOST_TEST(!lane().inspect("x").has_value());
}

BOOST_AUTO_TEST_CASE(counting)
{
    providers::express_lane const& count = *providers::gemini::server().count_tokens_express();
    const std::string body = R"({"generateContentRequest":{"contents":[1],"model":"models/g"}})";
    auto const read = count.read(body, {.model = "g"});
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(spliced(**read, "other") ==
               R"({"generateContentRequest":{"contents":[1],"model":"models/other"}})");
    BOOST_TEST(spliced(**count.read(R"({"contents":[1]})", {.model = "g"}), "other") ==
               R"({"contents":[1]})");
    BOOST_TEST(!count.read("{}", {.model = "g"}).has_value());
    BOOST_TEST(!count.read(R"({"generateContentRequest":{"contents":[1],"contents":[1]}})", {.model = "g"})
                    .has_value());
    BOOST_TEST(count.inspect(R"({"totalTokens":8})")->content_seen);
    BOOST_TEST(count.inspect(R"({"error":{"code":404}})")->error.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google
