#include "test/providers/openai_completions/support.hpp"

namespace cogate::test::completions {

namespace {

chat_request good(std::string_view body)
{
    auto parsed = parse(body);
    BOOST_REQUIRE_MESSAGE(parsed.has_value(), (parsed ? "" : parsed.error()->message));
    return std::move(parsed->request);
}

std::string code_of(failure const& why)
{
    return why->code + " " + why->param;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_completions_requests)

BOOST_AUTO_TEST_CASE(a_prompt_is_a_message)
{
    chat_request const r =
        good(R"({"model":"m","prompt":"once","max_tokens":5,"logprobs":2,"stop":"x","echo":false,
        "best_of":1,"suffix":null,"logit_bias":{},"stream_options":{"include_usage":true}})");
    BOOST_REQUIRE_EQUAL(r.messages.size(), 1U);
    BOOST_TEST((r.messages[0] == user("once")));
    BOOST_TEST(*r.max_tokens == 5);
    BOOST_TEST(*r.logprobs);
    BOOST_TEST(*r.top_logprobs == 2);
    BOOST_TEST(r.include_usage);
    BOOST_TEST(r.extra.empty());
    BOOST_TEST(good(R"({"model":"m","prompt":["once"]})").messages[0].text() == "once");
}

BOOST_AUTO_TEST_CASE(what_no_chat_has_is_refused_elsewhere_by_name)
{
    struct row {
        char const* members;
        char const* name;
    };
    for (row const& r : {row{R"("prompt":[1,2])", "prompt"},
                         {R"("prompt":[[1],[2]])", "prompt"},
                         {R"("prompt":["a","b"])", "prompt"},
                         {R"("prompt":"a","echo":true)", "echo"},
                         {R"("prompt":"a","suffix":"z")", "suffix"},
                         {R"("prompt":"a","best_of":2)", "best_of"}}) {
        const std::string body = "{\"model\":\"m\"," + std::string(r.members) + "}";
        chat_request request = good(body);
        // Services of this dialect get it as it came.
        BOOST_TEST(oracle(encode(request).value().body) == oracle(body));
        request.extra_dialect = "elsewhere";
        BOOST_TEST(code_of(encode(request).error()) == "unsupported_parameter " + std::string(r.name));
    }
}

BOOST_AUTO_TEST_CASE(refusals_name_the_field)
{
    struct row {
        char const* body;
        char const* code;
    };
    for (row const& r : {row{"{", "invalid_json "},
                         {R"({"prompt":"a"})", "missing_required_parameter model"},
                         {R"({"model":"m"})", "missing_required_parameter prompt"},
                         {R"({"model":"m","prompt":[]})", "invalid_value prompt"},
                         {R"({"model":"m","prompt":true})", "invalid_type prompt"},
                         {R"({"model":"m","prompt":["a",1]})", "invalid_type prompt[1]"},
                         {R"({"model":"m","prompt":[{}]})", "invalid_type prompt[0]"},
                         {R"({"model":"m","prompt":"a","n":"x"})", "invalid_type n"},
                         {R"({"model":"m","prompt":"a","stop":[1]})", "invalid_type stop[0]"},
                         {R"({"model":"m","prompt":"a","logprobs":true})", "invalid_type logprobs"}}) {
        auto const parsed = parse(r.body);
        BOOST_REQUIRE_MESSAGE(!parsed.has_value(), r.body);
        BOOST_TEST(code_of(parsed.error()) == r.code);
    }
}

BOOST_AUTO_TEST_CASE(a_conversation_is_one_prompt)
{
    chat_request r;
    r.model = "m";
    r.messages = {system("s"), user("u"), assistant("a")};
    r.max_completion_tokens = 3;
    r.logprobs = true;
    r.stop = {"x", "y"};
    auto const encoded = encode(r, true);
    BOOST_REQUIRE(encoded.has_value());
    BOOST_TEST(encoded->path == "/completions");
    BOOST_TEST(oracle(encoded->body) ==
               oracle(R"({"model":"m","prompt":"s\nu\na","max_tokens":3,"logprobs":0,"stop":["x","y"],
        "stream":true,"stream_options":{"include_usage":true}})"));
    r.tools.push_back({.name = "f"});
    BOOST_TEST(code_of(encode(r).error()) == "unsupported_parameter tools");
    r.tools.clear();
    r.messages[1].content.emplace_back(
        image_part{.source = {.url = "u", .data = {}, .file_id = {}, .media_type = {}}});
    BOOST_TEST(code_of(encode(r).error()) == "unsupported_content messages[1].content[1]");
}

BOOST_AUTO_TEST_CASE(express)
{
    auto const& lane = dialect::server().chat_express();
    struct row {
        std::string body;
        std::string spliced;
    };
    for (row const& r :
         {row{R"({"prompt":"a","model":"m"})", R"({"prompt":"a","model":"up"})"},
          {R"({"model":"m","prompt":"a","stream":true})",
           R"({"stream_options":{"include_usage":true},"model":"up","prompt":"a","stream":true})"},
          {R"({"stream_options":{},"model":"m","prompt":"a","stream":true})",
           R"({"stream_options":{"include_usage":true},"model":"up","prompt":"a","stream":true})"},
          {R"({"model":"m","stream_options":{"include_usage":false},"prompt":"a","stream":true})",
           R"({"model":"up","stream_options":{"include_usage":true},"prompt":"a","stream":true})"},
          {R"({"model":"m","stream_options":{"include_usage":true},"prompt":[1],"stream":true})",
           R"({"model":"up","stream_options":{"include_usage":true},"prompt":[1],"stream":true})"}}) {
        auto const request = lane.read(r.body, {});
        BOOST_REQUIRE(request.has_value());
        providers::spliced_body out;
        (*request)->splice("up", out);
        BOOST_TEST(joined(out) == r.spliced);
        (*request)->splice("m", out);
        oracle(joined(out));
    }
    for (char const* bad :
         {"{", R"({"model":"m"})", R"({"prompt":"x"})", R"({"model":"m","prompt":1})",
          R"({"model":"m","prompt":"a","stream":1})", R"({"model":"m","prompt":"a","stream_options":1})",
          R"({"model":"m","prompt":"a","stream_options":{"include_usage":1}})"}) {
        BOOST_TEST(!lane.read(bad, {}).has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::completions
