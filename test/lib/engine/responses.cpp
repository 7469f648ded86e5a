#include "test/lib/engine/script.hpp"

#include <cogate/responses.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace cogate;
using namespace cogate::test;

namespace {

constexpr char const* answer_of_responses =
    R"({"id":"resp_1","object":"response","created_at":5,"status":"completed","model":"up","output":[)"
    R"({"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[)"
    R"({"type":"output_text","text":"one ","annotations":[]},{"type":"output_text","text":"two","annotations":[]}]}],)"
    R"("usage":{"input_tokens":3,"output_tokens":2,"total_tokens":5}})";

/// A service that speaks Responses answers in it, others in chat.
wire::scripted_reply either(std::string_view request)
{
    return json_reply(200, request.find("/responses ") != std::string_view::npos
                               ? answer_of_responses
                               : whole_answer("from a chat"));
}

result<responses_response> ask_for(scripted_gateway& g, std::string model, std::string body)
{
    responses_request const request{.model = std::move(model), .body = {std::move(body)}};
    return g.loop.run(g.gw.try_responses(request));
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine_responses)

BOOST_AUTO_TEST_CASE(the_answer_is_the_providers_with_its_usage)
{
    scripted_gateway g(either);
    for (auto const& [model, body] : std::vector<std::pair<std::string, std::string>>{
             {"m", R"({ "input":"hi","odd":{"x":1}})"},
             {"", R"({"model":"m", "input":"hi","odd":{"x":1}})"}}) {
        result<responses_response> const got = ask_for(g, model, body);
        BOOST_TEST_REQUIRE(got.has_value(), (got ? "" : got.error()->message));
        BOOST_TEST(got->text().size() > 0U);
        BOOST_TEST(got->usage.total_tokens == 5);
        BOOST_TEST(!got->cost.has_value()); // nobody knows what it costs
        std::string const sent = g.upstream->records().back().request;
        BOOST_TEST(sent.find(R"("odd":{"x":1})") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(an_empty_body_and_a_model_are_a_request)
{
    scripted_gateway g(either);
    result<responses_response> const got = ask_for(g, "m", "{ }");
    // whatever the dialect thinks of it, it was well-formed
    BOOST_TEST((got.has_value() || got.error()->message.find("JSON") == std::string::npos));
}

BOOST_AUTO_TEST_CASE(bad_requests_name_what_is_wrong)
{
    scripted_gateway g(either);
    for (auto const& [model, body, param] :
         std::vector<std::array<std::string, 3>>{{"m", "[1]", "body"},
                                                 {"m", "", "body"},
                                                 {"m", R"({"input":"hi")", "body"},
                                                 {"m", R"({"input":"hi","stream":true})", "stream"},
                                                 {"m", R"({"model":"n","input":"hi"})", "model"},
                                                 {"", R"({"input":"hi"})", "model"},
                                                 {"nobody", R"({"input":"hi"})", "model"}}) {
        result<responses_response> const got = ask_for(g, model, body);
        BOOST_TEST_REQUIRE(!got.has_value(), body);
        BOOST_TEST(got.error()->param == param, body << ": " << got.error()->message);
    }
    BOOST_TEST(g.upstream->records().empty());
}

BOOST_AUTO_TEST_CASE(other_forms)
{
    scripted_gateway g(either);
    responses_request const good{.model = "m", .body = {R"({"input":"hi"})"}};
    BOOST_TEST(!g.loop.run(g.gw.responses(good)).body.empty());
    responses_request const bad{.model = "m", .body = {"no"}};
    BOOST_CHECK_THROW(g.loop.run(g.gw.responses(bad)), cogate::error);
}

BOOST_AUTO_TEST_CASE(text_is_that_of_messages)
{
    responses_response answer;
    answer.body.text = answer_of_responses;
    BOOST_TEST(answer.text() == "one two");
    answer.body.text =
        R"({"output":[{"type":"function_call","content":[{"type":"output_text","text":"x"}]}]})";
    BOOST_TEST(answer.text().empty());
    answer.body.text = "no JSON";
    BOOST_TEST(answer.text().empty());
}

BOOST_AUTO_TEST_SUITE_END()
