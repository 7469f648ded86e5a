#include "providers/huggingface/dialect.hpp"

#include <cogate/moderation.hpp>
#include <cogate/rerank.hpp>

#include "test/providers/natives.hpp"

namespace cogate::test::natives {

namespace {

auto const& client = providers::huggingface::client;

auto encode(chat_request const& r, provider_context const& context = provider_context("tgi"))
{
    return client().encode_chat(r, context);
}

constexpr std::string_view stream =
    "data:{\"index\":1,\"token\":{\"id\":1,\"text\":\"Hi\",\"logprob\":-0.1,\"special\":false},\"generated_"
    "text\":null,\"details\":null}\n\n"
    "data: {\"index\":2,\"token\":{\"id\":2,\"text\":\" "
    "all\",\"logprob\":-0.1,\"special\":false},\"generated_text\":null,\"details\":null}\n\n"
    "data:{\"index\":3,\"token\":{\"id\":3,\"text\":\"</"
    "s>\",\"logprob\":-0.1,\"special\":true},\"generated_text\":\"Hi all\","
    "\"details\":{\"finish_reason\":\"eos_token\",\"generated_tokens\":3,\"seed\":null,\"input_length\":9}}"
    "\n\n";

} // namespace

BOOST_AUTO_TEST_SUITE(providers_huggingface)

BOOST_AUTO_TEST_CASE(requests)
{
    chat_request r = ask("hi");
    r.temperature = number_text(0.5);
    r.top_p = number_text(0.9);
    r.top_k = 3;
    r.max_completion_tokens = 8;
    r.stop = {"x"};
    r.seed = 5;
    r.frequency_penalty = number_text(0.25);
    r.extra.set("typical_p", raw_json{"0.5"});
    auto const encoded = encode(r);
    BOOST_TEST(encoded->path == "/generate");
    BOOST_TEST(body_of(encoded) ==
               oracle(R"({"inputs":"hi","parameters":{"temperature":0.5,"top_p":0.9,"top_k":3,
        "frequency_penalty":0.25,"max_new_tokens":8,"stop":["x"],"seed":5,"details":true,"return_full_text":false,
        "typical_p":0.5}})"));
    BOOST_TEST(encode(ask("x"), provider_context("tgi", true))->path == "/generate_stream");
    chat_request cold = ask("hi");
    cold.temperature = number_text(0.0);
    cold.top_p = number_text(1.0);
    BOOST_TEST(body_of(encode(cold)).at("parameters") ==
               oracle(R"({"do_sample":false,"details":true,"return_full_text":false})"));
    chat_request json = ask("hi");
    json.response_format = response_format{
        .type = response_format::kind::json_schema, .name = "n", .schema = raw_json{R"({"type":"array"})"}};
    BOOST_TEST(body_of(encode(json)).at("parameters").at("grammar") ==
               oracle(R"({"type":"json","value":{"type":"array"}})"));
    chat_request tools = ask("hi");
    tools.tools = {weather_tool()};
    BOOST_TEST(encode(tools).error()->param == "tools");
    r.extra.set("seed", raw_json{"6"});
    BOOST_TEST(encode(r).error()->param == "extra");
}

BOOST_AUTO_TEST_CASE(a_conversation_is_a_transcript)
{
    chat_request r = ask("one");
    r.messages.insert(r.messages.begin(), system("be brief"));
    BOOST_TEST(text_at(body_of(encode(r)), "inputs") == "System: be brief\nUser: one\nAssistant:");
}

BOOST_AUTO_TEST_CASE(whole_answers)
{
    auto const decode = [](std::string_view body, std::vector<wire::header> const& headers = {}) {
        return client().decode_chat({.body = body, .headers = headers}, provider_context("tgi"));
    };
    std::string const body =
        R"({"generated_text":"Hi","details":{"finish_reason":"stop_sequence","generated_tokens":3}})";
    auto const answer = decode(body, {{"X-Prompt-Tokens", "16"}});
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->text() == "Hi");
    BOOST_TEST((answer->choices[0].finish_reason == finish_reason::stop));
    BOOST_TEST(answer->choices[0].native_finish_reason == "stop_sequence");
    BOOST_TEST(answer->usage.prompt_tokens == 16);
    BOOST_TEST(answer->usage.total_tokens == 19);
    auto const listed = decode("[" + body + "]", {{"x-prompt-tokens", "-4"}});
    BOOST_REQUIRE(listed.has_value());
    BOOST_TEST(listed->usage.prompt_tokens == 0);
    auto const bare = decode(R"([{"generated_text":"x"}])");
    BOOST_REQUIRE(bare.has_value());
    BOOST_TEST(!bare->usage.reported);
    for (char const* bad : {"", "[]", "{}", "3", R"([{"score":1}])"}) {
        BOOST_TEST((decode(bad).error()->kind == error_kind::bad_gateway));
    }
    BOOST_TEST(
        (decode(R"({"error":"Request failed during generation","error_type":"generation"})").error()->kind ==
         error_kind::internal_server));
}

BOOST_AUTO_TEST_CASE(streams)
{
    decoded const got = run(client(), stream);
    BOOST_TEST(!got.error);
    chat_response const whole = fold(got.chunks);
    BOOST_TEST(whole.text() == "Hi all");
    BOOST_TEST((whole.choices[0].finish_reason == finish_reason::stop));
    BOOST_TEST(whole.usage.prompt_tokens == 9);
    BOOST_TEST(whole.usage.completion_tokens == 3);
    check_splits(client(), stream);
    check_truncation(client(), stream, stream.rfind("\"input_length"));
    decoded const failed =
        run(client(), "data:{\"error\":\"Input validation error: `inputs` tokens + `max_new_tokens` must be "
                      "<= 10\",\"error_type\":\"validation\"}\n\n");
    BOOST_REQUIRE(failed.error.has_value());
    BOOST_TEST(((*failed.error)->kind == error_kind::context_window_exceeded));
}

BOOST_AUTO_TEST_CASE(error_answers)
{
    auto const error = [](int status, std::string_view body) {
        return client().decode_error(status, {}, body, {});
    };
    BOOST_TEST(
        (error(422, R"({"error":"Input validation error: `top_p` must be > 0","error_type":"validation"})")
             ->kind == error_kind::unprocessable));
    BOOST_TEST(
        (error(422,
               R"({"error":"`inputs` must have less than 512 tokens. Given: 900","error_type":"Validation"})")
             ->kind == error_kind::context_window_exceeded));
    BOOST_TEST(
        (error(424, R"({"error":"Request failed during generation","error_type":"generation"})")->kind ==
         error_kind::internal_server));
    BOOST_TEST((error(429, R"({"error":"Model is overloaded","error_type":"overloaded"})")->kind ==
                error_kind::rate_limit));
    BOOST_TEST(
        (error(500, R"({"error":"Incomplete generation","error_type":"incomplete_generation"})")->kind ==
         error_kind::internal_server));
    BOOST_TEST(
        (error(413, R"({"error":"batch size 33 > maximum allowed batch size 32","error_type":"Validation"})")
             ->kind == error_kind::request_too_large));
    failure const loading = error(503, R"({"error":"Model x is currently loading","estimated_time":20.5})");
    BOOST_TEST((loading->kind == error_kind::service_unavailable));
    BOOST_TEST((loading->retry_after == std::chrono::milliseconds(20500)));
}

BOOST_AUTO_TEST_CASE(embeddings)
{
    embedding_request r;
    r.input = std::vector<std::string>{"a", "b"};
    r.extra.set("normalize", raw_json{"false"});
    provider_context const context("bge");
    auto const encoded = client().embeddings()->encode(r, context);
    BOOST_TEST(encoded->path == "/embed");
    BOOST_TEST(body_of(encoded) == oracle(R"({"inputs":["a","b"],"normalize":false})"));
    std::vector<wire::header> const headers = {{"x-compute-tokens", "6"}};
    auto const answer =
        client().embeddings()->decode({.body = "[[1,2],[3,4]]", .headers = headers}, r, context);
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST((answer->data[1].values == std::vector<float>{3.0F, 4.0F}));
    BOOST_TEST(answer->usage.prompt_tokens == 6);
    BOOST_TEST(client().embeddings()->max_inputs(context) == 32U);
    BOOST_TEST(!client().embeddings()->decode({.body = "[[1,2]]"}, r, context).has_value());
    BOOST_TEST(!client().embeddings()->decode({.body = "{}"}, r, context).has_value());
}

BOOST_AUTO_TEST_CASE(rerank)
{
    rerank_request r{.model = "m", .query = "q", .documents = {raw_json{"\"a\""}, raw_json{"\"b\""}}};
    r.top_n = 1;
    provider_context const context("bge");
    auto const encoded = client().rerank()->encode(r, context);
    BOOST_TEST(encoded->path == "/rerank");
    BOOST_TEST(body_of(encoded) == oracle(R"({"query":"q","texts":["a","b"]})"));
    auto const answer = client().rerank()->decode(
        {.body = R"([{"index":1,"score":0.25},{"index":0,"score":0.75,"text":"a"}])"}, r, context);
    BOOST_REQUIRE(answer.has_value());
    BOOST_REQUIRE(answer->results.size() == 1U);
    BOOST_TEST(answer->results[0].index == 0);
    BOOST_TEST(oracle(answer->results[0].document.text) == oracle(R"({"text":"a"})"));
    BOOST_TEST(!client().rerank()->decode({.body = R"([{"index":2,"score":1}])"}, r, context).has_value());
}

BOOST_AUTO_TEST_CASE(predictions_judge_texts)
{
    provider_context const context("toxic");
    auto const request = [&](std::string input) {
        moderation_request r;
        r.input = raw_json{std::move(input)};
        return client().moderations()->encode(r, context);
    };
    BOOST_TEST(request("\"a\"")->path == "/predict");
    BOOST_TEST(body_of(request("\"a\"")) == oracle(R"({"inputs":[["a"]]})"));
    BOOST_TEST(body_of(request(R"(["a",{"type":"text","text":"b"}])")) ==
               oracle(R"({"inputs":[["a"],["b"]]})"));
    BOOST_TEST(request(R"(["a",{"type":"image_url"}])").error()->param == "input[1]");
    auto const answer = client().moderations()->decode(
        {.body =
             R"([[{"label":"toxic","score":0.75},{"label":"neutral","score":0.25}],[{"label":"neutral","score":0.9}]])"},
        {}, context);
    BOOST_REQUIRE(answer.has_value());
    BOOST_REQUIRE(answer->results.size() == 2U);
    BOOST_TEST(answer->results[0].flagged);
    BOOST_TEST(oracle(answer->results[0].categories.text) == oracle(R"({"toxic":true,"neutral":false})"));
    BOOST_TEST(oracle(answer->results[0].category_scores.text) == oracle(R"({"toxic":0.75,"neutral":0.25})"));
    BOOST_TEST(!answer->results[1].flagged);
    BOOST_TEST(!client().moderations()->decode({.body = "[3]"}, {}, context).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::natives
