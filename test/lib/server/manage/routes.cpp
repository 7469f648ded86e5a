#include "lib/server/manage/families.hpp"
#include "lib/server/manage/handler.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <string_view>
#include <utility>

using cogate::ledger::route_class;
using cogate::server::manage::managed_route;
using cogate::server::manage::managed_routes;

BOOST_AUTO_TEST_SUITE(server_manage_routes)

BOOST_AUTO_TEST_CASE(every_way_is_there_once_and_has_a_class)
{
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (managed_route const& way : managed_routes()) {
        BOOST_TEST(seen.emplace(way.method, way.path).second, way.method << ' ' << way.path);
        BOOST_TEST(way.path.starts_with('/'), way.path);
        BOOST_TEST(!way.path.ends_with('/'), way.path);
        BOOST_TEST((way.run != nullptr), way.path);
        BOOST_TEST((way.what != route_class{} && way.what != route_class::open), way.path);
    }
}

BOOST_AUTO_TEST_CASE(a_prefix_hides_nothing_that_follows_it)
{
    std::set<std::pair<std::string_view, std::string>> prefixes;
    for (managed_route const& way : managed_routes()) {
        for (auto const& [method, above] : prefixes) {
            BOOST_TEST(!(method == way.method && way.path.starts_with(above)), way.path);
        }
        if (way.path.ends_with("/*")) {
            prefixes.emplace(way.method, std::string(way.path.substr(0, way.path.size() - 1)));
        }
    }
}

// Who may only read must not find a way to write: what reads everything or changes nothing says so.
BOOST_AUTO_TEST_CASE(only_looking_changes_nothing)
{
    for (managed_route const& way : managed_routes()) {
        if (way.method == "GET" || way.what == route_class::admin_read) {
            BOOST_TEST(!way.changes, way.method << ' ' << way.path);
        }
        if (way.what == route_class::admin) {
            BOOST_TEST(way.changes, way.method << ' ' << way.path);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
