#include "test/lib/engine/routed_gateway.hpp"

using namespace cogate;
using namespace cogate::test;

namespace {

/// A group "m" behind the alias "short", a pattern "openai/*" behind the alias "smart", and a fallback.
router_options with_names()
{
    router_options out;
    out.num_retries = 0;
    out.aliases = {{"short", "m", false}, {"smart", "openai/up", false}};
    return out;
}

std::vector<std::pair<std::string, std::string>> const deployments{
    {"m", "a"}, {"openai/*", "b"}, {"spare", "c"}};

std::map<std::string, answer> const answers{{"a", fails(500)}, {"b", fails(500)}, {"c", says("from c")}};

/// Which deployments a call of `model` reaches, and why.
std::string way(router_options router, std::string const& model)
{
    routed_gateway g(deployments, std::move(router));
    g.hosts = answers;
    static_cast<void>(g.ask_for(model, {.explain = true}));
    return g.reasons();
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine_routing_names)

BOOST_AUTO_TEST_CASE(a_groups_fallbacks_hold_under_its_alias)
{
    router_options router = with_names();
    router.fallbacks = {{"m", {"spare"}}};
    BOOST_TEST(way(router, "m") == "first:a fallback:c");
    BOOST_TEST(way(router, "short") == "first:a fallback:c");
    BOOST_TEST(way(router, "smart") == "first:b");
}

BOOST_AUTO_TEST_CASE(an_alias_may_have_fallbacks_of_its_own)
{
    router_options router = with_names();
    router.fallbacks = {{"short", {"spare"}}};
    BOOST_TEST(way(router, "short") == "first:a fallback:c");
    BOOST_TEST(way(router, "m") == "first:a");
    router.fallbacks.push_back({"m", {"openai/up"}});
    BOOST_TEST(way(router, "short") == "first:a fallback:c");
    BOOST_TEST(way(router, "m") == "first:a fallback:b");
}

BOOST_AUTO_TEST_CASE(a_patterns_fallbacks_hold_for_what_it_serves)
{
    router_options router = with_names();
    router.fallbacks = {{"openai/*", {"spare"}}};
    for (std::string const name : {"openai/up", "openai/other", "smart"}) {
        BOOST_TEST(way(router, name) == "first:b fallback:c", name);
    }
    BOOST_TEST(way(router, "m") == "first:a");
}

BOOST_AUTO_TEST_CASE(a_name_that_a_pattern_serves_may_have_fallbacks_of_its_own)
{
    router_options router = with_names();
    router.fallbacks = {{"openai/up", {"spare"}}, {"openai/*", {"m"}}};
    BOOST_TEST(way(router, "openai/up") == "first:b fallback:c");
    BOOST_TEST(way(router, "smart") == "first:b fallback:c"); // an alias of that name
    BOOST_TEST(way(router, "openai/other") == "first:b fallback:a");
}

BOOST_AUTO_TEST_CASE(retry_policies_hold_under_every_name)
{
    router_options router = with_names();
    router.group_retries = {{"m", {.internal_server = 1}}, {"openai/*", {.internal_server = 1}}};
    for (std::string const name : {"m", "short"}) {
        BOOST_TEST(way(router, name) == "first:a retry:a", name);
    }
    for (std::string const name : {"openai/up", "openai/other", "smart"}) {
        BOOST_TEST(way(router, name) == "first:b retry:b", name);
    }
    router.group_retries = {{"openai/up", {.internal_server = 2}}, {"short", {.internal_server = 1}}};
    BOOST_TEST(way(router, "openai/up") == "first:b retry:b retry:b");
    BOOST_TEST(way(router, "smart") == "first:b retry:b retry:b");
    BOOST_TEST(way(router, "openai/other") == "first:b");
    BOOST_TEST(way(router, "short") == "first:a retry:a");
    BOOST_TEST(way(router, "m") == "first:a");
}

BOOST_AUTO_TEST_CASE(a_callers_own_number_of_retries_keeps_the_names_policy)
{
    router_options router = with_names();
    router.group_retries = {{"short", {.internal_server = 1}}};
    routed_gateway g(deployments, router);
    g.hosts = answers;
    static_cast<void>(g.ask_for("short", {.routing = routing_options{.num_retries = 3}, .explain = true}));
    BOOST_TEST(g.reasons() == "first:a retry:a");
}

BOOST_AUTO_TEST_SUITE_END()
