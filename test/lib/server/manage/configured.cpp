#include "lib/server/manage/configured.hpp"

#include "test/lib/server/manage/desk.hpp"

#include <string>
#include <string_view>

using cogate::server::configured_terms;
using cogate::server::owner_terms;
using cogate::test::desk;
using cogate::test::dollar;
using cogate::test::reply;

namespace {

owner_terms some(cogate::ledger::nanos budget, std::string_view every, std::int64_t rate)
{
    owner_terms out;
    out.has.max_budget = budget;
    out.has.budget_duration = every;
    out.has.limits = {
        .requests_per_minute = rate, .tokens_per_minute = rate * 10, .parallel_requests = rate * 2};
    return out;
}

configured_terms defaults()
{
    configured_terms out;
    out.key_defaults = some(5 * dollar, "1d", 7);
    out.key_defaults.duration = "10d";
    out.key_defaults.models = {"m"};
    return out;
}

configured_terms bounds()
{
    configured_terms out;
    out.key_bounds = some(100 * dollar, "10d", 1000);
    out.key_bounds.duration = "30d";
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(server_manage_configured)

BOOST_AUTO_TEST_CASE(a_new_key_gets_the_default_of_what_its_request_does_not_say)
{
    desk at(defaults());
    BOOST_REQUIRE(at.post("/team/new", R"({"team_id":"t"})").ok());
    constexpr std::string_view nulls = R"({"max_budget":null,"rpm_limit":null,"models":[],"duration":null})";
    for (auto const& [path, body] : {std::pair<std::string_view, std::string_view>{"/key/generate", "{}"},
                                     {"/key/generate", nulls},
                                     {"/key/service-account/generate", R"({"team_id":"t"})"}}) {
        reply const made = at.post(path, body);
        BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
        BOOST_TEST(made.raw("max_budget") == "5");
        BOOST_TEST(made["budget_duration"].string() == "1d");
        BOOST_TEST(made.raw("rpm_limit") == "7");
        BOOST_TEST(made.raw("tpm_limit") == "70");
        BOOST_TEST(made.raw("max_parallel_requests") == "14");
        BOOST_TEST(made.raw("models") == R"(["m"])");
        BOOST_TEST(made["expires"].is_string());
    }
    reply const said = at.post("/key/generate", R"({"max_budget":50,"budget_duration":null,"rpm_limit":0,
        "models":["n"],"duration":"-1"})");
    BOOST_TEST(said.raw("max_budget") == "50");
    BOOST_TEST(said["budget_duration"].is_null());
    BOOST_TEST(said.raw("rpm_limit") == "0");
    BOOST_TEST(said.raw("tpm_limit") == "70");
    BOOST_TEST(said.raw("models") == R"(["n"])");
    BOOST_TEST(said["expires"].is_null());
}

BOOST_AUTO_TEST_CASE(a_budget_record_says_what_it_lends)
{
    desk at(defaults());
    BOOST_REQUIRE(at.post("/budget/new", R"({"budget_id":"b","max_budget":9,"budget_duration":"7d"})").ok());
    reply const made = at.post("/key/generate", R"({"budget_id":"b"})");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    BOOST_TEST(made.raw("max_budget") == "9");
    BOOST_TEST(made["budget_duration"].string() == "7d");
    BOOST_TEST(made.raw("rpm_limit") == "7");
}

BOOST_AUTO_TEST_CASE(a_default_is_never_above_what_the_calling_key_has)
{
    desk at(defaults());
    at.user("u");
    std::string const own = at.key(R"({"user_id":"u","max_budget":2,"budget_duration":"30d","rpm_limit":3,
                                       "models":["n"],"duration":"2d"})");
    reply const made = at.as(own).post("/key/generate", "{}");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    BOOST_TEST(made.raw("max_budget") == "2");
    BOOST_TEST(made["budget_duration"].string() == "30d");
    BOOST_TEST(made.raw("rpm_limit") == "3");
    BOOST_TEST(made.raw("tpm_limit") == "70");
    BOOST_TEST(made.raw("models") == R"(["n"])");
    BOOST_TEST(made["expires"].string() == at.get("/key/info?key=" + own)["info"]["expires"].string());
}

BOOST_AUTO_TEST_CASE(what_is_above_a_bound_is_refused_and_what_is_not_said_is_the_bound)
{
    desk at(bounds());
    struct row {
        std::string_view member;
        std::string_view param;
    };
    for (row const& each : {row{R"("max_budget":100.000000001)", "max_budget"},
                            row{R"("budget_duration":"11d")", "budget_duration"},
                            row{R"("budget_duration":"1mo")", "budget_duration"},
                            row{R"("rpm_limit":1001)", "rpm_limit"}, row{R"("tpm_limit":10001)", "tpm_limit"},
                            row{R"("max_parallel_requests":2001)", "max_parallel_requests"},
                            row{R"("duration":"31d")", "duration"}, row{R"("duration":"-1")", "duration"}}) {
        reply const got = at.post("/key/generate", "{" + std::string(each.member) + "}");
        BOOST_TEST(got.status() == 400, each.member);
        BOOST_TEST(got.param() == each.param, each.member);
        BOOST_TEST(got.message().find("'" + std::string(each.param) + "'") == 0U, got.message());
    }
    BOOST_TEST(at.get("/key/list")["total_count"].raw() == "0");
    for (std::string_view const body :
         {"{}", R"({"budget_duration":null})",
          R"({"max_budget":100,"budget_duration":"240h","rpm_limit":1000,"duration":"30d"})"}) {
        reply const made = at.post("/key/generate", body);
        BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
        BOOST_TEST(made.raw("max_budget") == "100");
        BOOST_TEST(made["budget_duration"].string().starts_with(body.size() > 40 ? "240h" : "10d"));
        BOOST_TEST(made.raw("rpm_limit") == "1000");
        BOOST_TEST(made["expires"].is_string());
    }
}

BOOST_AUTO_TEST_CASE(a_change_may_not_pass_a_bound_nor_take_the_limit_away)
{
    desk at(bounds());
    std::string const key = at.key(R"({"max_budget":1})");
    for (std::string_view const member : {R"("max_budget":101)", R"("max_budget":null)"}) {
        reply const got = at.post("/key/update", R"({"key":")" + key + "\"," + std::string(member) + "}");
        BOOST_TEST(got.status() == 400, member);
        BOOST_TEST(got.param() == "max_budget", member);
    }
    BOOST_TEST(at.post("/key/update", R"({"key":")" + key + R"(","duration":"-1"})").param() == "duration");
    BOOST_TEST(at.post("/key/" + key + "/regenerate", R"({"rpm_limit":1001})").param() == "rpm_limit");
    reply const same = at.post("/key/update", R"({"key":")" + key + R"(","max_budget":100,"key_alias":"a"})");
    BOOST_REQUIRE_MESSAGE(same.ok(), same.message());
    BOOST_TEST(same.raw("max_budget") == "100");
    BOOST_TEST(same["budget_duration"].string() == "10d");
    reply const record = at.post("/budget/new", R"({"budget_id":"b","max_budget":500})");
    BOOST_REQUIRE_MESSAGE(record.ok(), record.message());
    BOOST_TEST(at.post("/key/generate", R"({"budget_id":"b"})").param() == "max_budget");
}

BOOST_AUTO_TEST_CASE(a_key_from_before_the_bound_keeps_what_it_has)
{
    desk at;
    std::string const key = at.key(R"({"max_budget":500})");
    at.restart(bounds());
    BOOST_TEST(at.post("/key/update", R"({"key":")" + key + R"(","key_alias":"a"})").ok());
    BOOST_TEST(at.post("/key/block", R"({"key":")" + key + "\"}").ok());
    BOOST_TEST(at.post("/key/update", R"({"key":")" + key + R"(","max_budget":400})").status() == 400);
}

BOOST_AUTO_TEST_CASE(a_default_above_a_bound_is_lowered_to_it)
{
    configured_terms both = bounds();
    both.key_defaults = some(500 * dollar, "30d", 5000);
    both.key_defaults.duration = "90d";
    desk at(both);
    reply const made = at.post("/key/generate", "{}");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    BOOST_TEST(made.raw("max_budget") == "100");
    BOOST_TEST(made["budget_duration"].string() == "10d");
    BOOST_TEST(made.raw("rpm_limit") == "1000");
}

BOOST_AUTO_TEST_CASE(a_new_user_gets_the_defaults_of_users)
{
    configured_terms given;
    given.user_defaults = some(3 * dollar, "1mo", 4);
    given.user_defaults.models = {"m"};
    given.user_role = cogate::ledger::user_role::internal_user_viewer;
    desk at(given);
    reply const made = at.post("/user/new", R"({"user_id":"u","budget_duration":null})");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    BOOST_TEST(made["user_role"].string() == "internal_user_viewer");
    BOOST_TEST(made.raw("max_budget") == "3");
    BOOST_TEST(made["budget_duration"].string() == "1mo");
    BOOST_TEST(made.raw("rpm_limit") == "4");
    BOOST_TEST(made.raw("models") == R"(["m"])");
    BOOST_TEST(at.get("/key/info?key=" + made["key"].string())["info"]["max_budget"].is_null());
    reply const said =
        at.post("/user/new", R"({"user_id":"v","user_role":"internal_user","max_budget":8,"models":["n"]})");
    BOOST_TEST(said["user_role"].string() == "internal_user");
    BOOST_TEST(said.raw("max_budget") == "8");
    BOOST_TEST(said.raw("models") == R"(["n"])");
    // one that a team's new member makes
    BOOST_REQUIRE(at.post("/team/new", R"({"team_id":"t"})").ok());
    std::string_view const member = R"({"team_id":"t","member":{"user_id":"w","role":"user"}})";
    BOOST_REQUIRE(at.post("/team/member_add", member).ok());
    BOOST_TEST(at.get("/user/info?user_id=w")["user_info"]["max_budget"].raw() == "3");
}

BOOST_AUTO_TEST_CASE(a_budget_does_not_start_anew_more_often_than_that_of_the_calling_key)
{
    desk at;
    at.user("u");
    std::string const own = at.key(R"({"user_id":"u","max_budget":2,"budget_duration":"30d"})");
    at.as(own);
    reply const refused = at.post("/key/generate", R"({"max_budget":2,"budget_duration":"1s"})");
    BOOST_TEST(refused.status() == 403);
    BOOST_TEST(refused.param() == "budget_duration");
    BOOST_TEST(at.post("/key/update", R"({"key":")" + own + R"(","budget_duration":"1s"})").status() == 403);
    BOOST_TEST(at.post("/key/generate", R"({"max_budget":1,"budget_duration":"30d"})").ok());
    BOOST_TEST(at.post("/key/generate", R"({"max_budget":1})").ok());
}

BOOST_AUTO_TEST_SUITE_END()
