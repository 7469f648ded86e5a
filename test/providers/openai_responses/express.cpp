#include "test/providers/openai_responses/support.hpp"

namespace cogate::test::responses {

namespace {

providers::express_lane const& lane()
{
    return dialect::server().chat_express();
}

std::string spliced(std::string const& body, std::string_view model)
{
    auto const request = lane().read(body, {});
    BOOST_REQUIRE(request.has_value());
    providers::spliced_body out;
    (*request)->splice(model, out);
    BOOST_TEST(out.size() == joined(out).size());
    return joined(out);
}

std::unique_ptr<providers::stream_relay> relayed(std::initializer_list<char const*> events)
{
    auto relay = lane().relay({});
    for (char const* data : events) {
        BOOST_TEST((relay->on_event(data) == providers::stream_relay::verdict::forward));
    }
    return relay;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_responses_express)

BOOST_AUTO_TEST_CASE(only_the_model_changes)
{
    const std::string body =
        R"({ "input" : [ {"role":"user","content":"model"} ], "model" : "m\u0061" , "stream":true, "x":{"model":1}})";
    BOOST_TEST(spliced(body, "ma") == body);
    BOOST_TEST(
        spliced(body, "up\"x") ==
        R"({ "input" : [ {"role":"user","content":"model"} ], "model" : "up\"x" , "stream":true, "x":{"model":1}})");
    auto const request = lane().read(body, {});
    BOOST_TEST((*request)->facts().model == "ma");
    BOOST_TEST((*request)->facts().stream);
    BOOST_TEST((*request)->facts().wants_usage);
    // A chained request needs no input, and this lane does not refuse what only the provider can judge.
    BOOST_TEST(lane().read(R"({"model":"m","previous_response_id":"r","background":true})", {}).has_value());
}

BOOST_AUTO_TEST_CASE(refusals)
{
    struct row {
        char const* body;
        char const* code;
    };
    for (row const& r : {row{"", "invalid_json "},
                         {"[]", "invalid_json "},
                         {R"({"model":"a","model":"b"})", "duplicate_field model"},
                         {R"({"input":"x"})", "missing_required_parameter model"},
                         {R"({"model":1})", "invalid_type model"},
                         {R"({"model":"m","input":1})", "invalid_type input"},
                         {R"({"model":"m","input":"x","stream":1})", "invalid_type stream"}}) {
        auto const request = lane().read(r.body, {});
        BOOST_REQUIRE(!request.has_value());
        BOOST_TEST(code_of(request.error()) == r.code);
    }
}

BOOST_AUTO_TEST_CASE(the_relay_watches)
{
    auto const good = relayed(
        {"", R"({"type":"response.created","response":{}})",
         R"({"type":"response.output_text.delta","delta":"a"})",
         R"({"type":"response.completed","response":{"status":"completed","output":[],"usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3}}})",
         "[DONE]"});
    BOOST_TEST(good->finish().has_value());
    BOOST_TEST(good->facts().content_seen);
    BOOST_TEST(good->facts().ended);
    BOOST_TEST(good->facts().usage.total_tokens == 3);
    BOOST_TEST(relayed({R"({"type":"response.incomplete","response":{"status":"incomplete","output":[]}})"})
                   ->finish()
                   .has_value());
    struct row {
        char const* data;
        error_kind kind;
    };
    for (row const& r :
         {row{R"({"type":"error","code":"rate_limit_exceeded","message":"m"})", error_kind::rate_limit},
          {R"({"type":"response.failed","response":{"error":{"code":"server_error","message":"m"}}})",
           error_kind::internal_server},
          {R"({"type":"response.f\u0061iled","response":{}})", error_kind::internal_server},
          {R"({"error":{"code":"rate_limit_exceeded","message":"m"}})", error_kind::rate_limit},
          {"nope", error_kind::bad_gateway},
          {"7", error_kind::bad_gateway}}) {
        auto const relay = relayed({r.data, R"({"type":"response.completed","response":{"output":[]}})"});
        auto const end = relay->finish();
        BOOST_REQUIRE_MESSAGE(!end.has_value(), r.data);
        BOOST_CHECK_MESSAGE(end.error()->kind == r.kind, r.data);
    }
    auto const cut = relayed({R"({"type":"response.output_text.delta","delta":"a"})", "[DONE]"})->finish();
    BOOST_TEST((!cut.has_value() && cut.error()->kind == error_kind::truncated));
}

BOOST_AUTO_TEST_CASE(whole_answers)
{
    auto const good = lane().inspect(R"({"output":[{}],"usage":{"input_tokens":1,"output_tokens":2}})");
    BOOST_REQUIRE(good.has_value());
    BOOST_TEST(good->usage.total_tokens == 3);
    BOOST_TEST(good->content_seen);
    BOOST_TEST(!good->error.has_value());
    BOOST_TEST(lane()
                   .inspect(R"({"status":"failed","output":[],"error":{"code":"x","message":"m"}})")
                   ->error.has_value());
    BOOST_TEST(lane().inspect(R"({"error":{"message":"m"}})")->error.has_value());
    BOOST_TEST(!lane().inspect(R"({"status":"queued","output":[]})")->error.has_value());
    BOOST_TEST(!lane().inspect("{}").has_value());
    BOOST_TEST(!lane().inspect("").has_value());
}

BOOST_AUTO_TEST_CASE(where_it_may_be_used)
{
    auto const request = lane().read(R"({"model":"m","input":"x"})", {});
    provider_context plain;
    BOOST_TEST(dialect::client().express_fits(**request, plain));
    plain.rules().drop_params = true;
    BOOST_TEST(!dialect::client().express_fits(**request, plain));
    BOOST_TEST(dialect::client().express_with() == dialect::server().name());
    BOOST_TEST(dialect::client().express_path(providers::operation::responses, plain) == "/responses");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::responses
