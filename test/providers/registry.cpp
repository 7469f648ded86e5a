#include "providers/registry.hpp"
#include "lib/core/words.hpp"
#include "providers/common/parameters.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string_view>

namespace cogate::test {

BOOST_AUTO_TEST_SUITE(providers_registry)

BOOST_AUTO_TEST_CASE(every_row_is_usable)
{
    std::set<std::string_view> names;
    for (providers::provider const& row : providers::all_providers()) {
        BOOST_TEST_CONTEXT(row.name)
        {
            BOOST_TEST(names.insert(row.name).second);
            BOOST_TEST(providers::find_provider(row.name) == &row);
            for (std::string_view const name : core::words(row.dialects)) {
                providers::client_dialect const* const dialect = providers::find_client_dialect(name);
                BOOST_REQUIRE(dialect != nullptr);
                BOOST_TEST(dialect->name() == name);
            }
            // A base URL without its slash, so that a path can follow.
            BOOST_TEST(!row.base_url.ends_with('/'));
            for (std::string_view const name : core::words(row.key_variables)) {
                BOOST_TEST(name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
                           std::string_view::npos);
            }
            static constexpr std::string_view served =
                "chat completions responses embeddings images speech transcription rerank moderations";
            for (std::string_view const name : core::words(row.modalities)) {
                BOOST_TEST(core::has_word(served, name), name);
            }
            BOOST_TEST((row.auth == providers::auth_scheme::header) == !row.auth_header.empty());
        }
    }
    BOOST_REQUIRE(providers::find_provider("demo") != nullptr);
    BOOST_TEST(providers::find_provider("demo")->local != nullptr);
    BOOST_TEST(providers::find_provider("openai")->key_variables == "OPENAI_API_KEY");
    BOOST_TEST(providers::find_provider("nobody") == nullptr);
    BOOST_TEST(providers::find_client_dialect("nobody") == nullptr);
    BOOST_TEST(providers::find_server_dialect("openai_chat")->name() == "openai_chat");
}

BOOST_AUTO_TEST_CASE(hints_of_a_dialect_are_known_as_such)
{
    BOOST_TEST(providers::is_advisory("openai_responses", "include"));
    BOOST_TEST(providers::is_advisory("gemini", "safetySettings"));
    BOOST_TEST(providers::is_advisory("anthropic_messages", "context_management"));
    BOOST_TEST(!providers::is_advisory("anthropic_messages", "mcp_servers"));
    BOOST_TEST(!providers::is_advisory("nobody", "include"));
}

BOOST_AUTO_TEST_CASE(credentials_follow_the_row)
{
    const auto fields = [](std::string_view name, secret const& key, providers::settings const& given) {
        providers::provider const& row = *providers::find_provider(name);
        auto const made = providers::make_credential(
            row, *providers::find_client_dialect(core::first_word(row.dialects)), key, given);
        BOOST_REQUIRE(made.has_value());
        return (*made)->fields();
    };
    using list = providers::header_list;
    BOOST_TEST((fields("openai", secret("k"), {}) == list{{"authorization", "Bearer k"}}));
    BOOST_TEST((fields("sarvam", secret("k"), {}) == list{{"api-subscription-key", "k"}}));
    BOOST_TEST((fields("azure", secret("k"), {}) == list{{"api-key", "k"}}));
    BOOST_TEST((fields("anthropic", secret("k"), {}) == list{{"x-api-key", "k"}}));
    BOOST_TEST(fields("hosted_vllm", {}, {}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
