#include "providers/replicate/dialect.hpp"
#include "test/providers/natives.hpp"

namespace cogate::test::natives {

namespace {

auto const& client = providers::replicate::client;

auto encode(chat_request const& r, provider_context const& context = provider_context("meta/llama-3"))
{
    return client().encode_chat(r, context);
}

std::string sse(std::initializer_list<std::pair<std::string_view, std::string_view>> events)
{
    std::string out = ": hi\n\n";
    for (auto const& [type, data] : events) {
        out += "event: ";
        out += type;
        out += "\nid: 1:0\ndata: ";
        out += data;
        out += "\n\n";
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_replicate)

BOOST_AUTO_TEST_CASE(models_and_versions)
{
    auto const path = [](std::string model) {
        return encode(ask("x"), provider_context(std::move(model)))->path;
    };
    auto const version = [](std::string model) {
        return text_at(body_of(encode(ask("x"), provider_context(std::move(model)))), "version");
    };
    BOOST_TEST(path("meta/llama-3") == "/models/meta/llama-3/predictions");
    BOOST_TEST(path("deployments/me/mine") == "/deployments/me/mine/predictions");
    BOOST_TEST(path("me/it:5797a99e") == "/predictions");
    BOOST_TEST(version("me/it:5797a99e") == "5797a99e");
    BOOST_TEST(path("5797a99e") == "/predictions");
    BOOST_TEST(version("5797a99e") == "5797a99e");
    BOOST_TEST(path("a b/c?d") == "/models/a%20b/c%3Fd/predictions");
    for (char const* model : {"../account", "meta/..", "meta//x", "./x"}) {
        auto const refused = encode(ask("x"), provider_context(model));
        BOOST_REQUIRE(!refused.has_value());
        BOOST_TEST((refused.error()->kind == error_kind::not_found));
    }
}

BOOST_AUTO_TEST_CASE(one_message_is_the_prompt)
{
    chat_request r = ask("tell me");
    r.messages.push_back(text_message(role::system, "be brief"));
    r.temperature = number_text(0.5);
    r.max_tokens = 9;
    r.stop = {"a", "b"};
    r.extra.set("prompt_template", raw_json{"\"{prompt}\""});
    auto const encoded = encode(r);
    BOOST_TEST(body_of(encoded) ==
               oracle(R"({"input":{"prompt":"tell me","system_prompt":"be brief","max_tokens":9,
        "temperature":0.5,"stop_sequences":"a,b","prompt_template":"{prompt}"}})"));
    BOOST_REQUIRE(encoded->headers.size() == 1U);
    BOOST_TEST(encoded->headers[0].first == "prefer");
    auto const streaming = encode(ask("x"), provider_context("meta/llama-3", true));
    BOOST_TEST(streaming->headers.empty());
    BOOST_TEST(body_of(streaming).at("stream").as_bool());
}

BOOST_AUTO_TEST_CASE(a_conversation_is_a_transcript)
{
    chat_request r = ask("one");
    r.messages.push_back(assistant("two"));
    r.messages.push_back(user("three"));
    BOOST_TEST(text_at(body_of(encode(r)).at("input"), "prompt") ==
               "User: one\nAssistant: two\nUser: three\nAssistant:");
    r.messages.push_back(tool_result("c", "x"));
    BOOST_TEST(encode(r).error()->param == "messages[3]");
    r.messages.pop_back();
    r.messages[0].content.emplace_back(picture("AA=="));
    BOOST_TEST(encode(r).error()->param == "messages[0].content[1]");
    chat_request tools = ask("x");
    tools.tools = {weather_tool()};
    BOOST_TEST(encode(tools).error()->param == "tools");
}

BOOST_AUTO_TEST_CASE(where_to_ask_on)
{
    auto const follow = [](std::string_view body, bool stream) {
        return client().follow(body, provider_context("m", stream));
    };
    constexpr std::string_view waiting = R"({"id":"p","status":"processing","urls":{
        "get":"https://api.replicate.com/v1/predictions/p","stream":"https://stream.replicate.com/v1/files/p"}})";
    auto const poll = follow(waiting, false);
    BOOST_REQUIRE((poll.has_value() && poll->has_value()));
    BOOST_TEST((*poll)->url == "https://api.replicate.com/v1/predictions/p");
    BOOST_TEST(!(*poll)->stream);
    BOOST_TEST((*poll)->wait.count() > 0);
    auto const streamed = follow(waiting, true);
    BOOST_REQUIRE((streamed.has_value() && streamed->has_value()));
    BOOST_TEST((*streamed)->url == "https://stream.replicate.com/v1/files/p");
    BOOST_TEST((*streamed)->stream);
    auto const done = follow(R"({"status":"succeeded","output":["a"]})", false);
    BOOST_REQUIRE(done.has_value());
    BOOST_TEST(!done->has_value());
    auto const cannot = follow(R"({"status":"starting","urls":{"get":"https://api.replicate.com/x"}})", true);
    BOOST_TEST(cannot.error()->param == "stream");
    for (char const* url :
         {"https://evil.example/x", "http://api.replicate.com/x", "https://notreplicate.com/",
          "ftp://replicate.com/", "", "https://u:p@replicate.com/"}) {
        std::string const body = std::string(R"({"status":"starting","urls":{"get":")") + url + "\"}}";
        BOOST_TEST((follow(body, false).error()->kind == error_kind::bad_gateway));
    }
    BOOST_TEST(
        (follow(R"({"status":"failed","error":"NSFW content detected. Try again."})", false).error()->kind ==
         error_kind::content_policy_violation));
    BOOST_TEST((follow(R"({"status":"canceled"})", true).error()->code == "prediction_canceled"));
    BOOST_TEST(!follow("[]", false).has_value());
    BOOST_TEST(client().follows());
}

BOOST_AUTO_TEST_CASE(whole_answers)
{
    auto const decode = [](std::string_view body) {
        return client().decode_chat({.body = body}, provider_context("m"));
    };
    auto const answer =
        decode(R"({"id":"p","model":"meta/llama-3","status":"succeeded","input":{"prompt":"x"},
        "output":["Hel","lo",""," there"],"created_at":"2024-02-12T16:45:41.730471035Z",
        "metrics":{"input_token_count":7,"output_token_count":3,"predict_time":1.5}})");
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->text() == "Hello there");
    BOOST_TEST(answer->id == "p");
    BOOST_TEST(answer->created == 1707756341);
    BOOST_TEST(answer->usage.total_tokens == 10);
    BOOST_TEST(answer->extra.find("metrics") != nullptr);
    BOOST_TEST(answer->extra.find("input") == nullptr);
    BOOST_TEST(decode(R"({"status":"succeeded","output":"one"})")->text() == "one");
    BOOST_TEST(decode(R"({"status":"succeeded","output":{"a":1}})")->text() == R"({"a":1})");
    BOOST_TEST(!decode(R"({"status":"succeeded","output":null})")->usage.reported);
    BOOST_TEST((decode(R"({"status":"failed","error":"CUDA out of memory"})").error()->kind ==
                error_kind::internal_server));
    BOOST_TEST((decode(R"({"status":"starting"})").error()->kind == error_kind::bad_gateway));
    BOOST_TEST((decode("nope").error()->kind == error_kind::bad_gateway));
}

BOOST_AUTO_TEST_CASE(streams)
{
    std::string const bytes =
        sse({{"output", ""}, {"output", "Sure"}, {"output", ":\ndata: \ndata: Why"}, {"done", "{}"}}) +
        ":408: late\n\n";
    decoded const got = run(client(), bytes);
    BOOST_TEST(!got.error);
    chat_response const whole = fold(got.chunks);
    BOOST_TEST(whole.text() == "Sure:\n\nWhy");
    BOOST_TEST((whole.choices[0].finish_reason == finish_reason::stop));
    BOOST_TEST(whole.id.starts_with("chatcmpl-"));
    check_splits(client(), bytes);
    check_truncation(client(), bytes, bytes.find("data: {}"));
    BOOST_TEST(((*run(client(), sse({{"output", "a"}, {"done", R"({"reason":"error"})"}})).error)->kind ==
                error_kind::internal_server));
    BOOST_TEST(((*run(client(), sse({{"error", R"({"detail":"input is too long"})"}})).error)->kind ==
                error_kind::context_window_exceeded));
    BOOST_TEST((*run(client(), sse({{"done", R"({"reason":"canceled"})"}})).error)->code ==
               "prediction_canceled");
}

BOOST_AUTO_TEST_CASE(error_answers)
{
    auto const error = [](int status, std::string_view body, std::vector<wire::header> const& headers = {}) {
        return client().decode_error(status, headers, body, {});
    };
    BOOST_TEST((
        error(401, R"({"title":"Unauthenticated","detail":"You did not pass a token","status":401})")->kind ==
        error_kind::authentication));
    BOOST_TEST((error(402, R"({"detail":"insufficient credit"})")->kind == error_kind::quota_exceeded));
    BOOST_TEST(
        (error(422,
               R"({"title":"Input validation failed","detail":"- input.prompt is required","status":422})")
             ->kind == error_kind::unprocessable));
    BOOST_TEST(
        (error(400, R"({"detail":"Input is too long"})")->kind == error_kind::context_window_exceeded));
    failure const slow = error(429, R"({"detail":"Request was throttled."})", {{"ratelimit-reset", "7"}});
    BOOST_TEST((slow->kind == error_kind::rate_limit));
    BOOST_TEST((slow->retry_after == std::chrono::seconds(7)));
    BOOST_TEST((error(404, "")->kind == error_kind::not_found));
}

BOOST_AUTO_TEST_CASE(recorded)
{
    namespace bj = boost::json;
    for (auto const& path : fixtures("replicate/models", ".response.json")) {
        BOOST_TEST_MESSAGE("not covered: "
                           << path.filename().string()
                           << ": descriptions of models; no operation of the gateway asks for them");
    }
    for (auto const& path : fixtures("replicate/predictions", ".response.json")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            std::string const body = read_file(path);
            bj::value const theirs = oracle(body);
            bool const stream = at(theirs, "stream") != nullptr;
            auto const next = client().follow(body, provider_context("m", stream));
            BOOST_REQUIRE((next.has_value() && next->has_value()));
            BOOST_TEST((*next)->url == text_at(theirs.at("urls"), stream ? "stream" : "get"));
        }
    }
    for (auto const& path : fixtures("replicate/predictions", ".request.json")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            bj::value const theirs = oracle(read_file(path));
            std::string const version = text_at(theirs, "version");
            provider_context const context(version.empty() ? "meta/llama-2-70b-chat" : version,
                                           at(theirs, "stream") != nullptr);
            auto const ours = encode(ask(text_at(theirs.at("input"), "prompt")), context);
            BOOST_TEST(body_of(ours) == theirs);
            BOOST_TEST(ours->path ==
                       (version.empty() ? "/models/meta/llama-2-70b-chat/predictions" : "/predictions"));
        }
    }
    for (auto const& path : fixtures("replicate/stream", ".stream.txt")) {
        BOOST_TEST_CONTEXT(path.filename().string())
        {
            std::string const bytes = read_file(path);
            decoded const got = run(client(), bytes);
            BOOST_REQUIRE(!got.error);
            check_splits(client(), bytes);
            std::string const text = fold(got.chunks).text();
            BOOST_TEST(text.starts_with(
                "Sure, here's a joke about OpenTelemetry:\n\nWhy did the OpenTelemetry agent"));
            BOOST_TEST(text.find("event:") == std::string::npos);
            BOOST_TEST(text.find("408") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::natives
