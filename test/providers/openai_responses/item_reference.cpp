#include "providers/registry.hpp"
#include "test/providers/openai_responses/support.hpp"

namespace cogate::test::responses {

BOOST_AUTO_TEST_SUITE(providers_openai_responses_item_reference)

BOOST_AUTO_TEST_CASE(others_have_no_store_to_look_into)
{
    auto const parsed = parse(R"({"model":"m","input":[{"role":"user","content":"q"},
        {"type":"item_reference","id":"msg_1"},{"role":"user","content":"more"}]})");
    BOOST_REQUIRE(parsed.has_value());
    for (std::string_view const upstream : {"openai_chat", "anthropic_messages", "gemini", "bedrock_converse",
                                            "cohere", "ollama", "openai_completions"}) {
        provider_context context("claude-opus-4-1");
        context.rules().drop_params = true; // content is never dropped
        auto const made = providers::find_client_dialect(upstream)->encode_chat(parsed->request, context);
        BOOST_TEST_CONTEXT(upstream)
        {
            BOOST_REQUIRE(!made.has_value());
            BOOST_TEST((made.error()->kind == error_kind::invalid_request));
            BOOST_TEST(made.error()->code == "item_reference_not_supported");
            BOOST_TEST(made.error()->param == "input");
            for (std::string_view const word : {"item_reference", "'store': false", "full items"}) {
                BOOST_TEST(made.error()->message.find(word) != std::string::npos, word);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_responses_service_gets_it)
{
    auto const parsed = parse(R"({"model":"m","input":[{"type":"item_reference","id":"msg_1"}]})");
    BOOST_TEST(encode(parsed->request)->body.find(R"({"type":"item_reference","id":"msg_1"})") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::responses
