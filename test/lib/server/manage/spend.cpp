#include "lib/server/manage/families.hpp"
#include "lib/server/manage/spend_handlers.hpp"
#include "lib/server/manage/spend_query.hpp"

#include "lib/ledger/retain.hpp"

#include "test/lib/server/manage/spend_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace {

using namespace cogate::server::manage;
using namespace cogate::test;
using namespace std::chrono_literals;
using cogate::ledger::moment;

constexpr std::string_view all_days = "start_date=2026-04-14&end_date=2026-04-16";

std::size_t count(std::string_view text, std::string_view part)
{
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
        ++n;
    }
    return n;
}

} // namespace

BOOST_AUTO_TEST_SUITE(spend_endpoints)

BOOST_AUTO_TEST_CASE(dates_are_days_or_seconds_of_utc_and_wrong_ones_are_named)
{
    auto const span = [](std::string_view text, without_dates otherwise = without_dates::all_time) {
        query asked(text);
        return read_dates(asked, otherwise, ledger_noon);
    };
    moment const day = std::chrono::floor<std::chrono::days>(ledger_noon);
    BOOST_TEST((span("").value() == time_span{}));
    BOOST_TEST(
        (span("start_date=2026-04-15&end_date=2026-04-15").value() == time_span{day, day + 24h, true}));
    BOOST_TEST((span("start_date=2026-04-15+00:00:00&end_date=2026-04-15T10:20:30Z").value() ==
                time_span{day, ledger_noon + 1s, true}));
    BOOST_TEST((span("start_date=2026-04-15T00%3A00%3A00.123%2B00%3A00").value().from == day));
    BOOST_TEST(
        (span("", without_dates::last_30_days).value() == time_span{day - 29 * 24h, moment::max(), false}));
    auto const param = [&](std::string_view text, without_dates otherwise = without_dates::all_time) {
        auto const read = span(text, otherwise);
        return read ? "none" : std::to_string(read.error()->status) + ' ' + read.error()->param;
    };
    for (std::string_view const text :
         {"2026-02-30", "yesterday", "2026-4-1", "2026-04-15T", "2026-04-15 25:00:00", "2026-04-15 10:00",
          "2026-04-15T10:00:00.Z", "2026-04-15T10:00:00.1234567890123", "2026-04-15T10:00:00%2B02:00",
          "20260415", "2026-04-15x"}) {
        BOOST_TEST(param("start_date=" + std::string(text)) == "400 start_date", text);
        BOOST_TEST(param("end_date=" + std::string(text)) == "400 end_date", text);
    }
    BOOST_TEST(param("start_date=2026-04-16&end_date=2026-04-15") == "400 start_date");
    BOOST_TEST(param("start_date=2026-04-16&start_date=2026-04-15") == "400 start_date");
    BOOST_TEST(param("start_date=2026-04-16", without_dates::refused) == "400 end_date");
    BOOST_TEST(param("end_date=2026-04-16", without_dates::refused) == "400 start_date");
}

BOOST_FIXTURE_TEST_CASE(a_row_has_litellms_columns_and_exact_amounts, spend_fixture)
{
    std::string const d = digest("dana");
    BOOST_TEST(
        ask(&spend_logs, "master", "request_id=b") ==
        R"([{"request_id":"b","call_type":"completion","api_key":")" + d +
            R"(","spend":0.00000025,"total_tokens":120,"prompt_tokens":100,"completion_tokens":20,)"
            R"("startTime":"2026-04-15T10:20:30.000000Z","endTime":"2026-04-15T10:20:31.500000Z",)"
            R"("completionStartTime":null,"request_duration_ms":1500,"model":"gpt-2026","model_id":"gpt-1",)"
            R"("model_group":"gpt","custom_llm_provider":"openai","api_base":"","user":"dana","metadata":{)"
            R"("user_api_key":")" +
            d +
            R"(","user_api_key_alias":"dana","user_api_key_user_id":"dana",)"
            R"("user_api_key_team_id":"red","user_api_key_org_id":null,"status":"success","http_status":200,"attempt":0,)"
            R"("additional_usage_values":{"cache_read_input_tokens":10,"cache_creation_input_tokens":5,)"
            R"("reasoning_tokens":3}},"cache_hit":"False","cache_key":"","request_tags":["x","y"],"team_id":"red",)"
            R"("organization_id":null,"end_user":"customer","requester_ip_address":null,"session_id":null,)"
            R"("status":"success","messages":{},"response":{},"proxy_server_request":{}}])");
    BOOST_TEST(contains(ask(&spend_logs, "master", "request_id=a"), R"("spend":1.5,)"));
    BOOST_TEST(contains(ask(&spend_logs, "master", "request_id=d"), R"("status":"failure")"));
    BOOST_TEST(ask(&spend_logs, "master", "request_id=none") == "[]");
}

BOOST_FIXTURE_TEST_CASE(logs_are_narrowed_by_what_is_asked_and_by_who_asks, spend_fixture)
{
    auto const rows = [&](std::string_view as, std::string const& query) {
        return count(ask(&spend_logs, as, query), "\"request_id\":");
    };
    BOOST_TEST(rows("master", "") == 5u);
    BOOST_TEST(rows("viewer", "") == 5u);
    BOOST_TEST(rows("dana", "") == 2u);
    BOOST_TEST(rows("erin", "") == 2u);
    BOOST_TEST(rows("robot", "") == 1u);
    BOOST_TEST(ask(&spend_logs, "nobody", "").starts_with("401"));
    BOOST_TEST(rows("master", "api_key=" + text("erin")) == 2u);
    BOOST_TEST(rows("master", "api_key=" + digest("erin")) == 2u);
    BOOST_TEST(rows("erin", "api_key=" + text("dana")) == 0u);
    BOOST_TEST(rows("erin", "request_id=b") == 0u);
    BOOST_TEST(rows("master", "user_id=dana") == 2u);
    BOOST_TEST(rows("dana", "user_id=dana") == 2u);
    BOOST_TEST(ask(&spend_logs, "erin", "user_id=dana") == "403  user_id");
    BOOST_TEST(ask(&spend_logs, "robot", "user_id=dana") == "403  user_id");
    BOOST_TEST(rows("master", "start_date=2026-04-15&end_date=2026-04-15&summarize=false") == 3u);
    BOOST_TEST(rows("master", "start_date=2026-04-16") == 1u);
    BOOST_TEST(ask(&spend_logs, "master", "summarize=perhaps") == "400  summarize");
    BOOST_TEST(ask(&spend_logs, "master", "start_date=x") == "400  start_date");
}

BOOST_FIXTURE_TEST_CASE(logs_of_dates_are_summed_by_day, spend_fixture)
{
    std::string const dana = digest("dana");
    std::string const erin = digest("erin");
    std::string const keys = dana < erin ? "\"" + dana + "\":0.00000025,\"" + erin + "\":0.00000004"
                                         : "\"" + erin + "\":0.00000004,\"" + dana + "\":0.00000025";
    BOOST_TEST(
        ask(&spend_logs, "master", "start_date=2026-04-14&end_date=2026-04-15") ==
        R"([{"startTime":"2026-04-14","spend":1.5,"users":{"dana":1.5},"models":{"gpt-2026":1.5},")" + dana +
            R"(":1.5},{"startTime":"2026-04-15","spend":0.00000029,"users":{"dana":0.00000025,"erin":0.00000004},)"
            R"("models":{"gpt-2026":0.00000025,"opus-2026":0.00000004},)" +
            keys + "}]");
    BOOST_TEST(ask(&spend_logs, "dana", "start_date=2026-04-15&end_date=2026-04-16") ==
               R"([{"startTime":"2026-04-15","spend":0.00000025,"users":{"dana":0.00000025},)"
               R"("models":{"gpt-2026":0.00000025},")" +
                   dana + R"(":0.00000025},{"startTime":"2026-04-16","spend":0,"users":{},"models":{}}])");
    BOOST_TEST(ask(&spend_logs, "master", "start_date=2020-01-01&end_date=2020-01-02") == "[]");
}

BOOST_FIXTURE_TEST_CASE(logs_come_in_pages_with_conditions, spend_fixture)
{
    std::string const first = ask(&spend_logs_paged, "master", std::string(all_days) + "&page_size=2");
    BOOST_TEST(count(first, "\"request_id\":") == 2u);
    BOOST_TEST(contains(first, R"("total":5,"page":1,"page_size":2,"total_pages":3})"));
    BOOST_TEST(contains(first, R"({"data":[{"request_id":"e")"));
    std::string const last = ask(&spend_logs_paged, "master", std::string(all_days) + "&page_size=2&page=3");
    BOOST_TEST(contains(last, R"({"data":[{"request_id":"a")"));
    auto const total = [&](std::string const& more) {
        std::string const out = ask(&spend_logs_paged, "master", std::string(all_days) + more);
        auto const at = out.find("\"total\":");
        return at == std::string::npos ? out : out.substr(at + 8, out.find(',', at) - at - 8);
    };
    BOOST_TEST(total("&status_filter=failure") == "1");
    BOOST_TEST(total("&status_filter=success") == "4");
    BOOST_TEST(total("&min_spend=0.00000025") == "2");
    BOOST_TEST(total("&max_spend=0.00000025&min_spend=0.00000004") == "2");
    BOOST_TEST(total("&team_id=blue&model=opus") == "2");
    BOOST_TEST(total("&key_alias=robot") == "1");
    BOOST_TEST(total("&end_user=customer") == "5");
    BOOST_TEST(total("&key_alias=nobody") == "404  key_alias");
    BOOST_TEST(total("&status_filter=maybe") == "400  status_filter");
    BOOST_TEST(total("&min_spend=much") == "400  min_spend");
    BOOST_TEST(total("&page=0") == "400  page");
    BOOST_TEST(total("&page_size=1001") == "400  page_size");
    BOOST_TEST(ask(&spend_logs_paged, "master", "") == "400  start_date");
}

BOOST_FIXTURE_TEST_CASE(keys_users_and_tags_are_listed_by_what_they_spent, spend_fixture)
{
    std::string const keys = ask(&spend_keys, "master");
    BOOST_TEST(count(keys, "\"token\":") == 4u);
    BOOST_TEST(keys.starts_with(R"([{"token":")" + digest("dana") +
                                R"(","key_name":"sk-...tail","key_alias":"dana","spend":1.50000025,)"));
    BOOST_TEST(!contains(keys, text("dana")));
    BOOST_TEST(count(ask(&spend_keys, "erin"), "\"token\":") == 1u);
    BOOST_TEST(contains(ask(&spend_keys, "robot"), R"("spend":0.000000007,)"));
    std::string const users = ask(&spend_users, "viewer");
    BOOST_TEST(count(users, "\"user_id\":") == 3u);
    BOOST_TEST(users.starts_with(R"([{"user_id":"dana",)"));
    BOOST_TEST(count(ask(&spend_users, "erin"), "\"user_id\":") == 1u);
    BOOST_TEST(contains(ask(&spend_users, "erin", "user_id=erin"), R"("spend":0.00000004,)"));
    BOOST_TEST(ask(&spend_users, "erin", "user_id=dana") == "403  user_id");
    BOOST_TEST(ask(&spend_users, "robot") == "403  user_id");
    BOOST_TEST(ask(&spend_users, "master", "user_id=none") == "404  user_id");
    BOOST_TEST(ask(&spend_tags, "master") ==
               R"([{"individual_request_tag":"x","log_count":2,"total_spend":1.50000025},)"
               R"({"individual_request_tag":"y","log_count":2,"total_spend":0.00000029}])");
    BOOST_TEST(ask(&spend_tags, "erin") ==
               R"([{"individual_request_tag":"y","log_count":1,"total_spend":0.00000004}])");
    BOOST_TEST(ask(&global_spend_tags, "master", std::string(all_days) + "&tags=y,z") ==
               R"({"spend_per_tag":[{"name":"y","spend":0.00000029,"log_count":2}]})");
    BOOST_TEST(ask(&global_spend_tags, "master", "") == "400  start_date");
    BOOST_TEST(ask(&all_tag_names, "master") == R"({"tag_names":["x","y"]})");
    BOOST_TEST(ask(&all_tag_names, "erin") == R"({"tag_names":["y"]})");
}

BOOST_FIXTURE_TEST_CASE(the_whole_gateway_has_sums_by_every_owner, spend_fixture)
{
    BOOST_TEST(ask(&global_spend, "master") == R"({"spend":1.500000297,"max_budget":5})");
    BOOST_TEST(ask(&global_spend, "master", "start_date=2026-04-15") ==
               R"({"spend":0.000000297,"max_budget":5})");
    BOOST_TEST(ask(&global_spend_logs, "master") ==
               R"([{"date":"2026-04-14","spend":1.5},{"date":"2026-04-15","spend":0.00000029},)"
               R"({"date":"2026-04-16","spend":0.000000007}])");
    BOOST_TEST(ask(&global_spend_logs, "erin") == R"([{"date":"2026-04-15","spend":0.00000004}])");
    BOOST_TEST(ask(&global_spend_logs, "erin", "api_key=" + text("dana")) == "403  api_key");
    BOOST_TEST(ask(&global_spend_logs, "erin", "api_key=" + text("erin")) ==
               R"([{"date":"2026-04-15","spend":0.00000004,"api_key":")" + digest("erin") + "\"}]");
    BOOST_TEST(ask(&global_spend_keys, "master", "limit=1") ==
               R"([{"api_key":")" + digest("dana") +
                   R"(","key_alias":"dana","key_name":"sk-...tail","total_spend":1.50000025}])");
    BOOST_TEST(ask(&global_spend_keys, "master", "limit=0") == "400  limit");
    BOOST_TEST(count(ask(&global_spend_keys, "robot"), "api_key") == 1u);
    BOOST_TEST(ask(&global_spend_models, "master") ==
               R"([{"model":"gpt","total_spend":1.500000257,"total_tokens":360},)"
               R"({"model":"opus","total_spend":0.00000004,"total_tokens":120}])");
    BOOST_TEST(ask(&global_spend_models, "dana") ==
               R"([{"model":"gpt","total_spend":1.50000025,"total_tokens":240}])");
    BOOST_TEST(ask(&global_spend_provider, "master", all_days) ==
               R"([{"provider":"openai","spend":1.500000257},{"provider":"anthropic","spend":0.00000004}])");
    BOOST_TEST(ask(&global_spend_provider, "master", "") == "400  start_date");
    BOOST_TEST(
        ask(&global_spend_teams, "master") ==
        R"({"daily_spend":[{"date":"2026-04-14","Red team":1.5},)"
        R"({"date":"2026-04-15","Red team":0.00000025,"blue":0.00000004},{"date":"2026-04-16","blue":0.000000007}],)"
        R"("teams":["Red team","blue"],"total_spend_per_team":[{"team_id":"Red team","total_spend":1.50000025},)"
        R"({"team_id":"blue","total_spend":0.000000047}]})");
    BOOST_TEST(ask(&global_spend_end_users, "master", "", R"({"api_key":")" + text("erin") + R"("})") ==
               R"([{"end_user":"customer","total_count":2,"total_spend":0.00000004}])");
    BOOST_TEST(ask(&global_spend_end_users, "master", "", R"({"startTime":"2026-04-16","endTime":null})") ==
               R"([{"end_user":"customer","total_count":1,"total_spend":0.000000007}])");
    BOOST_TEST(ask(&global_spend_end_users, "master", "", R"({"startTime":7})") == "400  startTime");
    BOOST_TEST(ask(&global_spend_end_users, "master", "", R"({"api_key":7})") == "400  api_key");
    BOOST_TEST(contains(ask(&global_spend_end_users, "dana"), R"("total_count":2)"));
}

BOOST_FIXTURE_TEST_CASE(a_report_groups_days_by_team_customer_or_key, spend_fixture)
{
    std::string const day = "start_date=2026-04-14&end_date=2026-04-14";
    std::string const line = R"("total_spend":1.5,"metadata":[{"model":"gpt-2026","api_key":")" +
                             digest("dana") + R"(","spend":1.5,"total_tokens":120}]}]}])";
    std::string const head = R"([{"group_by_day":"2026-04-14T00:00:00+00:00",)";
    BOOST_TEST(ask(&global_spend_report, "master", day) ==
               head + R"("teams":[{"team_name":"Red team",)" + line);
    BOOST_TEST(ask(&global_spend_report, "master", day + "&group_by=customer") ==
               head + R"("customers":[{"customer":"customer",)" + line);
    BOOST_TEST(ask(&global_spend_report, "master", day + "&team_id=red&customer_id=customer") ==
               head + R"("teams_customers":[{"team_name":"Red team","customer":"customer",)" + line);
    std::string const key =
        R"([{"api_key":")" + digest("dana") +
        R"(","total_cost":1.5,"total_input_tokens":100,"total_output_tokens":20,"model_details":[)"
        R"({"model":"gpt-2026","total_cost":1.5,"total_input_tokens":100,"total_output_tokens":20}]}])";
    BOOST_TEST(ask(&global_spend_report, "master", day + "&group_by=api_key") == key);
    BOOST_TEST(ask(&global_spend_report, "master", day + "&internal_user_id=dana") == key);
    BOOST_TEST(ask(&global_spend_report, "master", day + "&api_key=" + text("dana")) == key);
    BOOST_TEST(ask(&global_spend_report, "master", day + "&api_key=" + text("erin")) == "[]");
    BOOST_TEST(ask(&global_spend_report, "master", day + "&group_by=colour") == "400  group_by");
    BOOST_TEST(ask(&global_spend_report, "master", "") == "400  start_date");
}

BOOST_FIXTURE_TEST_CASE(totals_outlive_their_rows_and_lists_say_what_is_gone, spend_fixture)
{
    BOOST_TEST(cogate::ledger::retain(path(), {ledger_noon}).value() == 1u);
    BOOST_TEST(ask(&global_spend, "master") == R"({"spend":1.500000297,"max_budget":5})");
    BOOST_TEST(contains(ask(&spend_keys, "dana"), R"("spend":1.50000025,)"));
    BOOST_TEST(contains(ask(&global_spend_models, "dana"), R"("total_spend":1.50000025,)"));
    BOOST_TEST(ask(&global_spend_report, "master", all_days) == "400 rows_deleted start_date");
    BOOST_TEST(ask(&spend_logs, "master", all_days) == "400 rows_deleted start_date");
    BOOST_TEST(ask(&spend_tags, "dana", all_days) == "400 rows_deleted start_date");
    BOOST_TEST(contains(ask(&spend_tags, "dana"), R"("total_spend":0.00000025})"));
}

BOOST_AUTO_TEST_CASE(every_route_stands_once_and_reads_only)
{
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (auto const& routes : {spend_routes(), activity_routes()}) {
        for (managed_route const& route : routes) {
            BOOST_TEST(seen.emplace(route.method, route.path).second, route.path);
            BOOST_TEST((route.run != nullptr));
            bool const reads = route.what == cogate::ledger::route_class::self_service ||
                               route.what == cogate::ledger::route_class::admin_read;
            BOOST_TEST(reads, route.path);
        }
    }
    BOOST_TEST(seen.size() == 24u);
}

BOOST_AUTO_TEST_SUITE_END()
