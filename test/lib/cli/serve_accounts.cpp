#include "lib/cli/serve_accounts.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace config = cogate::config;
namespace ledger = cogate::ledger;
namespace server = cogate::server;

BOOST_AUTO_TEST_SUITE(cli_serve_accounts)

BOOST_AUTO_TEST_CASE(what_the_configuration_gives_keys_and_users_reaches_the_server)
{
    config::key_settings from;
    from.defaults.max_budget = cogate::money::from_nanos(5);
    from.defaults.budget_duration = "1d";
    from.defaults.duration = "30d";
    from.defaults.models = {"m"};
    from.bounds.tpm_limit = 1;
    from.bounds.rpm_limit = 2;
    from.bounds.max_parallel_requests = 3;
    from.user_defaults.max_budget = cogate::money::from_nanos(7);
    from.user_defaults.user_role = "internal_user_viewer";

    server::configured_terms const got = cogate::cli::configured_terms_of(from);
    BOOST_TEST(got.key_defaults.has.max_budget.value_or(0) == 5);
    BOOST_TEST(got.key_defaults.has.budget_duration == "1d");
    BOOST_TEST(got.key_defaults.duration == "30d");
    BOOST_TEST(got.key_defaults.models == std::vector<std::string>{"m"}, boost::test_tools::per_element());
    BOOST_CHECK((got.key_bounds.has.limits == ledger::rate_limits{2, 1, 3}));
    BOOST_TEST(!got.key_bounds.has.max_budget.has_value());
    BOOST_TEST(got.user_defaults.has.max_budget.value_or(0) == 7);
    BOOST_CHECK(got.user_role == ledger::user_role::internal_user_viewer);

    BOOST_CHECK(!cogate::cli::configured_terms_of({}).user_role);
}

BOOST_AUTO_TEST_SUITE_END()
