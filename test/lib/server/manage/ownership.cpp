#include "test/lib/server/manage/desk.hpp"

#include <string>
#include <string_view>
#include <vector>

using cogate::test::desk;
using cogate::test::dollar;
using cogate::test::reply;

namespace {

/// A small company: organisation o with admin oa, team t (of o) with admin ta and member u, team s with member v, and the
/// keys of each. Users of no team: w, and the viewers.
struct company {
    desk at;
    std::string admin = at.user("root", "proxy_admin");
    std::string viewer = at.user("view", "proxy_admin_viewer");
    std::string oa = at.user("oa");
    std::string ta = at.user("ta");
    std::string u = at.user("u");
    std::string v = at.user("v");
    std::string w = at.user("w");
    std::string reader = at.user("reader", "internal_user_viewer");
    std::string of_team;
    std::string of_u;

    company()
    {
        must("/organization/new", R"({"organization_id":"o","organization_alias":"O"})");
        must("/organization/member_add",
             R"({"organization_id":"o","member":{"role":"org_admin","user_id":"oa"}})");
        must("/team/new",
             R"({"team_id":"t","organization_id":"o","members_with_roles":[{"role":"admin","user_id":"ta"},
                              {"role":"user","user_id":"u"}]})");
        must("/team/new", R"({"team_id":"s","members_with_roles":[{"role":"user","user_id":"v"}]})");
        of_team = at.key(R"({"team_id":"t","key_alias":"of-team"})");
        of_u = at.key(R"({"team_id":"t","user_id":"u","key_alias":"of-u","max_budget":5,"rpm_limit":10})");
    }
    void must(std::string_view path, std::string_view body)
    {
        reply const got = at.as("").post(path, body);
        BOOST_REQUIRE_MESSAGE(got.ok(), path << ' ' << got.message());
    }
    std::vector<std::string> callers() const { return {"", admin, viewer, oa, ta, u, v, w, reader}; }
};

constexpr std::string_view names[]{"master", "admin", "viewer", "oa", "ta", "u", "v", "w", "reader"};

} // namespace

BOOST_AUTO_TEST_SUITE(server_manage_ownership)

// One letter per caller, in the order of `names`: y is let in, - is refused with 403.
BOOST_AUTO_TEST_CASE(who_may_do_what_to_whom)
{
    company in;
    struct row {
        std::string_view method;
        std::string target;
        std::string body;
        std::string_view let_in;
    };
    std::string const team_key = R"({"key":")" + in.of_team + "\"}";
    std::string const u_key = R"({"key":")" + in.of_u + "\"}";
    // clang-format off
    for (row const& each : std::vector<row>{
             //                                                                        m a v o t u v w r
             {"GET", "/key/info?key=" + in.of_team, "", /*                          */ "yyyyy----"},
             {"GET", "/key/info?key=" + in.of_u, "", /*                             */ "yyyyyy---"},
             {"POST", "/v2/key/info", R"({"keys":[")" + in.of_u + R"("]})", /*      */ "yyyyyy---"},
             {"POST", "/key/update", team_key, /*                                   */ "yy-yy----"},
             {"POST", "/key/update", u_key, /*                                      */ "yy-yyy---"},
             {"POST", "/key/block", u_key, /*                                       */ "yy-yyy---"},
             {"POST", "/key/" + in.of_u + "/reset_spend", R"({"reset_to":0})", /*   */ "yy-yy----"},
             {"POST", "/key/generate", R"({"user_id":"w"})", /*                     */ "yy-----y-"},
             {"POST", "/key/generate", R"({"user_id":"u","team_id":"t"})", /*       */ "yy-yyy---"},
             {"POST", "/key/generate", R"({"team_id":"s"})", /*                     */ "yy----y--"},
             {"POST", "/key/service-account/generate", R"({"team_id":"t"})", /*     */ "yy-yy----"},
             {"POST", "/key/generate", R"({"organization_id":"o","user_id":"oa"})", /**/ "yy-y-----"},
             {"POST", "/user/new", "{}", /*                                         */ "yy-------"},
             {"POST", "/user/update", R"({"user_id":"u"})", /*                      */ "yy-------"},
             {"GET", "/user/info?user_id=u", "", /*                                 */ "yyy--y---"},
             {"GET", "/team/info?team_id=t", "", /*                                 */ "yyyyyy---"},
             {"GET", "/team/info?team_id=s", "", /*                                 */ "yyy---y--"},
             {"POST", "/team/new", "{}", /*                                         */ "yy-------"},
             {"POST", "/team/new", R"({"organization_id":"o"})", /*                 */ "yy-y-----"},
             {"POST", "/team/update", R"({"team_id":"t","max_budget":9})", /*       */ "yy-y-----"},
             {"POST", "/team/update", R"({"team_id":"s","max_budget":9})", /*       */ "yy-------"},
             {"POST", "/team/block", R"({"team_id":"s"})", /*                       */ "yy-------"},
             {"POST", "/team/unblock", R"({"team_id":"s"})", /*                     */ "yy-------"},
             {"POST", "/team/member_update", R"({"team_id":"t","user_id":"u","role":"user"})", /**/ "yy-yy----"},
             {"POST", "/organization/new", R"({"organization_alias":"x"})", /*      */ "yy-------"},
             {"GET", "/organization/info?organization_id=o", "", /*                 */ "yyyy-----"},
             {"POST", "/organization/member_update", R"({"organization_id":"o","user_id":"oa"})", /**/ "yy-y-----"},
             {"POST", "/customer/block", R"({"user_ids":["c"]})", /*                */ "yy-------"},
             {"GET", "/customer/list", "", /*                                       */ "yyy------"},
             {"POST", "/budget/new", "{}", /*                                       */ "yy-------"},
             {"POST", "/budget/info", R"({"budgets":["none"]})", /*                 */ "yyy------"},
             {"GET", "/budget/list", "", /*                                         */ "yyy------"},
             {"GET", "/tag/list", "", /*                                            */ "yyy------"},
             {"POST", "/tag/delete", R"({"name":"none"})", /*                       */ "yy-------"},
         }) {
        // clang-format on
        std::vector<std::string> const callers = in.callers();
        BOOST_REQUIRE(each.let_in.size() == callers.size());
        for (std::size_t i = 0; i != callers.size(); ++i) {
            in.at.as("").post("/key/unblock", u_key); // for the next caller
            in.must("/team/unblock", R"({"team_id":"s"})");
            reply const got = each.method == "GET" ? in.at.as(callers[i]).get(each.target)
                                                   : in.at.as(callers[i]).post(each.target, each.body);
            BOOST_TEST((got.status() != 403) == (each.let_in[i] == 'y'),
                       names[i] << ": " << each.target << ' ' << each.body << ": " << got.status() << ' '
                                << got.message());
        }
    }
}

BOOST_AUTO_TEST_CASE(lists_show_what_is_ones_own)
{
    company in;
    auto const count = [&](std::string const& key, std::string_view target, std::string_view member) {
        return in.at.as(key).get(target).raw(member);
    };
    BOOST_TEST(count("", "/key/list", "total_count") == "10");
    BOOST_TEST(count(in.viewer, "/key/list", "total_count") == "10");
    BOOST_TEST(count(in.u, "/key/list", "total_count") == "2");
    BOOST_TEST(count(in.u, "/key/list?user_id=v", "total_count") == "0");
    BOOST_TEST(count(in.ta, "/key/list", "total_count") == "1");
    BOOST_TEST(count(in.ta, "/key/list?include_team_keys=true", "total_count") == "3");
    BOOST_TEST(count(in.ta, "/key/list?team_id=t", "total_count") == "2");
    BOOST_TEST(count(in.of_team, "/key/list", "total_count") == "1");
    BOOST_TEST(count(in.u, "/user/list", "total") == "1");
    BOOST_TEST(count(in.oa, "/user/list", "total") == "1");
    BOOST_TEST(count(in.u, "/v2/team/list", "total") == "1");
    BOOST_TEST(count(in.w, "/v2/team/list", "total") == "0");
    BOOST_TEST(count(in.oa, "/v2/team/list", "total") == "1");
    BOOST_TEST(in.at.as(in.u).get("/team/list").root()[std::size_t{0}]["keys"].size() == 1U);
    BOOST_TEST(in.at.as(in.w).get("/organization/list").text() == "[]");
    BOOST_TEST(in.at.as(in.of_team).get("/key/info")["info"]["key_alias"].string() == "of-team");
    BOOST_TEST(in.at.as(in.of_team).post("/key/generate", "{}").status() == 403);
    BOOST_TEST(in.at.as(in.of_team)
                   .post("/key/update", R"({"key":")" + in.of_team + R"(","max_budget":9})")
                   .status() == 403);
}

BOOST_AUTO_TEST_CASE(a_key_gives_no_more_than_it_has)
{
    desk at;
    at.user("u");
    std::string const maker =
        at.key(R"({"user_id":"u","models":["gpt-4o","openai/*"],"max_budget":5,"rpm_limit":10,
                                         "duration":"1d","allowed_routes":["/chat/completions","/key/*"]})");
    at.as(maker);
    struct row {
        std::string_view body;
        std::string_view param;
    };
    for (row const& each : {
             row{R"({"models":["claude"]})", "models"},
             row{R"({"models":["gpt-4o","*"]})", "models"},
             row{R"({"models":["all-proxy-models"]})", "models"},
             row{R"({"max_budget":6})", "max_budget"},
             row{R"({"rpm_limit":11})", "rpm_limit"},
             row{R"({"duration":"2d"})", "duration"},
             row{R"({"duration":null,"allowed_routes":["/embeddings"]})", "allowed_routes"},
             row{R"({"temp_budget_increase":1,"temp_budget_expiry":"1d"})", "temp_budget_increase"},
             row{R"({"aliases":{"x":"claude"}})", "aliases"},
             row{R"({"spend":1})", ""},
         }) {
        reply const got = at.post("/key/generate", each.body);
        BOOST_TEST(got.status() == 403, each.body);
        BOOST_TEST(got.param() == each.param, each.body);
    }
    reply const made = at.post("/key/generate", R"({"models":["openai/gpt-5"],"max_budget":1})");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    BOOST_TEST(made["user_id"].string() == "u");
    BOOST_TEST(made["rpm_limit"].raw() == "10"); // what it does not say is its maker's
    BOOST_TEST(made["allowed_routes"].raw() == R"(["/chat/completions","/key/*"])");
    BOOST_TEST(made["expires"].is_string());
    BOOST_TEST(at.post("/key/generate", "{}")["models"].raw() == R"(["gpt-4o","openai/*"])");
    // nor does it lift its own limits, or those of another key of its user
    BOOST_TEST(at.post("/key/update", R"({"key":")" + maker + R"(","max_budget":6})").status() == 403);
    BOOST_TEST(at.post("/key/update", R"({"key":")" + maker + R"(","max_budget":null})").status() == 403);
    BOOST_TEST(at.post("/key/update", R"({"key":")" + maker + R"(","rpm_limit":null})").status() == 403);
    BOOST_TEST(at.post("/key/update", R"({"key":")" + maker + R"(","models":[]})")["models"].raw() ==
               R"(["gpt-4o","openai/*"])");
    BOOST_TEST(at.post("/key/update", R"({"key":")" + maker + R"(","duration":null})").status() == 403);
    BOOST_TEST(at.post("/key/regenerate", R"({"max_budget":6})").status() == 403);
    BOOST_TEST(at.post("/key/update", R"({"key":")" + maker + R"(","max_budget":4})").ok());
}

BOOST_AUTO_TEST_CASE(an_admins_limit_is_not_the_users_to_lift)
{
    company in;
    std::string const named = R"({"key":")" + in.of_u + "\"";
    in.at.as(in.u); // their own key has no limits
    BOOST_TEST(in.at.post("/key/update", named + R"(,"max_budget":50})").status() == 403);
    BOOST_TEST(in.at.post("/key/update", named + R"(,"max_budget":null})").status() == 403);
    BOOST_TEST(in.at.post("/key/update", named + R"(,"budget_duration":"1s"})").status() == 403);
    BOOST_TEST(in.at.post("/key/update", named + R"(,"rpm_limit":1000})").status() == 403);
    BOOST_TEST(in.at.post("/key/update", named + R"(,"spend":0})").status() == 403);
    BOOST_TEST(in.at.post("/key/update", named + R"(,"key_alias":"mine","max_budget":1})").ok());
    BOOST_REQUIRE(
        in.at.as(in.ta).post("/key/update", named + R"(,"max_budget":50})").ok()); // the team's admin may
    BOOST_REQUIRE(in.at.as(in.ta).post("/key/block", named + "}").ok());
    BOOST_TEST(in.at.as(in.u).post("/key/unblock", named + "}").status() == 403);
    BOOST_TEST(in.at.as(in.u).post("/key/update", named + R"(,"user_id":"w"})").status() == 403);
    BOOST_TEST(in.at.as(in.u).post("/key/update", named + R"(,"team_id":"s"})").status() == 403);
    BOOST_TEST(in.at.as(in.ta).post("/key/update", named + R"(,"user_id":"w"})").status() == 403);
    // neither does an organisation's admin take a team out of it
    BOOST_TEST(in.at.as(in.oa).post("/team/update", R"({"team_id":"t","organization_id":null})").status() ==
               403);
}

BOOST_AUTO_TEST_CASE(who_adds_a_member_does_not_see_more_of_them)
{
    company in;
    in.must("/user/update", R"({"user_id":"w","max_budget":7})");
    std::string const of_team = R"({"team_id":"t","member":{"role":"user","user_id":"w"}})";
    reply const by_team = in.at.as(in.ta).post("/team/member_add", of_team);
    BOOST_REQUIRE_MESSAGE(by_team.ok(), by_team.message());
    BOOST_TEST(by_team["updated_users"][std::size_t{0}]["user_id"].string() == "w");
    BOOST_TEST(!by_team["updated_users"][std::size_t{0}].contains("max_budget"));
    // nor does an organisation's admin take a user in who was there before
    reply const by_org = in.at.as(in.oa).post(
        "/organization/member_add",
        R"({"organization_id":"o","member":[{"role":"internal_user","user_id":"v"},{"role":"internal_user","user_id":"n"}]})");
    BOOST_REQUIRE_MESSAGE(by_org.ok(), by_org.message());
    BOOST_TEST(in.at.as("").get("/user/info?user_id=v")["user_info"]["organization_id"].is_null());
    BOOST_TEST(in.at.as("").get("/user/info?user_id=n")["user_info"]["organization_id"].string() == "o");
}

BOOST_AUTO_TEST_CASE(blocked_owners_and_read_only_keys)
{
    company in;
    std::string const read_only = in.at.as("").key(R"({"user_id":"root","key_type":"read_only"})");
    in.at.as(read_only);
    BOOST_TEST(in.at.get("/key/list").ok());
    BOOST_TEST(in.at.post("/budget/info", R"({"budgets":["none"]})").status() == 404);
    BOOST_TEST(in.at.post("/key/generate", "{}").status() == 403);
    BOOST_TEST(in.at.send("DELETE", "/organization/delete", R"({"organization_ids":["o"]})").status() == 403);
    std::string const caller = in.at.as("").key(R"({"user_id":"root","key_type":"llm_api"})");
    BOOST_TEST(in.at.as(caller).get("/key/list").status() == 403);
}

BOOST_AUTO_TEST_SUITE_END()
