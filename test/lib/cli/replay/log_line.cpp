#include "lib/cli/replay/log_line.hpp"
#include "lib/cli/replay/read_log.hpp"
#include "test/common/seeded.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>

using namespace cogate;
using namespace cogate::cli::replay;
using namespace std::chrono_literals;

namespace {

std::string const good =
    R"({"time":"2026-01-31T10:00:00.500Z","call_id":"a","operation":"chat","model":"fast","stream":true,)"
    R"("deployment":"d1","provider":"openai","upstream_model":"gpt-4o","upstream_status":200,"attempts":1,)"
    R"("retries":0,"fallbacks":0,"duration_ms":812.250,"upstream_ms":90.000,"first_token_ms":100.125,)"
    R"("request_bytes":400,"prompt_tokens":90,"completion_tokens":60,"cached_tokens":0})";

std::string const hedged =
    R"({"time":"2026-01-31T10:00:01.000Z","call_id":"b","model":"fast","stream":true,"deployment":"d2",)"
    R"("attempts":2,"duration_ms":900,"first_token_ms":300,"route":[)"
    R"({"deployment":"d1","model":"fast","reason":"first","start_ms":0.1,"end_ms":300,"upstream_status":0,)"
    R"("error":"cancelled_error","code":""},)"
    R"({"deployment":"d2","model":"fast","reason":"hedge","start_ms":150,"first_token_ms":300,"end_ms":900,)"
    R"("upstream_status":200}]})";

result<logged_call> read(std::string const& line)
{
    json::document scratch;
    return read_log_line(line, scratch);
}

result<recording> read_all(std::string const& text)
{
    std::istringstream in(text);
    return read_log(in, "log", {}, {});
}

std::string fault_of(std::string const& text)
{
    auto const found = read_all(text);
    return found ? "" : found.error()->message;
}

std::string with(std::string line, std::string const& what, std::string const& instead)
{
    line.replace(line.find(what), what.size(), instead);
    return line;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_replay_log)

BOOST_AUTO_TEST_CASE(a_line_is_a_call)
{
    auto const call = read(good);
    BOOST_TEST_REQUIRE(call.has_value());
    BOOST_TEST(call->group == "fast");
    BOOST_TEST((call->total == 812'250us));
    BOOST_TEST((call->first_token.value() == 100'125us));
    BOOST_TEST(call->prompt_tokens.value() == 90U);
    BOOST_TEST(call->completion_tokens.value() == 60U);
    BOOST_TEST(call->stream);
    BOOST_TEST(!call->error);
    BOOST_TEST_REQUIRE(call->route.size() == 1U);
    BOOST_TEST(call->route[0].deployment == "d1");
    BOOST_TEST((call->route[0].ended.value() == call->total));
}

BOOST_AUTO_TEST_CASE(a_route_is_every_attempt)
{
    auto const call = read(hedged);
    BOOST_TEST_REQUIRE(call.has_value());
    BOOST_TEST_REQUIRE(call->route.size() == 2U);
    BOOST_TEST((call->route[0].error == error_kind::cancelled));
    BOOST_TEST((call->route[1].began == 150ms));
    BOOST_TEST(!call->route[1].error);
    BOOST_TEST(!call->nano_usd);
}

BOOST_AUTO_TEST_CASE(a_call_costs_what_its_attempts_cost)
{
    BOOST_TEST(read(with(good, "\"cached_tokens\":0", "\"cost_nano_usd\":70"))->nano_usd.value() == 70);
    std::string const both = with(with(hedged, R"("code":"")", R"("code":"","cost_nano_usd":5)"),
                                  R"("end_ms":900,)", R"("end_ms":900,"cost_nano_usd":60,)");
    BOOST_TEST(read(with(both, R"("route":)", R"("cost_nano_usd":60,"route":)"))->nano_usd.value() == 65);
    BOOST_TEST(!read(with(good, "\"cached_tokens\":0", "\"cost_nano_usd\":-1")));
}

BOOST_AUTO_TEST_CASE(errors_are_told_apart)
{
    auto const kind = [](std::string const& fields) {
        return *read(with(good, R"("upstream_status":200)", fields))->error;
    };
    BOOST_TEST((kind(R"("error":"rate_limit_error","code":"rate_limit_exceeded","upstream_status":429)") ==
                error_kind::rate_limit));
    BOOST_TEST(
        (kind(R"("error":"server_error","code":"","upstream_status":500)") == error_kind::internal_server));
    BOOST_TEST(
        (kind(R"("error":"server_error","code":"","upstream_status":502)") == error_kind::bad_gateway));
    BOOST_TEST((kind(R"("error":"server_error","code":"truncated","upstream_status":200)") ==
                error_kind::truncated));
    BOOST_TEST((kind(R"("error":"timeout_error","code":"timeout_total","upstream_status":0)") ==
                error_kind::timeout));
    BOOST_TEST(
        (kind(R"("error":"invalid_request_error","code":"context_length_exceeded","upstream_status":400)") ==
         error_kind::context_window_exceeded));
    BOOST_TEST((kind(R"("error":"never heard of","upstream_status":200)") == error_kind::internal_server));
}

BOOST_AUTO_TEST_CASE(bad_lines_are_named)
{
    BOOST_TEST(fault_of(good + "\n{\"time\"\n").starts_with("log:2: not a JSON line: "));
    BOOST_TEST(fault_of("[]\n") == "log:1: not a line of an access log: no JSON object");
    BOOST_TEST(fault_of("\n\n" + with(good, "812.250", "-1") + '\n') ==
               "log:3: \"duration_ms\" must be milliseconds from 0 to a day");
    BOOST_TEST(fault_of(with(good, "2026-01-31T", "2026-02-31T") + '\n') ==
               "log:1: \"time\" must be a time such as 2026-01-31T23:59:59.000Z");
    BOOST_TEST(fault_of(with(good, "\"prompt_tokens\":90", "\"prompt_tokens\":1e99") + '\n') ==
               "log:1: \"prompt_tokens\" must be a whole number from 0 to 10000000");
    BOOST_TEST(fault_of(with(good, "\"model\":\"fast\"", "\"model\":7") + '\n') ==
               "log:1: \"model\" must be a string of at most 512 bytes");
    BOOST_TEST(fault_of(with(hedged, "\"start_ms\":150", "\"start_ms\":301") + '\n') ==
               "log:1: \"route\" has an attempt that ends before it begins");
    BOOST_TEST(fault_of(std::string(300 * 1024, 'x')) == "log:1: longer than 256 KiB");
    BOOST_TEST(fault_of(std::string(300 * 1024, 'x') + "\n") == "log:1: longer than 256 KiB");
}

BOOST_AUTO_TEST_CASE(a_last_line_that_is_still_written_is_left_out)
{
    auto const found = read_all(good + '\n' + hedged.substr(0, 90));
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->calls().size() == 1U);
    BOOST_TEST(read_all(good + '\n' + hedged)->calls().size() == 2U);
    BOOST_TEST(read_all("")->calls().empty());
}

BOOST_AUTO_TEST_CASE(damaged_logs_are_refused_or_read_but_never_more)
{
    test::seeded random(5);
    std::string const whole = good + '\n' + hedged + '\n' + good + '\n';
    for (int turn = 0; turn != 2'000; ++turn) {
        std::string text = whole;
        for (std::size_t n = 1 + random.below(4); n != 0; --n) {
            text[random.below(text.size())] = static_cast<char>(random.below(256));
        }
        auto const found = read_all(text);
        BOOST_TEST((found ? found->calls().size() <= 5 : found.error()->message.starts_with("log:")));
    }
}

BOOST_AUTO_TEST_CASE(calls_come_in_order_with_sizes)
{
    std::string const failed =
        R"({"time":"2026-01-31T09:59:59.500Z","model":"fast","deployment":"d1","attempts":1,"duration_ms":5,)"
        R"("request_bytes":800,"upstream_status":500,"error":"server_error"})";
    std::string const callers = with(failed, "server_error", "invalid_request_error");
    std::string const nowhere =
        R"({"time":"2026-01-31T09:59:58.000Z","model":"none","deployment":"","attempts":0,"duration_ms":5,)"
        R"("error":"rate_limit_error","code":"rate_limit_exceeded"})";
    auto const found = read_all(good + '\n' + failed + '\n' + callers + '\n' + nowhere + '\n');
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST_REQUIRE(found->calls().size() == 2U);
    BOOST_TEST(found->left_out() == 2U);
    recorded_call const& first = found->calls()[0];
    BOOST_TEST((first.at == 0ms));
    BOOST_TEST((found->calls()[1].at == 1s));
    // 90 tokens of 400 bytes, so 180 of 800; the median answer had 60.
    BOOST_TEST(first.prompt_tokens.value() == 180U);
    BOOST_TEST(first.completion_tokens.value() == 60U);
}

BOOST_AUTO_TEST_CASE(aliases_and_patterns_lead_to_one_group)
{
    std::string const routed =
        with(with(hedged, R"("model":"fast","stream")", R"("model":"quick","stream")"),
             R"("model":"fast","reason":"first")", R"("model":"fa*","reason":"first")");
    std::istringstream in(
        with(routed, R"("model":"fast","reason":"hedge")", R"("model":"fa*","reason":"hedge")") + '\n' +
        good + '\n');
    auto const found = read_log(in, "log", {{"quick", "fast"}}, {});
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->groups().size() == 1U);
    BOOST_TEST(found->lanes().size() == 2U);
    BOOST_TEST(found->lanes()[0].group == "fast");
}

BOOST_AUTO_TEST_SUITE_END()
