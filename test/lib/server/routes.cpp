#include "lib/server/routes.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string_view>
#include <utility>

namespace server = cogate::server;
using cogate::ledger::route_class;

namespace {

server::route const* way(std::string_view method, std::string_view target)
{
    return server::find_route(method, target).found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(server_routes)

BOOST_AUTO_TEST_CASE(every_path_is_served_with_and_without_v1)
{
    for (std::string_view path : {"/chat/completions", "/embeddings"}) {
        BOOST_TEST(way("POST", path) != nullptr);
        BOOST_TEST(way("POST", "/v1" + std::string(path)) == way("POST", path));
    }
    for (std::string_view path : {"/models", "/health/liveliness", "/health/readiness", "/"}) {
        BOOST_TEST(way("GET", path) != nullptr);
        BOOST_TEST(way("GET", "/v1" + std::string(path)) == way("GET", path));
    }
}

BOOST_AUTO_TEST_CASE(query_and_trailing_slash_do_not_change_the_way)
{
    BOOST_TEST(way("GET", "/v1/models?limit=5") == way("GET", "/models"));
    BOOST_TEST(way("GET", "/v1/models/") == way("GET", "/models"));
    BOOST_TEST(way("GET", "/v1") == way("GET", "/"));
}

BOOST_AUTO_TEST_CASE(head_goes_where_get_goes)
{
    BOOST_TEST(way("HEAD", "/models") == way("GET", "/models"));
    BOOST_TEST(way("HEAD", "/chat/completions") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_prefix_route_gives_the_rest_with_its_slashes)
{
    server::match const m = server::find_route("GET", "/v1/models/openai/gpt-5?x=1");
    BOOST_REQUIRE(m.found != nullptr);
    BOOST_TEST(m.rest == "openai/gpt-5");
    BOOST_TEST(m.found != way("GET", "/models"));
}

BOOST_AUTO_TEST_CASE(unknown_paths_and_wrong_methods_are_told_apart)
{
    BOOST_TEST(!server::find_route("GET", "/v1/chat/completions").found);
    BOOST_TEST(server::find_route("GET", "/v1/chat/completions").path_known);
    BOOST_TEST(!server::find_route("GET", "/nowhere").path_known);
}

BOOST_AUTO_TEST_CASE(tricks_with_the_path_lead_nowhere)
{
    for (std::string_view target : {"/v1/v1/models", "/v1models", "/V1/models", "//models",
                                    "/models/../embeddings/x", "/v1/health/readiness/x", "/%76%31/models"}) {
        server::match const m = server::find_route("POST", target);
        BOOST_TEST(m.found == nullptr, target);
    }
    BOOST_TEST(way("GET", "//models") == nullptr);
    BOOST_TEST(way("GET", "/v1models") == nullptr);
}

// What is open is said here a second time: a route that becomes open by accident is found.
BOOST_AUTO_TEST_CASE(only_health_the_list_of_routes_and_the_front_page_are_open)
{
    std::set<std::string_view> open;
    for (server::route const& each : server::all_routes()) {
        if (each.what == route_class::open) {
            open.insert(each.path);
        }
    }
    std::set<std::string_view> const wanted{"/", "/health/liveliness", "/health/liveness",
                                            "/health/readiness", "/routes"};
    BOOST_TEST((open == wanted));
}

BOOST_AUTO_TEST_CASE(what_calls_models_is_refused_while_draining)
{
    for (std::string_view path : {"/chat/completions", "/embeddings", "/messages", "/openai/v1/models"}) {
        BOOST_TEST(way("POST", path)->calls_models(), path);
    }
    BOOST_TEST(!way("GET", "/models")->calls_models());
    BOOST_TEST(!way("POST", "/key/generate")->calls_models());
}

BOOST_AUTO_TEST_CASE(no_two_routes_answer_the_same_request)
{
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (server::route const& each : server::all_routes()) {
        BOOST_TEST(seen.emplace(each.method, each.path).second, each.method << ' ' << each.path);
    }
}

BOOST_AUTO_TEST_CASE(management_routes_have_handlers_and_say_whether_they_change_anything)
{
    BOOST_TEST((way("POST", "/key/generate")->managed != nullptr));
    BOOST_TEST(way("POST", "/key/generate")->changes);
    BOOST_TEST(!way("GET", "/key/info")->changes);
    BOOST_TEST(!way("POST", "/v2/key/info")->changes);
    BOOST_TEST((way("POST", "/budget/new")->what == route_class::admin));
}

BOOST_AUTO_TEST_SUITE_END()
