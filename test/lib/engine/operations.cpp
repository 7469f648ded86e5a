#include "lib/engine/operations.hpp"

#include "test/lib/engine/script.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace cogate::test;
namespace engine = cogate::engine;
namespace wire = cogate::wire;

namespace {

/// A kernel with one deployment `m` of a service over a scripted upstream.
struct scripted_kernel {
    scripted_kernel(std::string model, cogate::transports::memory_transport::responder answer)
        : upstream(cogate::transports::make_scripted_transport(std::move(answer)))
    {
        cogate::gateway_options options;
        options.providers_from_environment = false;
        options.environment = [](std::string const&) { return std::optional<std::string>{}; };
        options.deployments.push_back({.model_name = "m",
                                       .model = std::move(model),
                                       .api_base = "http://upstream.test/v1",
                                       .api_key = cogate::secret("k")});
        kernel = std::make_unique<engine::kernel>(std::move(options), upstream);
    }

    template <class Request, class Response>
    cogate::result<Response>
    run(boost::asio::awaitable<cogate::result<Response>> (*what)(engine::kernel&,
                                                                 std::shared_ptr<Request const>,
                                                                 cogate::call_options, engine::call_report*),
        Request request, cogate::call_options options = {}, engine::call_report* told = nullptr)
    {
        return loop.run(
            what(*kernel, std::make_shared<Request const>(std::move(request)), std::move(options), told));
    }

    std::string sent(std::size_t i) const { return upstream->records().at(i).request; }

    virtual_loop loop;
    std::shared_ptr<cogate::transports::memory_transport> upstream;
    std::unique_ptr<engine::kernel> kernel;
};

/// One vector per text of the request, its first number the text's.
wire::scripted_reply embedding_reply(std::string_view request)
{
    std::string data;
    int index = 0;
    for (std::size_t at = request.find("\"t"); at != std::string_view::npos;
         at = request.find("\"t", at + 1)) {
        std::size_t const end = request.find('"', at + 1);
        data += data.empty() ? "" : ",";
        data += "{\"index\":" + std::to_string(index++) + ",\"embedding\":[" +
                std::string(request.substr(at + 2, end - at - 2)) + "]}";
    }
    std::string const n = std::to_string(index);
    return json_reply(200, "{\"model\":\"e\",\"data\":[" + data + "],\"usage\":{\"total_tokens\":" + n +
                               ",\"prompt_tokens\":" + n + "}}");
}

cogate::embedding_request texts(int count)
{
    std::vector<std::string> list;
    for (int i = 0; i != count; ++i) {
        list.push_back("t" + std::to_string(i));
    }
    return {.model = "m", .input = std::move(list)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine_operations)

BOOST_AUTO_TEST_CASE(embeddings_of_one_batch)
{
    scripted_kernel k{"voyage/v", [](std::string_view request) { return embedding_reply(request); }};
    auto const got = k.run(engine::embed, texts(3));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->data.size() == 3U);
    BOOST_TEST(k.upstream->records().size() == 1U);
}

BOOST_AUTO_TEST_CASE(large_embedding_requests_are_split_and_put_together_in_order)
{
    scripted_kernel k{"voyage/v", [](std::string_view request) { return embedding_reply(request); }};
    int const count = 2500; // Voyage takes 1000 at once
    auto const got = k.run(engine::embed, texts(count));
    BOOST_REQUIRE(got.has_value());
    BOOST_REQUIRE(got->data.size() == static_cast<std::size_t>(count));
    for (int i = 0; i != count; ++i) {
        cogate::embedding const& one = got->data[static_cast<std::size_t>(i)];
        BOOST_REQUIRE(one.index == i);
        BOOST_REQUIRE(one.values.at(0) == static_cast<float>(i));
    }
    BOOST_TEST(got->usage.total_tokens == count);
    BOOST_TEST(got->usage.prompt_tokens == count);
    BOOST_TEST(k.upstream->records().size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_report_tells_of_all_calls_behind_an_answer)
{
    int calls = 0;
    scripted_kernel k{"voyage/voyage-3.5", [&calls](std::string_view request) {
                          auto reply = ++calls == 3 ? json_reply(400, R"({"detail":"too long"})")
                                                    : embedding_reply(request);
                          reply.head_delay = std::chrono::seconds(2);
                          return reply;
                      }};
    engine::call_report two;
    BOOST_REQUIRE(k.run(engine::embed, texts(2000), {.explain = true}, &two).has_value());
    BOOST_TEST(two.call_id.size() == 36U);
    BOOST_TEST(two.deployment_id == k.kernel->current_routes()->deployments().front().id);
    BOOST_TEST((two.upstream == std::chrono::seconds(4)));
    BOOST_TEST(two.route.size() == 2U);
    BOOST_TEST(two.retries == 0);
    BOOST_REQUIRE(two.cost.has_value());
    BOOST_TEST(two.cost->nanos() == 2000 * 60); // 0.06 dollars per million tokens
    engine::call_report failed;
    BOOST_REQUIRE(!k.run(engine::embed, texts(1), {.call_id = "c"}, &failed).has_value());
    BOOST_TEST(failed.call_id == "c");
    BOOST_TEST(!failed.deployment_id.empty());
    BOOST_TEST(!failed.cost.has_value());
    BOOST_TEST(failed.route.empty());
}

BOOST_AUTO_TEST_CASE(a_failed_batch_fails_the_whole)
{
    int calls = 0;
    scripted_kernel k{"voyage/v", [&calls](std::string_view request) {
                          return ++calls == 2 ? json_reply(400, R"({"detail":"too long"})")
                                              : embedding_reply(request);
                      }};
    auto const got = k.run(engine::embed, texts(2500));
    BOOST_REQUIRE(!got.has_value());
    BOOST_TEST((got.error()->kind == cogate::error_kind::invalid_request));
    BOOST_TEST(k.upstream->records().size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_callers_timeout_is_for_all_batches)
{
    scripted_kernel k{"voyage/v", [](std::string_view request) {
                          auto reply = embedding_reply(request);
                          reply.head_delay = std::chrono::seconds(3);
                          return reply;
                      }};
    cogate::call_options options;
    options.timeout = std::chrono::seconds(5);
    auto const got = k.run(engine::embed, texts(2500), options);
    BOOST_REQUIRE(!got.has_value());
    BOOST_TEST(got.error()->code == "timeout_total");
    BOOST_TEST(k.upstream->records().size() == 1U); // the second could not have been answered in time
}

BOOST_AUTO_TEST_CASE(rerank_is_served_by_whichever_dialect_has_it)
{
    scripted_kernel k{"together_ai/r", [](std::string_view) {
                          return json_reply(
                              200, R"({"id":"r","model":"r","results":[{"index":1,"relevance_score":0.9}]})");
                      }};
    cogate::rerank_request request{.model = "m", .query = "q"};
    request.documents = {cogate::raw_json{"\"a\""}, cogate::raw_json{"\"b\""}};
    auto const got = k.run(engine::rerank, request);
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->results.at(0).index == 1);
    BOOST_TEST(k.sent(0).starts_with("POST /v1/rerank HTTP/1.1\r\n"));
}

BOOST_AUTO_TEST_CASE(what_a_deployment_does_not_serve_is_said_and_not_sent)
{
    scripted_kernel k{"voyage/v", [](std::string_view) { return json_reply(200, "{}"); }};
    auto const refused = [&k](auto const& got) {
        BOOST_REQUIRE(!got.has_value());
        BOOST_TEST(got.error()->code == "unsupported_operation");
        BOOST_TEST(got.error()->status == 400);
        BOOST_TEST(got.error()->provider == "voyage");
        BOOST_TEST(k.upstream->records().empty());
    };
    refused(k.run(engine::make_images, cogate::image_request{.model = "m", .prompt = "p"}));
    refused(k.run(engine::transcribe, cogate::transcription_request{.model = "m", .file = {}}));
    refused(k.run(engine::moderate, cogate::moderation_request{.model = "m", .input = {"\"x\""}}));
    refused(k.run(engine::speak, cogate::speech_request{.model = "m", .input = "x"}));
    auto const unknown = k.run(engine::make_images, cogate::image_request{.model = "other", .prompt = "p"});
    BOOST_TEST(unknown.error()->code == "model_not_found");
}

BOOST_AUTO_TEST_CASE(images_are_made)
{
    scripted_kernel k{"openai/dall-e-3", [](std::string_view) {
                          return json_reply(200, R"({"created":1,"data":[{"url":"https://x.test"}]})");
                      }};
    auto const got = k.run(engine::make_images, cogate::image_request{.model = "m", .prompt = "p"});
    BOOST_REQUIRE_MESSAGE(got.has_value(), got.error()->message);
    BOOST_TEST(got->data.at(0).url == "https://x.test");
    BOOST_TEST(k.sent(0).starts_with("POST /v1/images/generations HTTP/1.1\r\n"));
}

BOOST_AUTO_TEST_CASE(speech_is_transcribed_as_a_form)
{
    scripted_kernel k{"openai/whisper-1",
                      [](std::string_view) { return json_reply(200, R"({"text":"hi"})"); }};
    cogate::transcription_request request{.model = "m",
                                          .file = {.name = "a.wav", .media_type = {}, .bytes = "RIFF"}};
    auto const got = k.run(engine::transcribe, request);
    BOOST_REQUIRE_MESSAGE(got.has_value(), got.error()->message);
    BOOST_TEST(got->text == "hi");
    BOOST_TEST(k.sent(0).find("content-type: multipart/form-data; boundary=cogate-form-") !=
               std::string::npos);
    BOOST_TEST(k.sent(0).find("name=\"model\"\r\n\r\nwhisper-1\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(text_is_spoken_and_judged)
{
    scripted_kernel k{"openai/x", [](std::string_view request) {
                          if (request.find("/audio/speech") == std::string_view::npos) {
                              return json_reply(200, R"({"id":"i","results":[{"flagged":true}]})");
                          }
                          wire::scripted_reply reply;
                          reply.headers = {{"content-type", "audio/mpeg"}};
                          reply.body.push_back({std::chrono::milliseconds(0), "ID3"});
                          return reply;
                      }};
    auto const audio = k.run(engine::speak, cogate::speech_request{.model = "m", .input = "x", .voice = "v"});
    BOOST_REQUIRE_MESSAGE(audio.has_value(), audio.error()->message);
    BOOST_TEST(audio->bytes == "ID3");
    BOOST_TEST(audio->media_type == "audio/mpeg");
    BOOST_TEST(k.sent(0).find("accept: */*\r\n") != std::string::npos);
    auto const judged = k.run(engine::moderate, cogate::moderation_request{.model = "m", .input = {"\"x\""}});
    BOOST_REQUIRE_MESSAGE(judged.has_value(), judged.error()->message);
    BOOST_TEST(judged->results.at(0).flagged);
}

BOOST_AUTO_TEST_SUITE_END()
