#include "lib/observe/access_log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

#include <stdlib.h>

using namespace cogate;
using namespace std::chrono_literals;

namespace {

/// What the log holds after one call.
std::string logged(call_facts facts, call_outcome outcome)
{
    std::string folder = (std::filesystem::temp_directory_path() / "cogate-access-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
        throw std::runtime_error("no temporary folder");
    }
    std::string const path = folder + "/log";
    {
        bool const failed = outcome.error.has_value();
        auto const call = std::make_shared<call_facts const>(std::move(facts));
        auto const end = std::make_shared<call_outcome const>(std::move(outcome));
        std::shared_ptr<observer> const log = observe::make_access_log(path);
        boost::asio::io_context io;
        boost::asio::co_spawn(io, failed ? log->on_failure(call, end) : log->on_success(call, end),
                              boost::asio::detached);
        io.run();
    }
    std::ifstream in(path, std::ios::binary);
    std::string const text{std::istreambuf_iterator<char>(in), {}};
    std::filesystem::remove_all(folder);
    return text;
}

call_facts facts()
{
    call_facts out;
    out.call_id = "0198-a";
    out.operation = "chat";
    out.model_group = "fast\"";
    out.stream = true;
    out.started_at = std::chrono::sys_days{std::chrono::January / 31 / 2026} + 10h + 7ms;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(observe_access_log)

BOOST_AUTO_TEST_CASE(a_call_is_a_line)
{
    call_outcome outcome;
    outcome.deployment_id = "d1";
    outcome.provider = "openai";
    outcome.upstream_model = "gpt-4o";
    outcome.status = 200;
    outcome.attempts = 1;
    outcome.duration = 812'250us;
    outcome.upstream = 90ms;
    outcome.first_token = 100'125us;
    outcome.request_bytes = 400;
    outcome.usage.reported = true;
    outcome.usage.prompt_tokens = 90;
    outcome.usage.completion_tokens = 60;
    outcome.cost = money::from_nanos(825'000);
    BOOST_TEST(
        logged(facts(), outcome) ==
        R"({"time":"2026-01-31T10:00:00.007Z","call_id":"0198-a","operation":"chat","model":"fast\"","stream":true,)"
        R"("deployment":"d1","provider":"openai","upstream_model":"gpt-4o","upstream_status":200,"attempts":1,)"
        R"("retries":0,"fallbacks":0,"duration_ms":812.250,"upstream_ms":90.000,"first_token_ms":100.125,)"
        R"("request_bytes":400,"prompt_tokens":90,"completion_tokens":60,"cached_tokens":0,"cost_nano_usd":825000})"
        "\n");
}

BOOST_AUTO_TEST_CASE(every_attempt_of_a_route_is_told_but_no_provider_text)
{
    call_outcome outcome;
    outcome.deployment_id = "d2";
    outcome.attempts = 2;
    outcome.retries = 1;
    outcome.error = failure{error_kind::timeout, "secret words"}.with_code("timeout_total");
    attempt_trace first;
    first.deployment_id = "d1";
    first.model_group = "fast";
    first.reason = "first";
    first.ended = 15ms;
    first.status = 500;
    first.error = failure{error_kind::internal_server, "secret words"};
    attempt_trace second = first;
    second.deployment_id = "d2";
    second.reason = "retry";
    second.started = 16ms;
    second.first_token = 40ms;
    second.ended.reset();
    second.cost = money::from_nanos(7);
    second.error.reset();
    outcome.route = {first, second};
    std::string const text = logged(facts(), outcome);
    BOOST_TEST(text.find("secret") == std::string::npos);
    BOOST_TEST(
        text.find(R"("error":"timeout_error","code":"timeout_total","route":[)"
                  R"({"deployment":"d1","model":"fast","reason":"first","start_ms":0.000,"end_ms":15.000,)"
                  R"("upstream_status":500,"error":"server_error","code":""},)"
                  R"({"deployment":"d2","model":"fast","reason":"retry","start_ms":16.000,)"
                  R"("first_token_ms":40.000,"upstream_status":500,"cost_nano_usd":7}]})"
                  "\n") != std::string::npos);
    outcome.route.assign(100, second);
    std::string const bounded = logged(facts(), outcome);
    std::size_t shown = 0;
    for (std::size_t at = bounded.find("\"reason\""); at != std::string::npos;
         at = bounded.find("\"reason\"", at + 1)) {
        ++shown;
    }
    BOOST_TEST(shown == 32U);
}

BOOST_AUTO_TEST_SUITE_END()
