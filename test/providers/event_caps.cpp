#include "providers/registry.hpp"
#include "test/common/provider_context.hpp"

#include <boost/test/unit_test.hpp>

namespace cogate::test {

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

std::size_t cap_of(std::string_view dialect, std::size_t configured, std::string_view modalities = "chat")
{
    const providers::provider row{.name = "test", .modalities = modalities};
    const providers::settings none;
    const parameter_rules rules;
    const providers::call_context context{.model = "m",
                                          .stream = true,
                                          .service = row,
                                          .settings = none,
                                          .rules = rules,
                                          .max_event_bytes = configured};
    return providers::find_client_dialect(dialect)->max_event_bytes(context);
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_event_caps)

BOOST_AUTO_TEST_CASE(events_that_carry_pictures_may_be_larger)
{
    for (std::string_view const dialect :
         {"gemini", "vertex_gemini", "openai_responses", "azure_responses"}) {
        BOOST_TEST(cap_of(dialect, mebibyte) == 32 * mebibyte, dialect);
        BOOST_TEST(cap_of(dialect, 1000) == 32000U, dialect);
        BOOST_TEST(cap_of(dialect, 8 * mebibyte) == 32 * mebibyte, dialect);
        BOOST_TEST(cap_of(dialect, 100 * mebibyte) == 100 * mebibyte, dialect);
    }
    BOOST_TEST(cap_of("openai_chat", mebibyte, "chat images") == 32 * mebibyte);
}

BOOST_AUTO_TEST_CASE(others_keep_the_configured_cap)
{
    for (std::string_view const dialect : {"openai_chat", "anthropic_messages", "bedrock_converse", "cohere",
                                           "ollama", "openai_completions"}) {
        BOOST_TEST(cap_of(dialect, mebibyte) == mebibyte, dialect);
    }
}

BOOST_AUTO_TEST_CASE(a_picture_of_two_mebibytes_passes)
{
    const std::string picture(2 * mebibyte, 'A');
    const provider_context context("m", true);
    std::vector<chat_chunk> chunks;
    auto const gemini = providers::find_client_dialect("gemini")->decode_chat_stream(context);
    const std::string event =
        R"(data: {"candidates":[{"index":0,"finishReason":"STOP","content":{"parts":[{"inlineData":{"mimeType":"image/png","data":")" +
        picture + "\"}}]}}]}\n\n";
    // As it comes from a socket, so that the decoder has to hold it.
    for (std::size_t from = 0; from < event.size(); from += 65536) {
        BOOST_REQUIRE(gemini->feed(std::string_view(event).substr(from, 65536), chunks).has_value());
    }
    BOOST_REQUIRE(gemini->finish(chunks).has_value());
    message const m = fold(chunks).choices.at(0).message;
    BOOST_TEST((std::get<image_part>(m.content.at(0)).source.data == picture));

    auto const responses = providers::find_client_dialect("openai_responses")->decode_chat_stream(context);
    const std::string partial =
        "event: response.image_generation_call.partial_image\ndata: "
        R"({"type":"response.image_generation_call.partial_image","output_index":0,"partial_image_b64":")" +
        picture + "\"}\n\n";
    BOOST_TEST(responses->feed(partial, chunks).has_value());
    auto const anthropic = providers::find_client_dialect("anthropic_messages")->decode_chat_stream(context);
    BOOST_TEST(anthropic->feed(partial, chunks).error()->code == "upstream_event_too_large");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
