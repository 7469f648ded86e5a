#include "providers/vertex/dialect.hpp"
#include "test/providers/gemini/support.hpp"

namespace cogate::test::google {

namespace {

namespace vertex = providers::vertex;

std::string base(std::string project, std::string location)
{
    providers::settings given;
    if (!project.empty()) {
        given.set("vertex_project", secret(std::move(project)));
    }
    if (!location.empty()) {
        given.set("vertex_location", secret(std::move(location)));
    }
    return vertex::base_url(given);
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_vertex_dialect)

BOOST_AUTO_TEST_CASE(hosts)
{
    BOOST_TEST(base("p", "europe-west4") ==
               "https://europe-west4-aiplatform.googleapis.com/v1beta1/projects/p/locations/europe-west4");
    BOOST_TEST(base("p", "global") ==
               "https://aiplatform.googleapis.com/v1beta1/projects/p/locations/global");
    BOOST_TEST(base("p", "") == "https://aiplatform.googleapis.com/v1beta1/projects/p/locations/global");
    BOOST_TEST(base("p", "us") == "https://aiplatform.us.rep.googleapis.com/v1beta1/projects/p/locations/us");
    BOOST_TEST(base("example.com:p", "eu") ==
               "https://aiplatform.eu.rep.googleapis.com/v1beta1/projects/example.com:p/locations/eu");
    BOOST_TEST(base("", "") == "https://aiplatform.googleapis.com/v1beta1");
    BOOST_TEST(base("p", "evil.test/") == "");
    BOOST_TEST(base("p", "evil.test") == "");
    BOOST_TEST(base("../p", "global") == "");
    BOOST_TEST(base("p/x", "global") == "");
}

BOOST_AUTO_TEST_CASE(google_s_models_without_ids_of_calls)
{
    chat_request r = ask("q");
    r.messages.push_back(calls({{.id = "own", .name = "f", .arguments = "{}"}}));
    r.messages.push_back(tool_result("own", "x"));
    auto const encoded = vertex::gemini_client().encode_chat(r, provider_context("gemini-2.5-pro", true));
    BOOST_REQUIRE(encoded.has_value());
    BOOST_TEST(encoded->path == "/publishers/google/models/gemini-2.5-pro:streamGenerateContent?alt=sse");
    BOOST_TEST(encoded->body.find("own") == std::string::npos);
    BOOST_TEST(vertex::gemini_client().encode_chat(ask("q"), provider_context("1234567890"))->path ==
               "/endpoints/1234567890:generateContent");
    BOOST_TEST(vertex::gemini_client().express_with() == "gemini");
    BOOST_TEST(vertex::gemini_client().name() == "vertex_gemini");
    BOOST_TEST(vertex::gemini_client().images() != nullptr);
}

BOOST_AUTO_TEST_CASE(claude_with_its_model_in_the_path_only)
{
    chat_request r = ask("q");
    r.max_tokens = 5;
    auto const encoded = vertex::anthropic_client().encode_chat(
        r, provider_context("anthropic/claude-sonnet-4@20250514", true));
    BOOST_REQUIRE_MESSAGE(encoded.has_value(), (encoded ? "" : encoded.error()->message));
    BOOST_TEST(encoded->path == "/publishers/anthropic/models/claude-sonnet-4@20250514:streamRawPredict");
    const bj::value body = oracle(encoded->body);
    BOOST_TEST(text_at(body, "anthropic_version") == "vertex-2023-10-16");
    BOOST_TEST(body.at("stream").as_bool());
    BOOST_TEST(!body.as_object().contains("model"));
    BOOST_TEST(number_at(body, "max_tokens") == 5);
    auto const whole = vertex::anthropic_client().encode_chat(r, provider_context("claude-x"));
    BOOST_REQUIRE(whole.has_value());
    BOOST_TEST(whole->path == "/publishers/anthropic/models/claude-x:rawPredict");
    BOOST_TEST(!oracle(whole->body).as_object().contains("stream"));
    auto const answer =
        vertex::anthropic_client().decode_chat({.body = R"({"id":"m","type":"message","role":"assistant",
        "content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2}})"},
                                               provider_context("claude-x"));
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->text() == "hi");
    const auto kind = [](int status, std::string_view text) {
        return vertex::anthropic_client().decode_error(status, {}, text, {})->kind;
    };
    BOOST_TEST((kind(429, R"({"type":"error","error":{"type":"rate_limit_error","message":"x"}})") ==
                error_kind::rate_limit));
    BOOST_TEST(
        (kind(404, R"({"error":{"code":404,"message":"Publisher Model not found","status":"NOT_FOUND"}})") ==
         error_kind::not_found));
}

BOOST_AUTO_TEST_CASE(partners_behind_openai_s_dialect)
{
    auto const encoded = vertex::openai_client().encode_chat(ask("q"), provider_context("meta/llama-4"));
    BOOST_REQUIRE(encoded.has_value());
    BOOST_TEST(encoded->path == "/endpoints/openapi/chat/completions");
    BOOST_TEST(text_at(oracle(encoded->body), "model") == "meta/llama-4");
    BOOST_TEST(vertex::openai_client().express_path(providers::operation::chat, provider_context()) ==
               "/endpoints/openapi/chat/completions");
    BOOST_TEST(
        vertex::openai_client()
            .decode_chat({.body = R"({"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]})"},
                         provider_context())
            ->text() == "hi");
    BOOST_TEST((vertex::openai_client()
                    .decode_error(429, {}, R"([{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}])", {})
                    ->kind == error_kind::rate_limit));
}

BOOST_AUTO_TEST_CASE(embeddings_of_both_kinds)
{
    providers::embedding_codec const& codec = *vertex::gemini_client().embeddings();
    embedding_request r;
    r.input = std::vector<std::string>{"a", "b"};
    r.dimensions = 4;
    r.extra.set("task_type", {R"("CLUSTERING")"});
    provider_context const text("text-embedding-005");
    auto const encoded = codec.encode(r, text);
    BOOST_REQUIRE(encoded.has_value());
    BOOST_TEST(encoded->path == "/publishers/google/models/text-embedding-005:predict");
    BOOST_TEST((oracle(encoded->body) == oracle(R"({"instances":[{"content":"a","task_type":"CLUSTERING"},
        {"content":"b","task_type":"CLUSTERING"}],"parameters":{"outputDimensionality":4}})")));
    BOOST_TEST(codec.max_inputs(text) == 250U);
    provider_context const two("gemini-embedding-2");
    BOOST_TEST(codec.max_inputs(two) == 1U);
    BOOST_TEST(!codec.encode(r, two).has_value());
    r.input = std::vector<std::string>{"a"};
    BOOST_TEST(codec.encode(r, two)->path == "/publishers/google/models/gemini-embedding-2:embedContent");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::google
