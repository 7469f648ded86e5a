#include "lib/core/words.hpp"
#include "providers/registry.hpp"

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
        }
    }
    BOOST_REQUIRE(providers::find_provider("demo") != nullptr);
    BOOST_TEST(providers::find_provider("demo")->local != nullptr);
    BOOST_TEST(providers::find_provider("openai")->key_variables == "OPENAI_API_KEY");
    BOOST_TEST(providers::find_provider("nobody") == nullptr);
    BOOST_TEST(providers::find_client_dialect("nobody") == nullptr);
    BOOST_TEST(providers::find_server_dialect("openai_chat")->name() == "openai_chat");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
