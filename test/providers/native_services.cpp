#include <cogate/rerank.hpp>

#include "test/providers/table.hpp"

#include "lib/core/words.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::test {

namespace {

struct native {
    std::string_view name;
    std::string_view url;
    std::string_view header; ///< empty: another kind of credential
};

/// A chat request, or what a service without chat has instead.
result<providers::encoded_request> first_request(providers::resolved_service const& service,
                                                 providers::call_context const& context)
{
    if (core::has_word(service.service->modalities, "chat") ||
        core::has_word(service.service->modalities, "completions")) {
        return service.dialect->encode_chat({.model = "m", .messages = {user("x")}}, context);
    }
    if (service.dialect->embeddings() != nullptr) {
        return service.dialect->embeddings()->encode({.model = "m", .input = std::vector<std::string>{"x"}},
                                                     context);
    }
    BOOST_REQUIRE(service.dialect->rerank() != nullptr);
    const rerank_request ask{.model = "m", .query = "q", .documents = {raw_json{R"("d")"}}};
    return service.dialect->rerank()->encode(ask, context);
}

constexpr native natives[] = {
    {"anthropic", "https://api.anthropic.com/v1/messages", "x-api-key: k"},
    {"gemini", "https://generativelanguage.googleapis.com/v1beta/models/m:generateContent",
     "x-goog-api-key: k"},
    {"cohere", "https://api.cohere.com/v2/chat", "authorization: Bearer k"},
    {"cohere_chat", "https://api.cohere.com/v2/chat", "authorization: Bearer k"},
    {"text-completion-openai", "https://api.openai.com/v1/completions", "authorization: Bearer k"},
    {"bedrock", "https://bedrock-runtime.eu-west-3.amazonaws.com/model/m/converse",
     "authorization: Bearer k"},
    {"bedrock_agent", "https://bedrock-agent-runtime.eu-west-3.amazonaws.com/rerank",
     "authorization: Bearer k"},
    {"vertex_ai", "https://aiplatform.googleapis.com/v1beta1/publishers/google/models/m:generateContent",
     "x-goog-api-key: k"},
    {"replicate", "https://api.replicate.com/v1/models/o/m/predictions", "authorization: Bearer k"},
    {"voyage", "https://api.voyageai.com/v1/embeddings", "authorization: Bearer k"},
    {"jina_ai", "https://api.jina.ai/v1/embeddings", "authorization: Bearer k"},
    {"ollama", "http://localhost:11434/api/chat", "authorization: Bearer k"},
    {"ollama_chat", "http://localhost:11434/api/chat", "authorization: Bearer k"},
    {"huggingface_native", "https://given/base/generate", "authorization: Bearer k"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(providers_native_services)

BOOST_AUTO_TEST_CASE(every_other_service_too)
{
    std::set<std::string_view> seen;
    for (native const& want : natives) {
        BOOST_TEST_CONTEXT(want.name)
        {
            seen.insert(want.name);
            providers::provider const* const row = providers::find_provider(want.name);
            BOOST_REQUIRE(row != nullptr);
            result<providers::resolved_service> const service = deployed(*row);
            BOOST_REQUIRE_MESSAGE(service.has_value(), (service ? "" : service.error()->message));
            const parameter_rules rules;
            const providers::call_context context{
                .model = service->model, .service = *row, .settings = service->settings, .rules = rules};
            auto const encoded = first_request(*service, context);
            BOOST_REQUIRE_MESSAGE(encoded.has_value(), (encoded ? "" : encoded.error()->message));
            BOOST_TEST(service->base_url + encoded->path == want.url);
            auto const proof =
                providers::make_credential(*row, *service->dialect, service->key, service->settings);
            BOOST_REQUIRE_MESSAGE(proof.has_value(), (proof ? "" : proof.error()->message));
            if (!want.header.empty()) {
                BOOST_REQUIRE((*proof)->fields().size() == 1U);
                BOOST_TEST((*proof)->fields()[0].first + ": " + (*proof)->fields()[0].second == want.header);
            }
        }
    }
    for (providers::provider const& row : providers::all_providers()) {
        BOOST_CHECK_MESSAGE(is_openai_like(row) || seen.contains(row.name),
                            row.name << " has no expectation");
    }
}

BOOST_AUTO_TEST_CASE(fixed_headers_need_their_settings)
{
    providers::service_request given{.model = "openrouter/anthropic/claude-sonnet-4.5",
                                     .api_key = secret("k")};
    BOOST_TEST(providers::resolve_service(given, {})->headers.empty());
    const auto variables = [](std::string const& name) {
        return name == "OR_SITE_URL" ? std::optional<std::string>("https://me.example") : std::nullopt;
    };
    auto const service = providers::resolve_service(given, variables);
    BOOST_TEST(service->model == "anthropic/claude-sonnet-4.5");
    BOOST_REQUIRE(service->headers.size() == 1U);
    BOOST_TEST(service->headers[0].first == "HTTP-Referer");
    BOOST_TEST(service->headers[0].second == "https://me.example");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
