#include "providers/demo/demo.hpp"

#include "providers/demo/schema_sample.hpp"
#include "test/common/provider_context.hpp"
#include "test/providers/openai_chat/support.hpp"

#include <cmath>

namespace cogate::test {

namespace {

using ending = wire::scripted_reply::ending;

std::string body_of(wire::scripted_reply const& reply)
{
    std::string out;
    for (auto const& step : reply.body) {
        out += step.bytes;
    }
    return out;
}

wire::scripted_reply ask(std::string const& model, std::string const& text, std::string const& more = "")
{
    std::string quoted;
    json::append_quoted(quoted, text);
    return providers::demo::answer("/v1/chat/completions", R"({"model":")" + model +
                                                               R"(","messages":[{"role":"user","content":)" +
                                                               quoted + "}]" + more + "}");
}

const std::string streamed = R"(,"stream":true)";
const std::string counted = R"(,"stream":true,"stream_options":{"include_usage":true})";
const std::string tools =
    R"(,"tools":[{"type":"function","function":{"name":"add","parameters":{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"integer"},"c":{"type":"string"}},"required":["a","b"]}}}])";

} // namespace

result<chat_response> decode_chat(std::string const& body)
{
    return providers::openai_chat::client().decode_chat({.body = body}, provider_context());
}

result<embedding_response> decode_embedding(std::string const& body)
{
    return providers::openai_chat::client().embeddings()->decode({.body = body}, {}, provider_context());
}

BOOST_AUTO_TEST_SUITE(providers_demo)

BOOST_AUTO_TEST_CASE(echo_in_both_forms)
{
    for (std::string const& said : {std::string("one two  three\n"),
                                    std::string("\xe4\xbd\xa0\xe5\xa5\xbd \" \\ "), std::string(" ")}) {
        auto const whole = decode_chat(body_of(ask("demo/echo", said)));
        BOOST_REQUIRE(whole.has_value());
        BOOST_TEST(whole->text() == said);
        BOOST_TEST(whole->usage.reported);
        BOOST_TEST(whole->usage.prompt_tokens == whole->usage.completion_tokens);
        decoded_stream const s = decode_stream(body_of(ask("echo", said, counted)));
        BOOST_REQUIRE(!s.error);
        const chat_response folded = fold(s.chunks);
        BOOST_TEST(folded.text() == said);
        BOOST_TEST((folded.usage == whole->usage));
        BOOST_TEST((folded.choices[0].finish_reason == finish_reason::stop));
    }
    BOOST_TEST(body_of(ask("demo/echo", "x", streamed)).find("usage") == std::string::npos);
    BOOST_TEST(body_of(ask("demo/echo", "x")) == body_of(ask("demo/echo", "x")));
    BOOST_TEST(body_of(ask("demo/echo", "x")) != body_of(ask("demo/echo", "y")));
}

BOOST_AUTO_TEST_CASE(tokens_keep_their_pace)
{
    wire::scripted_reply const slow = ask("demo/tokens-7@3", "x", streamed);
    std::chrono::milliseconds sum{0};
    for (auto const& step : slow.body) {
        sum += step.delay;
    }
    BOOST_TEST(sum.count() == 2333);
    BOOST_TEST(ask("demo/tokens-100", "x").head_delay.count() == 2000);
    auto const whole = decode_chat(body_of(ask("demo/tokens-25@100000", "x")));
    BOOST_REQUIRE(whole.has_value());
    BOOST_TEST(whole->usage.completion_tokens == 25);
    BOOST_TEST(fold(decode_stream(body_of(ask("demo/tokens-25@100000", "x", streamed))).chunks).text() ==
               whole->text());
}

BOOST_AUTO_TEST_CASE(errors_as_asked)
{
    for (int const status : {400, 401, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 529}) {
        wire::scripted_reply const r = ask("demo/error-" + std::to_string(status), "x", streamed);
        BOOST_TEST(r.status == status);
        std::vector<wire::header> fields;
        bool retry = false;
        for (auto const& [name, value] : r.headers) {
            fields.push_back({name, value});
            retry = retry || name == "retry-after";
        }
        BOOST_TEST(retry == (status == 429));
        failure const why = providers::openai_chat::client().decode_error(status, fields, body_of(r), {});
        BOOST_TEST(why->message.find(std::to_string(status)) != std::string::npos);
    }
    for (char const* name : {"demo/nothing", "demo/error-200", "demo/error-", "demo/tokens-", "demo/tokens-x",
                             "demo/tokens-5@0", "demo/tokens-999999999", "demo/tokens--1", "demo/"}) {
        wire::scripted_reply const r = ask(name, "x");
        BOOST_TEST(r.status == 404);
        BOOST_TEST(body_of(r).find("model_not_found") != std::string::npos);
        BOOST_TEST(body_of(r).find("demo/echo") != std::string::npos);
    }
    BOOST_TEST(providers::demo::answer("/v1/chat/completions", "{").status == 400);
    BOOST_TEST(providers::demo::answer("/v1/other", "{}").status == 404);
    BOOST_TEST(ask("demo/embedding", "x").status == 400);
}

BOOST_AUTO_TEST_CASE(broken_answers_are_broken)
{
    BOOST_TEST((ask("demo/stall", "a b c d", streamed).end == ending::stall));
    wire::scripted_reply const cut = ask("demo/cut", "a b c d", streamed);
    BOOST_TEST((cut.end == ending::cut));
    decoded_stream const s = decode_stream(body_of(cut));
    BOOST_REQUIRE(s.error);
    BOOST_TEST(fold(s.chunks).text() == "a b");
    BOOST_TEST(!decode_chat(body_of(ask("demo/cut", "x"))).has_value());
}

BOOST_AUTO_TEST_CASE(tool_calls_then_text)
{
    auto const whole = decode_chat(body_of(ask("demo/tool", "x", tools)));
    BOOST_REQUIRE(whole.has_value());
    BOOST_REQUIRE_EQUAL(whole->choices[0].message.tool_calls.size(), 1U);
    tool_call const& call = whole->choices[0].message.tool_calls[0];
    BOOST_TEST(call.name == "add");
    BOOST_TEST(call.arguments == R"({"a":1,"b":1})");
    BOOST_TEST((whole->choices[0].finish_reason == finish_reason::tool_calls));
    const chat_response s = fold(decode_stream(body_of(ask("demo/tool", "x", tools + streamed))).chunks);
    BOOST_TEST(s.choices[0].message.tool_calls[0].arguments == call.arguments);
    auto const after = decode_chat(body_of(providers::demo::answer(
        "/chat/completions",
        R"({"model":"tool","messages":[{"role":"tool","tool_call_id":"c","content":"42"}]})")));
    BOOST_TEST(after->text() == "The tool said: 42");
    BOOST_TEST(decode_chat(body_of(ask("demo/tool", "x")))->choices[0].message.tool_calls.empty());
    BOOST_TEST(decode_chat(body_of(ask("demo/tool", "x", tools + R"(,"tool_choice":"none")")))
                   ->choices[0]
                   .message.tool_calls.empty());
}

BOOST_AUTO_TEST_CASE(arguments_fit_their_schema)
{
    using providers::demo::sample_of;
    BOOST_TEST(sample_of("") == "{}");
    BOOST_TEST(sample_of("[") == "{}");
    BOOST_TEST(sample_of(R"({"type":"string"})") == "{}");
    BOOST_TEST(
        sample_of(
            R"({"properties":{"a":{"enum":["x","y"]},"b":{"type":["null","string"]},"c":{"type":"array","items":{"type":"boolean"}},"d":{"type":"integer","minimum":5},"e":{"anyOf":[{"const":3}]},"f":{}}})") ==
        R"({"a":"x","b":null,"c":[true],"d":5,"e":3,"f":"text"})");
    std::string deep = "{\"type\":\"string\"}";
    for (int i = 0; i != 60; ++i) {
        deep = "{\"type\":\"object\",\"properties\":{\"a\":" + deep + "}}";
    }
    BOOST_CHECK_NO_THROW(oracle(sample_of(deep)));
}

BOOST_AUTO_TEST_CASE(embeddings_are_unit_vectors)
{
    const auto embed = [](std::string const& members) {
        return providers::demo::answer("/v1/embeddings", R"({"model":"demo/embedding",)" + members + "}");
    };
    auto const r = decode_embedding(body_of(embed(R"("input":["x","y","x"])")));
    BOOST_REQUIRE(r.has_value());
    BOOST_REQUIRE_EQUAL(r->data.size(), 3U);
    BOOST_TEST((r->data[0].values == r->data[2].values));
    BOOST_TEST((r->data[0].values != r->data[1].values));
    for (embedding const& one : r->data) {
        double sum = 0;
        for (float const v : one.values) {
            sum += static_cast<double>(v) * static_cast<double>(v);
        }
        BOOST_TEST(one.values.size() == 64U);
        BOOST_TEST(std::fabs(sum - 1.0) < 1e-5);
    }
    BOOST_TEST(r->usage.prompt_tokens == 3);
    auto const tokens = decode_embedding(
        body_of(embed(R"("input":[[1,2],[2,1]],"dimensions":3,"encoding_format":"base64")")));
    BOOST_REQUIRE(tokens.has_value());
    BOOST_TEST(tokens->data[0].values.size() == 3U);
    BOOST_TEST((tokens->data[0].values != tokens->data[1].values));
    BOOST_TEST(embed(R"("input":"x","dimensions":0)").status == 400);
    BOOST_TEST(embed(R"("input":"x","dimensions":999999)").status == 400);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
