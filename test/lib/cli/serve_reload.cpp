#include "lib/cli/serve_reload.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace cogate;
using namespace cogate::cli;

namespace {

file_stamp stamp(std::int64_t modified, std::int64_t size = 10)
{
    return {.device = 1, .inode = 2, .size = size, .modified = modified};
}

config::settings with(std::vector<std::string> const& names)
{
    config::settings out;
    for (std::string const& each : names) {
        out.gateway.deployments.push_back({.model_name = each, .model = "openai/" + each});
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_serve_reload)

BOOST_AUTO_TEST_CASE(a_file_is_read_once_it_has_changed_and_rests)
{
    file_follower follower{stamp(1)};
    BOOST_TEST(!follower.look(stamp(1)));
    BOOST_TEST(!follower.look(stamp(2, 4))); // being written
    BOOST_TEST(!follower.look(stamp(2, 9)));
    BOOST_TEST(follower.look(stamp(2, 9)));
    BOOST_TEST(!follower.look(stamp(2, 9)));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_away_for_a_moment_is_waited_for)
{
    file_follower follower{stamp(1)};
    BOOST_TEST(!follower.look(std::nullopt));
    BOOST_TEST(!follower.look(std::nullopt));
    BOOST_TEST(!follower.look(stamp(1)));
    BOOST_TEST(!follower.look(stamp(1))); // the same one came back
    BOOST_TEST(!follower.look(stamp(3)));
    BOOST_TEST(follower.look(stamp(3)));
}

BOOST_AUTO_TEST_CASE(what_a_signal_had_read_is_not_read_again)
{
    file_follower follower{stamp(1)};
    follower.was_read(stamp(2));
    BOOST_TEST(!follower.look(stamp(2)));
    BOOST_TEST(!follower.look(stamp(2)));
}

BOOST_AUTO_TEST_CASE(only_files_have_a_stamp)
{
    BOOST_TEST(!stamp_of("").has_value());
    BOOST_TEST(!stamp_of("/no/such/file").has_value());
    BOOST_TEST(!stamp_of("/").has_value());
    BOOST_TEST(!stamp_of("/dev/null").has_value());
}

BOOST_AUTO_TEST_CASE(a_good_configuration_is_installed_and_described)
{
    config::settings next = with({"b", "c"});
    std::vector<std::string> installed;
    std::ostringstream log;
    living_config config{"c.yaml", with({"a", "b"}), [&] { return std::optional(next); },
                         [&](config::settings const& fresh, config::settings const&) {
                             for (deployment const& each : fresh.gateway.deployments) {
                                 installed.push_back(each.model_name);
                             }
                         },
                         log};
    BOOST_TEST(config.reload());
    BOOST_TEST(installed == (std::vector<std::string>{"b", "c"}));
    BOOST_TEST(log.str() == "cogate serve: c.yaml was read anew: 1 deployments added, 1 removed, 0 changed\n"
                            "  + c (openai/c)\n"
                            "  - a (openai/a)\n");
    log.str("");
    BOOST_TEST(config.reload()); // compared with what is in use now
    BOOST_TEST(log.str() ==
               "cogate serve: c.yaml was read anew: 0 deployments added, 0 removed, 0 changed\n");
}

BOOST_AUTO_TEST_CASE(a_bad_configuration_changes_nothing)
{
    std::optional<config::settings> next;
    bool refuses = false;
    int installed = 0;
    std::ostringstream log;
    living_config config{"c.yaml", with({"a"}), [&] { return next; },
                         [&](config::settings const&, config::settings const&) {
                             if (refuses) {
                                 throw std::invalid_argument("no such provider");
                             }
                             ++installed;
                         },
                         log};
    BOOST_TEST(!config.reload());
    BOOST_TEST(log.str() == "cogate serve: c.yaml cannot be used; the configuration before it stays\n");
    log.str("");
    next = with({"b"});
    refuses = true;
    BOOST_TEST(!config.reload());
    BOOST_TEST(log.str() ==
               "cogate serve: c.yaml cannot be used: no such provider; the configuration before it stays\n");
    BOOST_TEST(installed == 0);
    log.str("");
    refuses = false;
    BOOST_TEST(config.reload());
    BOOST_TEST(installed == 1);
    BOOST_TEST(log.str().find("- a (openai/a)") != std::string::npos); // "a" was still the one before
}

BOOST_AUTO_TEST_CASE(what_needs_a_restart_is_said_every_time)
{
    config::settings next = with({"a"});
    next.port = 5000;
    next.master_key = secret("sk-other");
    next.limits.body_bytes = 1;
    next.gateway.max_response_bytes = 1;
    std::ostringstream log;
    living_config config{"c.yaml", with({"a"}), [&] { return std::optional(next); },
                         [](config::settings const&, config::settings const&) {}, log};
    for (int i = 0; i != 2; ++i) {
        log.str("");
        BOOST_TEST(config.reload());
        BOOST_TEST(
            log.str().find("  only a restart changes: port, master_key, limits, the size of an answer\n") !=
            std::string::npos);
        BOOST_TEST(log.str().find("sk-other") == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
