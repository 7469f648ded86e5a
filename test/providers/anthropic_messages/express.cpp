#include "test/providers/anthropic_messages/support.hpp"

namespace cogate::test::anthropic {

namespace {

providers::express_lane const& lane()
{
    return dialect::server().chat_express();
}

const std::string good_stream = as_events(
    {R"({"type":"message_start","message":{"id":"m","usage":{"input_tokens":5,"output_tokens":1}}})",
     R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
     R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\"message_stop\""}})",
     R"({"type":"content_block_stop","index":0})",
     R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}})",
     R"({"type":"message_stop"})"});

std::vector<std::string> payloads(std::string_view bytes)
{
    std::vector<std::string> out;
    for (bj::value const& event : events_of(bytes)) {
        out.push_back(bj::serialize(event));
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_anthropic_messages_express)

BOOST_AUTO_TEST_CASE(only_the_model_is_spliced)
{
    const std::string body =
        R"( { "stream" : true,"model" : "a\u002fb" , "messages":[ {"role":"user","content":"\u00e9"} ],"x":1.0}  )";
    auto const read = lane().read(body, {});
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST((*read)->facts().model == "a/b");
    BOOST_TEST((*read)->facts().stream);
    BOOST_TEST((*read)->facts().wants_usage);
    BOOST_TEST((*read)->body() == body);
    providers::spliced_body out;
    (*read)->splice("up", out);
    std::string wanted = body;
    wanted.replace(wanted.find(R"("a\u002fb")"), 10, R"("up")");
    BOOST_TEST(joined(out) == wanted);
    providers::spliced_body same;
    (*read)->splice("a/b", same);
    BOOST_TEST(joined(same) == body);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named)
{
    struct row {
        char const* body;
        char const* code;
        char const* param;
    };
    for (row const& r : {row{"{", "invalid_json", ""}, row{"[]", "invalid_json", ""},
                         row{R"({"messages":[{}]})", "missing_required_parameter", "model"},
                         row{R"({"model":"m"})", "missing_required_parameter", "messages"},
                         row{R"({"model":"m","messages":[ ]})", "invalid_value", "messages"},
                         row{R"({"model":"m","messages":{}})", "invalid_type", "messages"},
                         row{R"({"model":3,"messages":[{}]})", "invalid_type", "model"},
                         row{R"({"model":"m","messages":[{}],"stream":1})", "invalid_type", "stream"},
                         row{R"({"model":"m","messages":[{}],"model":"n"})", "duplicate_field", "model"}}) {
        auto const read = lane().read(r.body, {});
        BOOST_REQUIRE_MESSAGE(!read, r.body);
        BOOST_TEST(read.error()->status == 400);
        BOOST_TEST(read.error()->code == r.code);
        BOOST_TEST(read.error()->param == r.param);
    }
}

BOOST_AUTO_TEST_CASE(a_relayed_stream)
{
    auto const relay = lane().relay({});
    bool content = false;
    for (std::string const& data : payloads(good_stream)) {
        BOOST_TEST((relay->on_event(data) == providers::stream_relay::verdict::forward));
        content = content || relay->facts().content_seen;
        BOOST_TEST(relay->facts().ended == (data.find(R"("type":"message_stop")") != std::string::npos));
    }
    BOOST_TEST(content);
    BOOST_TEST(relay->finish().has_value());
    BOOST_TEST(relay->facts().usage.prompt_tokens == 5);
    BOOST_TEST(relay->facts().usage.completion_tokens == 9);
}

BOOST_AUTO_TEST_CASE(a_broken_relay)
{
    auto relay = lane().relay({});
    std::vector<std::string> events = payloads(good_stream);
    events.pop_back();
    for (std::string const& data : events) {
        relay->on_event(data);
    }
    auto end = relay->finish();
    BOOST_REQUIRE(!end);
    BOOST_TEST((end.error()->kind == error_kind::truncated));

    relay = lane().relay({});
    relay->on_event(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})");
    BOOST_REQUIRE(relay->facts().error.has_value());
    BOOST_TEST(((*relay->facts().error)->kind == error_kind::service_unavailable));
    BOOST_TEST(!relay->finish());

    relay = lane().relay({});
    relay->on_event("not JSON");
    BOOST_TEST(relay->facts().error.has_value());
}

BOOST_AUTO_TEST_CASE(whole_answers)
{
    auto facts = lane().inspect(
        R"({"type":"message","content":[{}],"usage":{"input_tokens":3,"cache_read_input_tokens":4,"output_tokens":2}})");
    BOOST_REQUIRE(facts.has_value());
    BOOST_TEST(facts->ended);
    BOOST_TEST(facts->content_seen);
    BOOST_TEST(facts->usage.prompt_tokens == 7);
    BOOST_TEST(!facts->error);
    facts = lane().inspect(R"({"type":"error","error":{"type":"api_error","message":"x"}})");
    BOOST_TEST(((*facts->error)->kind == error_kind::internal_server));
    BOOST_TEST(!lane().inspect("{}"));
    BOOST_TEST(!lane().inspect("{"));
}

BOOST_AUTO_TEST_CASE(counting)
{
    providers::express_lane const& counts = dialect::count_tokens_lane();
    auto const read = counts.read(R"({"model":"m","messages":[{"role":"user","content":"x"}]})", {});
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(!(*read)->facts().stream);
    BOOST_TEST(!counts.read(R"({"model":"m","messages":[{}],"stream":true})", {}));
    auto const facts = counts.inspect(R"({"input_tokens":14})");
    BOOST_REQUIRE(facts.has_value());
    BOOST_TEST(facts->ended);
    BOOST_TEST(!facts->usage.reported);
    BOOST_TEST(!counts.inspect(R"({"tokens":14})"));
    BOOST_TEST(counts.inspect(R"({"type":"error","error":{"type":"not_found_error","message":"m"}})")
                   ->error.has_value());
}

BOOST_AUTO_TEST_CASE(paths_and_fields)
{
    providers::client_dialect const& half = dialect::client();
    BOOST_TEST(half.express_with() == "anthropic_messages");
    BOOST_TEST(half.express_path(providers::operation::chat, provider_context()) == "/messages");
    BOOST_TEST(half.express_path(providers::operation::count_tokens, provider_context()) ==
               "/messages/count_tokens");
    auto fields = half.express_headers({});
    BOOST_REQUIRE_EQUAL(fields.size(), 1U);
    BOOST_TEST(fields[0].second == "2023-06-01");
    const std::vector<wire::header> inbound = {{"Anthropic-Version", "2026-10-21"},
                                               {"Anthropic-Beta", "a,b"},
                                               {"x-api-key", "secret"},
                                               {"anthropic-beta", "bad\r\nx: y"}};
    fields = half.express_headers(inbound);
    BOOST_REQUIRE_EQUAL(fields.size(), 2U);
    BOOST_TEST(fields[0].second == "2026-10-21");
    BOOST_TEST(fields[1].first == "anthropic-beta");
    BOOST_TEST(fields[1].second == "a,b");

    auto const request = lane().read(R"({"model":"m","messages":[{}]})", {});
    provider_context context;
    BOOST_TEST(half.express_fits(**request, context));
    context.rules().drop_params = true;
    BOOST_TEST(!half.express_fits(**request, context));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::anthropic
