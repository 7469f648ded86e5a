#include "providers/anthropic_messages/model_family.hpp"

#include <boost/test/unit_test.hpp>

namespace cogate::test {

using providers::anthropic_messages::family_of;
using providers::anthropic_messages::thinking_mode;

BOOST_AUTO_TEST_SUITE(providers_anthropic_messages_model_family)

BOOST_AUTO_TEST_CASE(old_models_under_bedrocks_names_are_old)
{
    for (std::string_view const old :
         {"anthropic.claude-v2", "anthropic.claude-v2:1", "us.anthropic.claude-v2:1:18k", "claude-2.1",
          "claude-v1", "anthropic.claude-instant-v1"}) {
        BOOST_TEST((family_of(old).thinking == thinking_mode::none), old);
        BOOST_TEST(family_of(old).max_output == 4096, old);
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_claude_is_taken_for_the_newest)
{
    BOOST_TEST(&family_of("claude-next") == &family_of("claude-opus-5"));
    BOOST_TEST(&family_of("anthropic.claude-sonnet-4-5-20250929-v1:0") == &family_of("claude-sonnet-4-5"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
