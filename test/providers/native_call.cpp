#include "providers/native_call.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cogate::test {
namespace {

using providers::native_call;
using providers::operation;

result<std::optional<native_call>> read(std::string_view service, std::string_view path,
                                        std::string_view body, std::string_view method = "POST")
{
    return providers::read_native_call(service, method, path, body);
}

struct row {
    std::string_view service;
    std::string_view path;
    std::string_view body;
    std::string_view dialect;
    std::string_view model;
    operation what = operation::chat;
    bool stream = false;
};

constexpr std::string_view plain = R"({"model":"m"})";
constexpr std::string_view streamed = R"({"stream":true,"model":"m"})";

} // namespace

BOOST_AUTO_TEST_SUITE(providers_native_call)

BOOST_AUTO_TEST_CASE(calls_of_models_are_known)
{
    const row rows[] = {
        {"openai", "v1/chat/completions", plain, "openai_chat", "m"},
        {"openai", "v1/chat/completions", streamed, "openai_chat", "m", operation::chat, true},
        {"openai", "v1/completions", plain, "openai_completions", "m", operation::completion},
        {"openai", "v1/responses", streamed, "openai_responses", "m", operation::responses, true},
        {"openai", "v1/embeddings", plain, "openai_chat", "m", operation::embedding},
        {"azure", "openai/deployments/d/chat/completions", "{}", "azure_openai", "d"},
        {"azure", "openai/deployments/d/chat/completions", plain, "azure_openai", "d"},
        {"azure", "openai/deployments/d/embeddings", "{}", "azure_openai", "d", operation::embedding},
        {"azure", "openai/v1/chat/completions", plain, "azure_openai", "m"},
        {"azure", "openai/v1/responses", plain, "azure_responses", "m", operation::responses},
        {"mistral", "v1/chat/completions", plain, "openai_chat", "m"},
        {"anthropic", "v1/messages", streamed, "anthropic_messages", "m", operation::chat, true},
        {"anthropic", "v1/messages/count_tokens", plain, "anthropic_messages", "m", operation::count_tokens},
        {"gemini", "v1beta/models/g-2:generateContent", "{}", "gemini", "g-2"},
        {"gemini", "v1beta/models/g-2:streamGenerateContent", "{}", "gemini", "g-2", operation::chat, true},
        {"gemini", "v1beta/models/g-2:countTokens", "{}", "gemini", "g-2", operation::count_tokens},
        {"vertex_ai", "v1/projects/p/locations/l/publishers/google/models/g:generateContent", "{}",
         "vertex_gemini", "g"},
        {"vertex_ai", "v1/projects/p/locations/l/publishers/anthropic/models/c@1:streamRawPredict", "{}",
         "vertex_anthropic", "c@1", operation::chat, true},
        {"vertex_ai", "v1/projects/p/locations/l/endpoints/openapi/chat/completions", plain, "vertex_openai",
         "m"},
        {"bedrock", "model/us.anthropic.c%3A0/converse", "{}", "bedrock_converse", "us.anthropic.c:0"},
        {"bedrock", "model/x/converse-stream", "{}", "bedrock_converse", "x", operation::chat, true},
        {"bedrock", "model/anthropic.c/invoke-with-response-stream", "{}", "bedrock_anthropic", "anthropic.c",
         operation::chat, true},
        {"cohere", "v2/chat", streamed, "cohere", "m", operation::chat, true},
    };
    for (row const& one : rows) {
        BOOST_TEST_CONTEXT(one.service << ' ' << one.path)
        {
            auto const found = read(one.service, one.path, one.body);
            BOOST_REQUIRE(found.has_value());
            BOOST_REQUIRE(found->has_value());
            BOOST_TEST((*found)->model == one.model);
            BOOST_TEST(((*found)->what == one.what));
            BOOST_TEST((*found)->stream == one.stream);
            BOOST_REQUIRE((*found)->dialect != nullptr);
            BOOST_TEST((*found)->dialect->name() == one.dialect);
        }
    }
}

BOOST_AUTO_TEST_CASE(no_spelling_of_a_path_hides_a_call)
{
    for (std::string_view const path :
         {"v1//chat/completions", "v1/chat/completions/", "v1/chat%2D/../chat/completions",
          "v1/%63hat/completions", "v1/./chat/completions", "v1/x/%2e%2e/chat/completions"}) {
        auto const found = read("openai", path, plain);
        BOOST_REQUIRE(found.has_value());
        BOOST_TEST(found->has_value(), path);
    }
}

BOOST_AUTO_TEST_CASE(nothing_else_is)
{
    for (auto const& [service, path] : {std::pair{"openai", "v1/files"},
                                        {"openai", "v1/batches"},
                                        {"openai", "v1/chat/completions/x"},
                                        {"openai", "completions2"},
                                        {"openai", ""},
                                        {"anthropic", "v1/messages/batches"},
                                        {"gemini", "v1beta/models"},
                                        {"gemini", "v1beta/models/:generateContent"},
                                        {"cohere", "v1/chat"},
                                        {"bedrock", "model/amazon.titan/invoke"},
                                        {"bedrock", "model//converse"},
                                        {"nobody", "v1/chat/completions"}}) {
        auto const found = read(service, path, plain);
        BOOST_REQUIRE(found.has_value());
        BOOST_TEST(!found->has_value(), path);
    }
    BOOST_TEST(!read("openai", "v1/chat/completions", "", "GET")->has_value());
    BOOST_TEST(!read("openai", "v1/files", "no JSON")->has_value());
}

BOOST_AUTO_TEST_CASE(a_body_names_its_model_once)
{
    BOOST_TEST(!read("openai", "v1/responses", R"({"prompt":{"id":"p"}})")->has_value());
    BOOST_TEST(!read("openai", "v1/responses", R"({"model":null})")->has_value());
    BOOST_TEST(read("openai", "v1/chat/completions", R"({"model":5})").error()->param == "model");
    BOOST_TEST(read("openai", "v1/chat/completions", R"({"model":"a","model":"b"})").error()->code ==
               "duplicate_field");
    BOOST_TEST(read("openai", "v1/chat/completions", "no JSON").error()->code == "invalid_json");
    BOOST_TEST(read("gemini", "v1beta/models/g:generateContent", "no JSON").error()->code == "invalid_json");
}

BOOST_AUTO_TEST_CASE(the_limit_of_converse_is_its_own)
{
    auto const found =
        read("bedrock", "model/x/converse", R"({"max_tokens":1,"inferenceConfig":{"maxTokens":77}})");
    BOOST_TEST((*found)->limit_is_nested);
    BOOST_TEST((*found)->max_output_tokens.value_or(0) == 77);
    BOOST_TEST(!(*read("bedrock", "model/x/converse", R"({"max_tokens":1})"))->max_output_tokens.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
