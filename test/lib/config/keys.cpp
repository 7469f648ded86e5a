#include "lib/config/keys.hpp"

#include "lib/config/describe.hpp"
#include "lib/config/load.hpp"
#include "lib/server/server.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <tuple>
#include <utility>

using namespace cogate;
using namespace cogate::config;

namespace {

bool same(settings const& a, settings const& b)
{
    auto const limits = [](settings const& s) {
        return std::tuple(s.limits.head_bytes, s.limits.body_bytes, s.limits.head_time, s.limits.body_time,
                          s.limits.idle_time, s.limits.write_stall, s.limits.connections);
    };
    auto const rest = [](settings const& s) {
        return std::tuple(s.host, s.port, s.workers, s.drain_grace, s.ignore_invalid_deployments,
                          s.gateway.deadlines.first_byte, s.gateway.max_event_bytes,
                          s.gateway.max_response_bytes, s.gateway.max_idle_connections_per_origin,
                          s.gateway.idle_connection_lifetime);
    };
    auto const money = [](settings const& s) {
        return std::tuple(s.data, s.ledger.acknowledge, s.ledger.durability, s.ledger.recovery,
                          s.ledger.allow_unpriced, s.ledger.database_url, s.keys.pepper.empty());
    };
    return a.gateway.router == b.gateway.router && a.gateway.deadlines == b.gateway.deadlines &&
           limits(a) == limits(b) && rest(a) == rest(b) && money(a) == money(b);
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_keys)

BOOST_AUTO_TEST_CASE(no_key_has_two_rows)
{
    std::set<std::pair<section, std::string_view>> seen;
    for (key const& row : served_keys()) {
        BOOST_TEST(seen.emplace(row.where, row.name).second, row.name);
        for (std::string_view const other : litellm_keys(row.where)) {
            BOOST_TEST(other != row.name); // a trailing '*' may cover it: the served row is found first
        }
        BOOST_TEST(!row.meaning.empty(), row.name);
    }
}

BOOST_AUTO_TEST_CASE(defaults_of_our_keys_are_the_defaults)
{
    std::string yaml = "cogate:\n";
    std::string inner;
    for (section const where :
         {section::cogate, section::deadlines, section::limits, section::ledger, section::accounts}) {
        std::string& to = where == section::cogate ? yaml : inner;
        if (where != section::cogate) {
            to += "  " + std::string(to_string(where).substr(7)) + ":\n"; // without "cogate."
        }
        for (key const& row : served_keys()) {
            if (row.where == where && row.store != nullptr && !row.fallback.empty() &&
                row.fallback.find(' ') == std::string_view::npos && row.name != "ca_file") {
                to += where == section::cogate ? "  " : "    ";
                to += std::string(row.name) + ": " + std::string(row.fallback) + '\n';
            }
        }
    }
    loaded const got = load(yaml + inner, "table", {});
    BOOST_TEST_REQUIRE(got.value.has_value(), (got.diagnostics.empty() ? "" : to_text(got.diagnostics[0])));
    BOOST_TEST(same(*got.value, settings{}));
    BOOST_TEST(yaml.find("port: 4000") != std::string::npos);
    BOOST_TEST(inner.find("connections: 20000") != std::string::npos);
    BOOST_TEST(inner.find("durability: process") != std::string::npos);
    BOOST_TEST(inner.find("max_keys_per_user: 10000") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(defaults_of_routing_are_the_defaults)
{
    std::string yaml = "router_settings:\n";
    int keys = 0;
    for (section const where : {section::router_settings, section::hedge, section::retry_budget,
                                section::admission, section::strategy_args}) {
        bool const inner = where != section::router_settings;
        yaml += inner ? "  " + std::string(to_string(where)) + ":\n" : "";
        for (key const& row : served_keys()) {
            if (row.where == where && row.store != nullptr && !row.fallback.empty() &&
                row.fallback.find_first_of(" _") == std::string_view::npos && row.fallback != "timeout") {
                yaml += inner ? "    " : "  ";
                yaml += std::string(row.name) + ": " + std::string(row.fallback) + '\n';
                ++keys;
            }
        }
    }
    loaded const got = load(yaml, "table", {});
    BOOST_TEST_REQUIRE(got.value.has_value(), (got.diagnostics.empty() ? "" : to_text(got.diagnostics[0])));
    BOOST_TEST(same(*got.value, settings{}));
    BOOST_TEST(keys > 20);
}

BOOST_AUTO_TEST_CASE(choices_have_names)
{
    for (key const& row : served_keys()) {
        BOOST_TEST((row.type == value_type::choice) == (row.choices != nullptr), row.name);
        BOOST_TEST((row.low < row.high || row.choices != nullptr), row.name);
    }
}

BOOST_AUTO_TEST_CASE(defaults_are_those_of_the_server)
{
    settings const ours;
    server::server_options const theirs;
    BOOST_TEST(ours.host == theirs.listen.host);
    BOOST_TEST(ours.port == theirs.listen.port);
    BOOST_TEST((ours.drain_grace == theirs.drain_grace));
    BOOST_TEST(ours.limits.head_bytes == theirs.listen.limits.head_bytes);
    BOOST_TEST(ours.limits.body_bytes == theirs.listen.limits.body_bytes);
    BOOST_TEST((ours.limits.head_time == theirs.listen.limits.head_time));
    BOOST_TEST((ours.limits.body_time == theirs.listen.limits.body_time));
    BOOST_TEST((ours.limits.idle_time == theirs.listen.limits.idle_time));
    BOOST_TEST((ours.limits.write_stall == theirs.listen.limits.write_stall));
    BOOST_TEST(ours.limits.connections == theirs.listen.limits.connections);
}

BOOST_AUTO_TEST_CASE(the_description_names_every_key)
{
    std::string const text = describe_keys();
    for (key const& row : served_keys()) {
        BOOST_TEST(text.find("  " + std::string(row.name) + ' ') != std::string::npos, row.name);
    }
    BOOST_TEST(text.find("routing_strategy") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(timeouts_widen_the_total)
{
    using namespace std::chrono_literals;
    deadlines d;
    apply_timeouts(d, 2h, std::nullopt);
    BOOST_TEST((d.first_byte == 2h && d.stream_first_byte == 2h && d.total == 2h));
    apply_timeouts(d, std::nullopt, 5s);
    BOOST_TEST((d.first_byte == 2h && d.stream_first_byte == 5s && d.total == 2h));
}

BOOST_AUTO_TEST_SUITE_END()
