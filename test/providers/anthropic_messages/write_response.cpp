#include "test/providers/anthropic_messages/support.hpp"

namespace cogate::test::anthropic {

namespace {

chat_response answer()
{
    chat_response r{.id = "chatcmpl-1", .created = 5, .model = "gpt", .choices = {chat_choice{}}};
    r.choices[0].finish_reason = finish_reason::stop;
    return r;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_anthropic_messages_write_response)

BOOST_AUTO_TEST_CASE(an_answer_of_another_dialect)
{
    chat_response r = answer();
    message& m = r.choices[0].message;
    m.content = {reasoning_part{.text = "hm", .field = "reasoning_content"}, text_part{.text = "Hi"},
                 text_part{.text = ""}};
    m.tool_calls = {tool_call{.id = "call_1", .name = "f", .arguments = R"({"a":1})"},
                    tool_call{.id = "", .name = "g", .arguments = ""},
                    tool_call{.id = "call_3", .name = "h", .arguments = "{\"cut"}};
    r.choices[0].finish_reason = finish_reason::tool_calls;
    r.usage = usage{.prompt_tokens = 30,
                    .completion_tokens = 9,
                    .total_tokens = 39,
                    .cached_tokens = 10,
                    .cache_write_tokens = 5,
                    .cache_write_1h_tokens = 2,
                    .reasoning_tokens = 4,
                    .reported = true};
    const bj::value out = oracle(written(r));
    BOOST_TEST(text_at(out, "id") == "chatcmpl-1");
    BOOST_TEST(text_at(out, "type") == "message");
    BOOST_TEST(text_at(out, "role") == "assistant");
    BOOST_TEST(text_at(out, "model") == "gpt");
    BOOST_TEST(text_at(out, "stop_reason") == "tool_use");
    BOOST_TEST(out.at("stop_sequence").is_null());
    bj::array const& content = out.at("content").as_array();
    BOOST_REQUIRE_EQUAL(content.size(), 5U);
    BOOST_TEST((content[0] == oracle(R"({"type":"thinking","thinking":"hm","signature":""})")));
    BOOST_TEST((content[1] == oracle(R"({"type":"text","text":"Hi"})")));
    BOOST_TEST((content[2] == oracle(R"({"type":"tool_use","id":"call_1","name":"f","input":{"a":1}})")));
    BOOST_TEST(text_at(content[3], "id").starts_with("toolu_"));
    BOOST_TEST((content[3].at("input") == oracle("{}")));
    BOOST_TEST((content[4].at("input") == oracle(R"({"invalid_arguments":"{\"cut"})")));
    BOOST_TEST((out.at("usage") ==
                oracle(R"({"input_tokens":15,"cache_creation_input_tokens":5,"cache_read_input_tokens":10,)"
                       R"("cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":2},)"
                       R"("output_tokens":9,"output_tokens_details":{"thinking_tokens":4}})")));
}

BOOST_AUTO_TEST_CASE(stop_reasons)
{
    struct row {
        finish_reason why;
        char const* native;
        char const* stop;
        char const* word;
    };
    for (row const& r :
         {row{finish_reason::stop, "", "", "end_turn"}, row{finish_reason::stop, "", "X", "stop_sequence"},
          row{finish_reason::stop, "pause_turn", "", "pause_turn"},
          row{finish_reason::stop, "STOP", "", "end_turn"},
          row{finish_reason::stop, "tool_use", "", "end_turn"},
          row{finish_reason::length, "", "", "max_tokens"},
          row{finish_reason::content_filter, "SAFETY", "", "refusal"},
          row{finish_reason::function_call, "", "", "tool_use"},
          row{finish_reason::none, "", "", "end_turn"}}) {
        chat_response a = answer();
        a.choices[0].finish_reason = r.why;
        a.choices[0].native_finish_reason = r.native;
        a.choices[0].stop_sequence = r.stop;
        const bj::value out = oracle(written(a));
        BOOST_TEST(text_at(out, "stop_reason") == r.word);
        BOOST_TEST(text_at(out, "stop_sequence") == r.stop);
    }
}

BOOST_AUTO_TEST_CASE(gaps_are_filled)
{
    const bj::value out = oracle(written(chat_response{}));
    BOOST_TEST(text_at(out, "id") == "msg_fallback");
    BOOST_TEST(text_at(out, "model") == "asked-model");
    BOOST_TEST(out.at("content").as_array().empty());
    BOOST_TEST(out.at("usage").at("input_tokens").as_int64() == 0);
}

BOOST_AUTO_TEST_CASE(errors_in_its_own_shape)
{
    struct row {
        error_kind kind;
        char const* type;
        int status;
    };
    for (row const& r :
         {row{error_kind::invalid_request, "invalid_request_error", 400},
          row{error_kind::authentication, "authentication_error", 401},
          row{error_kind::permission_denied, "permission_error", 403},
          row{error_kind::not_found, "not_found_error", 404},
          row{error_kind::request_too_large, "request_too_large", 413},
          row{error_kind::rate_limit, "rate_limit_error", 429},
          row{error_kind::internal_server, "api_error", 500},
          row{error_kind::service_unavailable, "overloaded_error", 529},
          row{error_kind::timeout, "timeout_error", 504}, row{error_kind::truncated, "api_error", 502}}) {
        failure why(r.kind, "text");
        why.with_upstream_request_id("req_1");
        std::string out;
        dialect::server().write_error(why, out);
        BOOST_TEST((oracle(out) == oracle(std::string(R"({"type":"error","error":{"type":")") + r.type +
                                          R"(","message":"text"},"request_id":"req_1"})")));
        BOOST_TEST(dialect::server().error_status(why) == r.status);
    }
    std::string out;
    dialect::server().write_error(failure(error_kind::context_window_exceeded, "8k at most"), out);
    BOOST_TEST(text_at(oracle(out).at("error"), "message") == "prompt is too long: 8k at most");
    BOOST_TEST(oracle(out).at("request_id").is_null());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::anthropic
