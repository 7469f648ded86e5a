#include "providers/azure/path.hpp"

#include "providers/azure/dialect.hpp"
#include "providers/openai_chat/dialect.hpp"
#include "providers/registry.hpp"
#include "providers/resolve.hpp"
#include "test/common/provider_context.hpp"

#include <boost/test/unit_test.hpp>

namespace cogate::test {

namespace {

std::string path(std::string base, std::string version, std::string_view of = "/chat/completions")
{
    provider_context context("my dep");
    context.with("api_base", std::move(base)).with("api_version", std::move(version));
    return providers::azure::path_of(of, context);
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_azure_path)

BOOST_AUTO_TEST_CASE(every_form_of_url)
{
    const std::string own = "https://r.openai.azure.com";
    BOOST_TEST(path(own, "") == "/openai/deployments/my%20dep/chat/completions?api-version=2024-10-21");
    BOOST_TEST(path(own, "2025-01-01-preview", "/embeddings") ==
               "/openai/deployments/my%20dep/embeddings?api-version=2025-01-01-preview");
    BOOST_TEST(path(own, "2024-06-01", "/audio/transcriptions") ==
               "/openai/deployments/my%20dep/audio/transcriptions?api-version=2024-06-01");
    BOOST_TEST(path(own + "/openai", "2024-06-01") ==
               "/deployments/my%20dep/chat/completions?api-version=2024-06-01");
    BOOST_TEST(path(own + "/openai/deployments/other", "2024-06-01") ==
               "/chat/completions?api-version=2024-06-01");
    BOOST_TEST(path(own + "/openai/v1", "2024-06-01") == "/chat/completions");
    BOOST_TEST(path(own, "v1") == "/openai/v1/chat/completions");
    BOOST_TEST(path(own, "latest", "/embeddings") == "/openai/v1/embeddings");
    BOOST_TEST(path(own, "preview") == "/openai/v1/chat/completions?api-version=preview");
    BOOST_TEST(path("https://r.services.ai.azure.com", "") ==
               "/models/chat/completions?api-version=2024-05-01-preview");
    BOOST_TEST(path("https://r.services.ai.azure.com/models", "x&y=") ==
               "/chat/completions?api-version=x%26y%3D");
    BOOST_TEST(path("https://r.services.ai.azure.com/openai/v1", "") == "/chat/completions");
}

BOOST_AUTO_TEST_CASE(responses_have_no_deployment_in_the_url)
{
    BOOST_TEST(path("https://r.openai.azure.com", "", "/responses") == "/openai/v1/responses");
    BOOST_TEST(path("https://r.openai.azure.com", "2025-04-01-preview", "/responses") ==
               "/openai/responses?api-version=2025-04-01-preview");
    BOOST_TEST(path("https://r.openai.azure.com/openai/v1", "2025-04-01-preview", "/responses") ==
               "/responses");
}

BOOST_AUTO_TEST_CASE(claude_in_the_foundry)
{
    for (auto const& [base, wanted] :
         {std::pair{"https://r.services.ai.azure.com", "/anthropic/v1/messages"},
          std::pair{"https://r.services.ai.azure.com/anthropic", "/v1/messages"},
          std::pair{"https://r.services.ai.azure.com/anthropic/v1", "/messages"},
          std::pair{"https://r.services.ai.azure.com/anthropic/v1/messages", ""}}) {
        auto const service = providers::resolve_service(
            {.model = "azure_ai/claude-sonnet-4-5", .api_base = base, .api_key = secret("k")}, {});
        BOOST_REQUIRE_MESSAGE(service.has_value(), (service ? "" : service.error()->message));
        BOOST_TEST(service->dialect->name() == "azure_anthropic");
        BOOST_TEST(service->model == "claude-sonnet-4-5");
        const parameter_rules rules;
        const providers::call_context context{.model = service->model,
                                              .service = *service->service,
                                              .settings = service->settings,
                                              .rules = rules};
        auto const made = service->dialect->encode_chat({.model = "m", .messages = {user("x")}}, context);
        BOOST_REQUIRE(made.has_value());
        BOOST_TEST(made->path == wanted);
        BOOST_TEST(made->body.find(R"("model":"claude-sonnet-4-5")") != std::string::npos);
        BOOST_TEST(service->dialect->express_with() == "anthropic_messages");
        BOOST_TEST(service->dialect->express_path(providers::operation::chat, context) == wanted);
        BOOST_TEST(service->dialect->express_path(providers::operation::count_tokens, context) ==
                   std::string(wanted) + "/count_tokens");
        BOOST_TEST(service->dialect->express_headers({}).at(0).first == "anthropic-version");
        auto const proof =
            providers::make_credential(*service->service, *service->dialect, service->key, service->settings);
        BOOST_TEST((*proof)->fields().at(0).first == "api-key");
    }
    // A deployment's name is its owner's choice.
    BOOST_TEST(providers::resolve_model("azure_ai/our-Claude-opus")->dialect->name() == "azure_anthropic");
    // Other models of the Foundry keep OpenAI's dialect.
    BOOST_TEST(providers::resolve_model("azure_ai/grok-4")->dialect->name() == "azure_openai");
    auto const& client = providers::azure::anthropic_client();
    BOOST_TEST((client
                    .decode_error(529, {},
                                  R"({"type":"error","error":{"type":"overloaded_error","message":"m"}})", {})
                    ->kind == error_kind::service_unavailable));
    BOOST_TEST(
        (client.decode_error(401, {}, R"({"error":{"code":"401","message":"Access denied"}})", {})->kind ==
         error_kind::authentication));
}

BOOST_AUTO_TEST_CASE(requests_go_there)
{
    provider_context context("dep");
    context.with("api_base", "https://r.openai.azure.com");
    const chat_request r{.model = "m", .messages = {user("hi")}};
    auto const& client = providers::azure::openai_client();
    BOOST_TEST(client.name() == "azure_openai");
    BOOST_TEST(client.encode_chat(r, context)->path ==
               "/openai/deployments/dep/chat/completions?api-version=2024-10-21");
    const embedding_request e{.model = "m", .input = std::vector<std::string>{"a"}};
    BOOST_REQUIRE(client.embeddings() != nullptr);
    BOOST_TEST(client.embeddings()->encode(e, context)->path ==
               "/openai/deployments/dep/embeddings?api-version=2024-10-21");
    BOOST_TEST(client.express_with() == "openai_chat");
    BOOST_TEST(client.express_path(providers::operation::chat, context) ==
               "/openai/deployments/dep/chat/completions?api-version=2024-10-21");
    BOOST_TEST(client.authorization(secret("k")).first == "api-key");
    BOOST_TEST(providers::azure::responses_client().name() == "azure_responses");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
