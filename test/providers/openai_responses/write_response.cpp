#include "test/providers/openai_responses/support.hpp"

namespace cogate::test::responses {

namespace bj = boost::json;

namespace {

chat_response answer()
{
    chat_response r;
    r.id = "chatcmpl-1";
    r.created = 5;
    r.model = "up";
    chat_choice choice;
    choice.message = assistant("hello");
    choice.finish_reason = finish_reason::stop;
    r.choices.push_back(std::move(choice));
    r.usage = {.prompt_tokens = 3,
               .completion_tokens = 4,
               .total_tokens = 7,
               .cached_tokens = 1,
               .reasoning_tokens = 2,
               .reported = true};
    return r;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_responses_write_response)

BOOST_AUTO_TEST_CASE(the_whole_object)
{
    auto const asked = parse(R"({"model":"m","input":"q","instructions":"brief","temperature":0.2,"top_p":1,
        "max_output_tokens":9,"metadata":{"a":"b"},"tools":[{"type":"function","name":"f","parameters":{}},{"type":"custom","name":"c"}],
        "tool_choice":"required","parallel_tool_calls":false,"reasoning":{"effort":"low"},"text":{"verbosity":"low"},
        "previous_response_id":"resp_0","user":"u"})");
    BOOST_REQUIRE(asked.has_value());
    bj::object const o = oracle(write(answer(), asked->request)).as_object();
    BOOST_TEST(o.at("id") == "chatcmpl-1");
    BOOST_TEST(o.at("object") == "response");
    BOOST_TEST(o.at("created_at") == 5);
    BOOST_TEST(o.at("status") == "completed");
    BOOST_TEST(o.at("error").is_null());
    BOOST_TEST(o.at("incomplete_details").is_null());
    BOOST_TEST(o.at("instructions") == "brief");
    BOOST_TEST(o.at("temperature") == 0.2);
    BOOST_TEST(o.at("top_p") == 1);
    BOOST_TEST(o.at("max_output_tokens") == 9);
    BOOST_TEST(o.at("metadata") == oracle(R"({"a":"b"})"));
    BOOST_TEST(o.at("tools") ==
               oracle(R"([{"type":"function","name":"f","parameters":{}},{"type":"custom","name":"c"}])"));
    BOOST_TEST(o.at("tool_choice") == "required");
    BOOST_TEST(!o.at("parallel_tool_calls").as_bool());
    BOOST_TEST(o.at("reasoning") == oracle(R"({"effort":"low","summary":null})"));
    BOOST_TEST(o.at("text") == oracle(R"({"format":{"type":"text"},"verbosity":"low"})"));
    BOOST_TEST(o.at("previous_response_id") == "resp_0");
    BOOST_TEST(o.at("truncation") == "disabled");
    BOOST_TEST(o.at("user") == "u");
    BOOST_TEST(o.at("usage") == oracle(R"({"input_tokens":3,"input_tokens_details":{"cached_tokens":1},
        "output_tokens":4,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":7})"));
    bj::object const item = o.at("output").at(0).as_object();
    BOOST_TEST(to_std(item.at("id").as_string()).starts_with("msg_"));
    BOOST_TEST(item.at("content") ==
               oracle(R"([{"type":"output_text","text":"hello","annotations":[],"logprobs":[]}])"));
}

BOOST_AUTO_TEST_CASE(every_kind_of_part)
{
    chat_response r = answer();
    r.id.clear();
    r.created = 0;
    r.model.clear();
    message& m = r.choices[0].message;
    m.content = {reasoning_part{.text = "t", .signature = "S"},
                 reasoning_part{.text = {}, .redacted = "R"},
                 text_part{.text = "a"},
                 refusal_part{.text = "no"},
                 image_part{.source = {.url = {}, .data = "QQ==", .file_id = {}, .media_type = "image/png"}},
                 unknown_part{.type = "web_search_call", .value = {R"({"type":"web_search_call","id":"w"})"}},
                 unknown_part{.type = "server_tool_use", .value = {R"({"type":"server_tool_use"})"}}};
    m.annotations.text =
        R"([{"type":"url_citation","url_citation":{"url":"u","title":"x"}},{"type":"file_citation"}])";
    r.choices[0].logprobs.text = R"({"content":[{"token":"a"}],"refusal":null})";
    m.tool_calls.push_back({.id = "c1", .name = "f", .arguments = "", .signature = "G"});
    m.tool_calls.push_back({.id = "c2", .name = "g", .arguments = "in", .type = "custom"});
    r.choices[0].finish_reason = finish_reason::tool_calls;
    bj::object const o = oracle(write(r)).as_object();
    BOOST_TEST(o.at("id") == "resp_fallback");
    BOOST_TEST(o.at("created_at") == 77);
    BOOST_TEST(o.at("model") == "asked");
    bj::array const& output = o.at("output").as_array();
    BOOST_REQUIRE_EQUAL(output.size(), 7U);
    BOOST_TEST(output[0].at("encrypted_content") == "cogate.signature.S");
    BOOST_TEST(output[0].at("summary") == oracle(R"([{"type":"summary_text","text":"t"}])"));
    BOOST_TEST(output[1].at("encrypted_content") == "cogate.anthropic_messages..R");
    BOOST_TEST(output[2].at("content") == oracle(R"([{"type":"output_text","text":"a","annotations":
        [{"type":"url_citation","url":"u","title":"x"},{"type":"file_citation"}],"logprobs":[{"token":"a"}]},
        {"type":"refusal","refusal":"no"}])"));
    BOOST_TEST(output[3].at("type") == "image_generation_call");
    BOOST_TEST(output[3].at("result") == "QQ==");
    BOOST_TEST(output[4] == oracle(R"({"type":"web_search_call","id":"w"})"));
    BOOST_TEST(output[5].at("call_id") == "c1::signature::G");
    BOOST_TEST(output[5].at("arguments") == "{}");
    BOOST_TEST(output[6].at("type") == "custom_tool_call");
    BOOST_TEST(output[6].at("input") == "in");
    // What the client gives back is what the provider gave.
    auto const again = parse(R"({"model":"m","input":)" + bj::serialize(output) + "}");
    BOOST_REQUIRE(again.has_value());
    message const& back = again->request.messages.at(0);
    BOOST_TEST(std::get<reasoning_part>(back.content.at(0)).signature == "S");
    BOOST_TEST(std::get<reasoning_part>(back.content.at(0)).text == "t");
    BOOST_TEST(std::get<reasoning_part>(back.content.at(1)).redacted == "R");
    BOOST_TEST(again->request.messages.back().tool_calls.at(0).signature == "G");
}

BOOST_AUTO_TEST_CASE(incomplete_answers)
{
    for (auto const& [why, reason] : {std::pair{finish_reason::length, "max_output_tokens"},
                                      std::pair{finish_reason::content_filter, "content_filter"}}) {
        chat_response r = answer();
        r.choices[0].finish_reason = why;
        bj::object const o = oracle(write(r)).as_object();
        BOOST_TEST(o.at("status") == "incomplete");
        BOOST_TEST(o.at("incomplete_details").at("reason") == reason);
        BOOST_TEST(o.at("output").at(0).at("status") == "incomplete");
        BOOST_TEST((decode(write(r))->choices[0].finish_reason == why));
    }
    chat_response none = answer();
    none.choices.clear();
    BOOST_TEST(oracle(write(none)).at("output").as_array().empty());
}

BOOST_AUTO_TEST_CASE(unknown_members_cannot_shadow_ours)
{
    chat_response r = answer();
    r.extra.set("output", {"7"});
    r.extra.set("status", {"7"});
    r.extra.set("citations", {"[1]"});
    std::string const text = write(r);
    bj::object const o = oracle(text).as_object();
    BOOST_TEST(o.at("status") == "completed");
    BOOST_TEST(o.at("citations") == oracle("[1]"));
    BOOST_TEST(text.find("\"output\":7") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::responses
