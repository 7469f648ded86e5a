#include "providers/openai_chat/foreign_fields.hpp"

#include "providers/registry.hpp"
#include "test/providers/openai_chat/support.hpp"

namespace cogate::test {

namespace {

/// The chat request for what a client of another dialect sent.
std::string chat_body(std::string_view client, std::string_view body)
{
    auto const parsed = providers::find_server_dialect(client)->parse_chat(body, {});
    BOOST_REQUIRE_MESSAGE(parsed.has_value(), (parsed ? "" : parsed.error()->message));
    provider_context context;
    context.rules().drop_params = true;
    auto const made = providers::find_client_dialect("openai_chat")->encode_chat(parsed->request, context);
    BOOST_REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error()->message));
    return made->body;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_chat_foreign_fields)

BOOST_AUTO_TEST_CASE(nested_fields_of_the_responses_api_stay_behind)
{
    const std::string body = chat_body("openai_responses", R"({"model":"m","input":[
        {"role":"user","content":[{"type":"input_text","text":"q","own":1}],"other":2},
        {"role":"assistant","phase":"commentary","content":[{"type":"output_text","text":"a","annotations":[]}]},
        {"type":"function_call","call_id":"c","name":"f","arguments":"{}","namespace":"n","third":3},
        {"type":"function_call_output","call_id":"c","output":"1"}],
        "tools":[{"type":"function","name":"f","parameters":{"type":"object"},"defer_loading":true}]})");
    for (std::string_view const foreign : {"own", "other", "phase", "namespace", "third", "defer_loading"}) {
        BOOST_TEST(body.find("\"" + std::string(foreign) + "\"") == std::string::npos, foreign);
    }
    BOOST_TEST(body.find(R"("name":"f")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(nested_fields_of_anthropics_stay_behind)
{
    const std::string body = chat_body("anthropic_messages", R"({"model":"m","max_tokens":5,"messages":[
        {"role":"user","content":[{"type":"text","text":"q","own":1}]},
        {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{},"caller":{"type":"direct"}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"1","other":2}]}]})");
    for (std::string_view const foreign : {"own", "caller", "other"}) {
        BOOST_TEST(body.find("\"" + std::string(foreign) + "\"") == std::string::npos, foreign);
    }
}

BOOST_AUTO_TEST_CASE(those_of_chat_go_on)
{
    const std::string_view request =
        R"({"model":"up","messages":[{"role":"user","content":[{"type":"text","text":"q","own":1}],"x":2},
        {"role":"assistant","content":"a","reasoning_details":[1],"phase":"p"}]})";
    const std::string body = chat_body("openai_chat", request);
    for (std::string_view const ours :
         {R"("own":1)", R"("x":2)", R"("reasoning_details":[1])", R"("phase":"p")"}) {
        BOOST_TEST(body.find(ours) != std::string::npos, ours);
    }
}

BOOST_AUTO_TEST_CASE(what_other_decoders_leave_in_an_answer_is_not_repeated_to_chat)
{
    chat_request r{.model = "m", .messages = {user("q"), assistant("a"), user("more")}};
    r.messages[1].extra.set("phase", {R"("final_answer")"});
    r.messages[1].extra.set("reasoning_details", {"[1]"});
    BOOST_TEST(providers::openai_chat::has_foreign_fields(r));
    providers::openai_chat::remove_foreign_fields(r);
    BOOST_TEST(r.messages[1].extra.find("phase") == nullptr);
    BOOST_TEST(r.messages[1].extra.find("reasoning_details") != nullptr);
    BOOST_TEST(!providers::openai_chat::has_foreign_fields(r));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
