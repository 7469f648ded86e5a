#include "lib/server/manage/activity_handlers.hpp"

#include "lib/ledger/retain.hpp"

#include "test/lib/server/manage/spend_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cogate::server::manage;
using namespace cogate::test;

constexpr std::string_view all_days = "start_date=2026-04-14&end_date=2026-04-16";

std::string days(std::string_view more)
{
    return std::string(all_days) + std::string(more);
}

/// What stands behind "metadata": of a daily activity.
std::string totals(std::string const& answer)
{
    auto const at = answer.rfind("\"metadata\":{\"total_spend\"");
    return at == std::string::npos ? answer : answer.substr(at + 11);
}

std::string sum(std::string const& answer)
{
    std::string const all = totals(answer);
    auto const at = all.find("\"total_spend\":");
    return at == std::string::npos ? answer : all.substr(at + 14, all.find(',', at) - at - 14);
}

} // namespace

BOOST_AUTO_TEST_SUITE(activity_endpoints)

BOOST_FIXTURE_TEST_CASE(a_day_is_broken_down_in_litellms_shape, spend_fixture)
{
    std::string const out = ask(&user_daily_activity, "erin", "start_date=2026-04-15&end_date=2026-04-15");
    std::string const paid =
        R"("metrics":{"spend":0.00000004,"prompt_tokens":100,"completion_tokens":20,)"
        R"("total_tokens":120,"api_requests":2,"successful_requests":1,"failed_requests":1,)"
        R"("cache_read_input_tokens":10,"cache_creation_input_tokens":5})";
    std::string const key =
        "\"" + digest("erin") + "\":{" + paid +
        R"(,"metadata":{"key_alias":"erin","team_id":"blue","user_id":"erin","key_exists":true}})";
    std::string const part = "{" + paid + R"(,"metadata":{},"api_key_breakdown":{)" + key + "}}";
    BOOST_TEST(
        out ==
        R"({"results":[{"date":"2026-04-15",)" + paid +
            R"(,"breakdown":{"mcp_servers":{},"models":{)"
            R"("opus-2026":)" +
            part + R"(},"model_groups":{"opus":)" + part + R"(},"providers":{"anthropic":)" + part +
            R"(},"endpoints":{},"api_keys":{)" + key +
            R"(},"entities":{}}}],"metadata":{"total_spend":0.00000004,"total_prompt_tokens":100,)"
            R"("total_completion_tokens":20,"total_tokens":120,"total_api_requests":2,)"
            R"("total_successful_requests":1,"total_failed_requests":1,"total_cache_read_input_tokens":10,)"
            R"("total_cache_creation_input_tokens":5,"page":1,"total_pages":1,"has_more":false}})");
}

BOOST_FIXTURE_TEST_CASE(pages_are_whole_days_newest_first, spend_fixture)
{
    std::string const first = ask(&user_daily_activity, "master", days("&page_size=2"));
    BOOST_TEST(contains(first, R"("page":1,"total_pages":2,"has_more":true})"));
    BOOST_TEST(sum(first) == "0.000000297");
    BOOST_TEST(first.find("2026-04-16\"") < first.find("2026-04-15\""));
    std::string const second = ask(&user_daily_activity, "master", days("&page_size=2&page=2"));
    BOOST_TEST(contains(second, R"("page":2,"total_pages":2,"has_more":false})"));
    BOOST_TEST(sum(second) == "1.5");
    std::string const beyond = ask(&user_daily_activity, "master", days("&page_size=2&page=3"));
    BOOST_TEST(beyond.starts_with(R"({"results":[],)"));
    BOOST_TEST(sum(ask(&user_aggregated_activity, "master", days("&page_size=1"))) == "1.500000297");
    BOOST_TEST(
        contains(ask(&user_daily_activity, "master", "start_date=2026-04-14&end_date=2400-01-01&page_size=2"),
                 R"("total_pages":2,)"));
}

BOOST_FIXTURE_TEST_CASE(users_see_their_own_and_admins_anybodys, spend_fixture)
{
    BOOST_TEST(sum(ask(&user_daily_activity, "viewer", days("&user_id=dana"))) == "1.50000025");
    BOOST_TEST(sum(ask(&user_daily_activity, "dana", all_days)) == "1.50000025");
    BOOST_TEST(sum(ask(&user_daily_activity, "robot", all_days)) == "0.000000007");
    BOOST_TEST(sum(ask(&user_daily_activity, "master", days("&model=opus"))) == "0.00000004");
    BOOST_TEST(sum(ask(&user_daily_activity, "master", days("&api_key=" + text("robot")))) == "0.000000007");
    BOOST_TEST(ask(&user_daily_activity, "erin", days("&user_id=dana")) == "403  user_id");
    BOOST_TEST(ask(&user_daily_activity, "nobody", all_days).starts_with("401"));
    BOOST_TEST(ask(&user_daily_activity, "master", "") == "400  start_date");
    BOOST_TEST(ask(&user_daily_activity, "master", days("&page=x")) == "400  page");
}

BOOST_FIXTURE_TEST_CASE(teams_are_entities_that_their_administrators_see_whole, spend_fixture)
{
    std::string const all = ask(&team_daily_activity, "master", all_days);
    BOOST_TEST(sum(all) == "1.500000297");
    BOOST_TEST(contains(all, R"("entities":{"blue":)"));
    BOOST_TEST(sum(ask(&team_daily_activity, "master", days("&team_ids=blue"))) == "0.000000047");
    BOOST_TEST(sum(ask(&team_daily_activity, "master", days("&team_ids=blue,red"))) == "1.500000297");
    BOOST_TEST(sum(ask(&team_daily_activity, "dana", all_days)) == "1.50000025");
    // A member sees their own part of the team, a stranger nothing of it.
    BOOST_TEST(sum(ask(&team_daily_activity, "erin", days("&team_ids=blue"))) == "0.00000004");
    BOOST_TEST(sum(ask(&team_daily_activity, "dana", days("&team_ids=blue"))) == "0");
    BOOST_TEST(sum(ask(&team_daily_activity, "dana", days("&team_ids=red,blue"))) == "1.50000025");
}

BOOST_FIXTURE_TEST_CASE(a_call_of_two_tags_is_in_the_total_once, spend_fixture)
{
    std::string const all = ask(&tag_daily_activity, "master", all_days);
    BOOST_TEST(sum(all) == "1.50000029");
    BOOST_TEST(contains(all, R"("entities":{"x":{"metrics":{"spend":0.00000025,)"));
    std::string const y = ask(&tag_daily_activity, "master", days("&tags=y"));
    BOOST_TEST(sum(y) == "0.00000029");
    BOOST_TEST(!contains(y, R"("x":)"));
    BOOST_TEST(sum(ask(&tag_daily_activity, "erin", all_days)) == "0.00000004");
}

BOOST_FIXTURE_TEST_CASE(charts_are_in_the_order_of_days, spend_fixture)
{
    BOOST_TEST(
        ask(&global_activity, "master", all_days) ==
        R"({"daily_data":[{"date":"Apr 14","api_requests":1,"total_tokens":120},)"
        R"({"date":"Apr 15","api_requests":3,"total_tokens":240},{"date":"Apr 16","api_requests":1,"total_tokens":120}],)"
        R"("sum_api_requests":5,"sum_total_tokens":480})");
    BOOST_TEST(ask(&global_activity, "erin", all_days) ==
               R"({"daily_data":[{"date":"Apr 15","api_requests":2,"total_tokens":120}],)"
               R"("sum_api_requests":2,"sum_total_tokens":120})");
    BOOST_TEST(contains(ask(&global_activity, "master", days("&team_id=blue&model=opus")),
                        R"("sum_api_requests":2,)"));
    std::string const opus =
        R"({"model":"opus","daily_data":[{"date":"Apr 15","api_requests":2,"total_tokens":120}],)"
        R"("sum_api_requests":2,"sum_total_tokens":120})";
    BOOST_TEST(ask(&global_activity_by_model, "erin", all_days) == "[" + opus + "]");
    std::string const both = ask(&global_activity_by_model, "master", all_days);
    BOOST_TEST(both.starts_with(R"([{"model":"gpt",)"));
    BOOST_TEST(both.ends_with(opus + "]"));
    BOOST_TEST(ask(&global_activity, "master", "start_date=2026-04-14") == "400  end_date");
}

BOOST_FIXTURE_TEST_CASE(nothing_comes_from_a_cache, spend_fixture)
{
    std::string const all = ask(&global_cache_activity, "master", all_days);
    BOOST_TEST(contains(all, R"("totals":{"api_requests":4,"cache_hits":0,"failed_requests":1,)"), all);
    BOOST_TEST(contains(all, R"("cache_hit_ratio":0)"));
    BOOST_TEST(contains(all, R"("models":["gpt","opus"])"), all);
    BOOST_TEST(contains(all, R"("key_aliases":[)"));
    auto const totals = [&](std::string const& out) {
        return out.substr(out.find("\"totals\""), std::string_view(R"("totals":{"api_requests":4)").size());
    };
    BOOST_TEST(totals(ask(&global_cache_activity, "master", days("&models=opus"))) ==
               R"("totals":{"api_requests":1)");
    BOOST_TEST(totals(ask(&global_cache_activity, "master", days("&models=opus&models=gpt"))) ==
               R"("totals":{"api_requests":4)");
    BOOST_TEST(totals(ask(&global_cache_activity, "master", days("&key_aliases=dana"))) ==
               R"("totals":{"api_requests":2)");
    BOOST_TEST(totals(ask(&global_cache_activity, "master", days("&key_aliases=nobody"))) ==
               R"("totals":{"api_requests":0)");
    BOOST_TEST(totals(ask(&global_cache_activity, "erin", all_days)) == R"("totals":{"api_requests":1)");
    BOOST_TEST(ask(&global_cache_activity, "master", days("&key_aliases=dana&models=a&models=b")) ==
               "400  models");
    BOOST_TEST(ask(&global_cache_activity, "master", "start_date=x&end_date=2026-01-02") ==
               "400  start_date");
    BOOST_TEST(ask(&global_cache_activity, "master", "start_date=2026-01-01") == "400  end_date");
}

BOOST_FIXTURE_TEST_CASE(days_without_rows_keep_their_totals, spend_fixture)
{
    BOOST_TEST(cogate::ledger::retain(path(), {ledger_noon}).value() == 1u);
    std::string const out = ask(&user_daily_activity, "dana", all_days);
    BOOST_TEST(sum(out) == "1.50000025");
    BOOST_TEST(contains(out, R"("rows_from":"2026-04-15T10:00:00.000000Z")"));
    BOOST_TEST(sum(ask(&team_daily_activity, "master", all_days)) == "1.500000297");
    BOOST_TEST(sum(ask(&user_daily_activity, "dana", "start_date=2026-04-15&end_date=2026-04-16")) ==
               "0.00000025");
    BOOST_TEST(contains(ask(&global_activity, "dana", all_days), R"("sum_api_requests":2,)"));
    BOOST_TEST(ask(&global_activity_by_model, "dana", all_days) == "400 rows_deleted start_date");
}

BOOST_AUTO_TEST_SUITE_END()
