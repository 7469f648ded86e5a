#include "providers/ollama/dialect.hpp"
#include "test/providers/natives.hpp"

#include <set>

namespace cogate::test::natives {

namespace {

auto const& client = providers::ollama::client;

auto decode(std::string_view body)
{
    return client().decode_chat({.body = body}, provider_context("m"));
}

constexpr std::string_view stream =
    R"({"model":"m","created_at":"2024-05-24T20:57:43.314639Z","message":{"role":"assistant","content":"","thinking":"hm"},"done":false}
{"model":"m","created_at":"2024-05-24T20:57:44Z","message":{"role":"assistant","content":"Hi \u00e4"},"done":false}
{"model":"m","created_at":"2024-05-24T20:57:44Z","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"x":1}}},{"function":{"name":"f","arguments":{"x":1}}}]},"done":false}
{"model":"m","created_at":"2024-05-24T20:57:45Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":5,"prompt_eval_count":7,"eval_count":2}
)";

} // namespace

BOOST_AUTO_TEST_SUITE(providers_ollama_decode)

BOOST_AUTO_TEST_CASE(whole_answers)
{
    auto const answer =
        decode(R"({"model":"m","created_at":"2024-05-24T20:57:43.3+02:00","message":{"role":"assistant",
        "content":"Hi","thinking":"hm","tool_calls":[{"function":{"name":"f","arguments":{"x":1}}},{"function":{"name":"g"}}]},
        "done":true,"done_reason":"stop","prompt_eval_count":7,"eval_count":2,"total_duration":99})");
    BOOST_REQUIRE(answer.has_value());
    chat_choice const& choice = answer->choices[0];
    BOOST_TEST(answer->created == 1716577063);
    BOOST_TEST(answer->id.starts_with("chatcmpl-"));
    BOOST_TEST(choice.message.text() == "Hi");
    BOOST_TEST(choice.message.reasoning() == "hm");
    BOOST_REQUIRE(choice.message.tool_calls.size() == 2U);
    BOOST_TEST(choice.message.tool_calls[0].arguments == R"({"x":1})");
    BOOST_TEST(choice.message.tool_calls[1].arguments == "{}");
    BOOST_TEST(choice.message.tool_calls[0].id.size() == 29U);
    BOOST_TEST(choice.message.tool_calls[0].id != choice.message.tool_calls[1].id);
    BOOST_TEST((choice.finish_reason == finish_reason::tool_calls));
    BOOST_TEST(choice.native_finish_reason == "stop");
    BOOST_TEST(answer->usage.prompt_tokens == 7);
    BOOST_TEST(answer->usage.total_tokens == 9);
    BOOST_REQUIRE(answer->extra.find("total_duration") != nullptr);
    BOOST_TEST((decode(R"({"message":{"content":"x"},"done":true,"done_reason":"length"})")
                    ->choices[0]
                    .finish_reason == finish_reason::length));
    auto const cached = decode(R"({"message":{"content":"x"},"done":true,"eval_count":3})");
    BOOST_TEST(cached->usage.reported); // the prompt's count is missing when it was cached
    BOOST_TEST(cached->usage.completion_tokens == 3);
    BOOST_TEST(decode(R"({"response":"old","done":true})")->text() == "old");
}

BOOST_AUTO_TEST_CASE(streams_fold_to_the_whole)
{
    decoded const got = run(client(), stream);
    BOOST_TEST(!got.error);
    chat_response const whole = fold(got.chunks);
    BOOST_TEST(whole.text() == "Hi \xC3\xA4");
    BOOST_TEST(whole.choices[0].message.reasoning() == "hm");
    auto const& calls = whole.choices[0].message.tool_calls;
    BOOST_REQUIRE(calls.size() == 2U);
    BOOST_TEST(calls[0].arguments == R"({"x":1})");
    BOOST_TEST(calls[0].id != calls[1].id);
    BOOST_TEST((whole.choices[0].finish_reason == finish_reason::tool_calls));
    BOOST_TEST(whole.created == 1716584263);
    BOOST_TEST(whole.usage.prompt_tokens == 7);
    BOOST_TEST(got.chunks.front().choices[0].has_role);
    BOOST_TEST(std::count_if(got.chunks.begin(), got.chunks.end(),
                             [](auto const& c) { return c.usage.has_value(); }) == 1);
    check_splits(client(), stream);
    check_truncation(client(), stream, stream.rfind("\"eval_count"));
    // The last line counts without its line end.
    BOOST_TEST(!run(client(), stream.substr(0, stream.size() - 1)).error);
    // The same answer gets the same ids.
    BOOST_TEST((run(client(), stream) == got));
}

BOOST_AUTO_TEST_CASE(errors_come_as_lines_too)
{
    decoded const got = run(client(), R"({"message":{"content":"a"},"done":false}
{"error":"an error was encountered while running the model"}
)");
    BOOST_REQUIRE(got.error.has_value());
    BOOST_TEST((*got.error)->message == "an error was encountered while running the model");
    BOOST_TEST(((*got.error)->kind == error_kind::internal_server));
    BOOST_TEST(got.chunks.size() == 1U);
    BOOST_TEST(!decode(R"({"error":"boom"})").has_value());
    decoded const bad = run(client(), "<html>\n");
    BOOST_REQUIRE(bad.error.has_value());
    BOOST_TEST(((*bad.error)->kind == error_kind::bad_gateway));
    for (char const* body : {"", "[]", "{}", "{\"message\":1}"}) {
        BOOST_TEST((decode(body).error()->kind == error_kind::bad_gateway));
    }
    auto const missing =
        client().decode_error(404, {}, R"({"error":"model 'x' not found, try pulling it first"})", {});
    BOOST_TEST((missing->kind == error_kind::not_found));
    BOOST_TEST((client().decode_error(400, {}, R"({"error":"does not support tools"})", {})->kind ==
                error_kind::invalid_request));
}

BOOST_AUTO_TEST_CASE(content_types)
{
    BOOST_TEST(client().streams_as("application/x-ndjson"));
    BOOST_TEST(client().streams_as("Application/X-NDJSON; charset=utf-8"));
    BOOST_TEST(!client().streams_as("text/html"));
    BOOST_TEST(!client().streams_as("application/json"));
}

BOOST_AUTO_TEST_CASE(a_line_has_a_cap)
{
    provider_context const small("up", true);
    providers::call_context context = small;
    context.max_event_bytes = 64;
    auto const decoder = client().decode_chat_stream(context);
    std::vector<chat_chunk> out;
    auto const fed = decoder->feed(std::string(65, ' '), out);
    BOOST_REQUIRE(!fed.has_value());
    BOOST_TEST(fed.error()->code == "upstream_event_too_large");
}

BOOST_AUTO_TEST_CASE(embeddings)
{
    embedding_request r;
    r.input = std::vector<std::string>{"a", "b"};
    r.dimensions = 8;
    r.extra.set("truncate", raw_json{"true"});
    auto const encoded = client().embeddings()->encode(r, provider_context("nomic"));
    BOOST_TEST(encoded->path == "/api/embed");
    BOOST_TEST(body_of(encoded) ==
               oracle(R"({"model":"nomic","input":["a","b"],"dimensions":8,"truncate":true})"));
    auto const decode_embeddings = [&](std::string_view body) {
        return client().embeddings()->decode({.body = body}, r, provider_context("nomic"));
    };
    auto const answer =
        decode_embeddings(R"({"model":"nomic","embeddings":[[1,2],[3,4]],"prompt_eval_count":5})");
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST((answer->data[1].values == std::vector<float>{3.0F, 4.0F}));
    BOOST_TEST(answer->usage.prompt_tokens == 5);
    BOOST_TEST(!decode_embeddings(R"({"embeddings":[[1,2]]})").has_value());
    BOOST_TEST(decode_embeddings(R"({"embedding":[1,2]})").has_value());
    BOOST_TEST(decode_embeddings(R"({"error":"no such model"})").error()->message == "no such model");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::natives
