#include "test/lib/server/manage/desk.hpp"

#include <string>
#include <string_view>

using cogate::test::desk;
using cogate::test::dollar;
using cogate::test::reply;

BOOST_AUTO_TEST_SUITE(server_manage_owners)

BOOST_AUTO_TEST_CASE(a_user_comes_with_a_key_or_without)
{
    desk at;
    BOOST_REQUIRE(at.post("/team/new", R"({"team_id":"t"})").ok());
    reply const made =
        at.post("/user/new", R"({"user_id":"u","user_email":"u@example.com","user_role":"internal_user",
        "max_budget":10,"teams":[{"team_id":"t","max_budget_in_team":1,"user_role":"admin"}],"models":["m"],"key_alias":"of-u"})");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    std::string const key = made["key"].string();
    BOOST_TEST(at.opens(key));
    BOOST_TEST(made["user_id"].string() == "u");
    BOOST_TEST(made["max_budget"].raw() == "10");
    BOOST_TEST(made["teams"].raw() == R"(["t"])");
    reply const of_key = at.get("/key/info?key=" + key);
    BOOST_TEST(of_key["info"]["user_id"].string() == "u");
    BOOST_TEST(of_key["info"]["key_alias"].string() == "of-u");
    BOOST_TEST(of_key["info"]["max_budget"].is_null()); // the budget is the user's

    reply const info = at.get("/user/info?user_id=u");
    BOOST_TEST(info["user_info"]["user_email"].string() == "u@example.com");
    BOOST_TEST(info["keys"].size() == 1U);
    BOOST_TEST(info["teams"][std::size_t{0}]["team_id"].string() == "t");
    BOOST_TEST(info.text().find(key) == std::string::npos);

    reply const quiet = at.post("/user/new", R"({"auto_create_key":false})");
    BOOST_TEST(quiet["key"].is_null());
    BOOST_TEST(quiet["user_id"].string().size() == 36U);
    BOOST_TEST(at.get("/user/info?user_id=" + quiet["user_id"].string())["keys"].size() == 0U);
}

BOOST_AUTO_TEST_CASE(bad_users_are_refused_whole)
{
    desk at;
    at.user("u");
    BOOST_REQUIRE(at.post("/user/update", R"({"user_id":"u","user_email":"u@example.com"})").ok());
    struct row {
        std::string_view path;
        std::string_view body;
        int status;
        std::string_view param;
    };
    for (row const& each : {
             row{"/user/new", R"({"user_id":"u"})", 409, "user_id"},
             row{"/user/new", R"({"user_email":"U@EXAMPLE.COM"})", 400, "user_email"},
             row{"/user/new", R"({"user_email":"nothing"})", 400, "user_email"},
             row{"/user/new", R"({"user_role":"org_king"})", 400, "user_role"},
             row{"/user/new", R"({"teams":["t"]})", 404, "teams"},
             row{"/user/new", R"({"teams":[{"team_id":"t","user_role":"boss"}]})", 400, "teams[0].user_role"},
             row{"/user/new", R"({"organizations":["o"]})", 404, "organizations"},
             row{"/user/new", R"({"budget_id":"b"})", 404, "budget_id"},
             row{"/user/new", R"({"auto_create_key":"no"})", 400, "auto_create_key"},
             row{"/user/new", R"({"user_rol":"proxy_admin"})", 400, "user_rol"},
             row{"/user/update", R"({"max_budget":1})", 400, "user_id"},
             row{"/user/update", R"({"user_id":"nobody"})", 404, "user_id"},
             row{"/user/update", R"({"user_email":"no@example.com"})", 404, "user_email"},
             row{"/user/delete", R"({"user_ids":["u","nobody"]})", 404, "user_ids"},
             row{"/user/delete", R"({"user_ids":[]})", 400, "user_ids"},
             row{"/user/delete", R"({})", 400, "user_ids"},
         }) {
        reply const got = at.post(each.path, each.body);
        BOOST_TEST(got.status() == each.status, each.body);
        BOOST_TEST(got.param() == each.param, each.body);
    }
    BOOST_TEST(at.get("/user/list")["total"].raw() == "1");
    BOOST_TEST(at.get("/key/list")["total_count"].raw() == "1");
    BOOST_TEST(at.get("/user/info?user_id=nobody").status() == 404);
    BOOST_TEST(at.get("/user/info").param() == "user_id");
}

BOOST_AUTO_TEST_CASE(users_are_changed_listed_and_deleted_with_what_is_theirs)
{
    desk at;
    std::string const key = at.user("u");
    at.user("v", "proxy_admin_viewer");
    reply const updated =
        at.post("/user/update", R"({"user_id":"u","user_role":"proxy_admin","max_budget":3,"spend":1})");
    BOOST_TEST(updated["data"]["user_role"].string() == "proxy_admin");
    BOOST_TEST(updated["spend"].raw() == "1");
    BOOST_TEST(at.get("/user/list?role=proxy_admin")["users"][std::size_t{0}]["key_count"].raw() == "1");
    BOOST_TEST(at.get("/user/list?user_ids=u,v&page_size=1")["total_pages"].raw() == "2");
    BOOST_TEST(at.get("/user/list?role=none").param() == "role");
    BOOST_TEST(at.get("/user/available_roles")["internal_user"]["description"].is_string());
    BOOST_REQUIRE(
        at.post("/team/new", R"({"team_id":"t","members_with_roles":[{"role":"admin","user_id":"u"}]})")
            .ok());
    BOOST_TEST(at.post("/user/delete", R"({"user_ids":["u"]})").text() == "1");
    BOOST_TEST(!at.opens(key));
    BOOST_TEST(at.get("/team/info?team_id=t")["team_info"]["members_with_roles"].size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_team_and_its_members)
{
    desk at;
    at.user("u");
    reply const made =
        at.post("/team/new", R"({"team_id":"t","team_alias":"Team","max_budget":10,"budget_duration":"30d",
        "models":["m"],"model_aliases":{"x":"m"},"tpm_limit":5,"team_member_budget":2,"team_member_budget_duration":"1d",
        "members_with_roles":[{"role":"admin","user_id":"u"}],"metadata":{"a":1},"tags":["x"]})");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    BOOST_TEST(made["team_alias"].string() == "Team");
    BOOST_TEST(made["members_with_roles"].raw() == R"([{"role":"admin","user_id":"u","user_email":null}])");
    BOOST_TEST(made["team_member_budget"].raw() == "2");
    BOOST_TEST(at.post("/team/new", R"({"team_id":"t"})").param() == "team_id");

    reply const added = at.post("/team/member_add", R"({"team_id":"t","member":[{"role":"user","user_id":"v"},
        {"role":"user","user_email":"w@example.com"}],"max_budget_in_team":1.5})");
    BOOST_REQUIRE_MESSAGE(added.ok(), added.message());
    BOOST_TEST(added["members_with_roles"].size() == 3U);
    BOOST_TEST(added["updated_users"].size() == 2U); // made on the way, as LiteLLM does
    cogate::json::value const of_v = added["updated_team_memberships"][std::size_t{0}];
    BOOST_TEST(of_v["litellm_budget_table"]["max_budget"].raw() == "1.5");
    BOOST_TEST(of_v["litellm_budget_table"]["budget_duration"].string() ==
               "1d"); // the team's for its members
    BOOST_TEST(at.get("/user/info?user_id=v")["user_info"]["user_role"].string() == "internal_user");
    BOOST_TEST(
        at.post("/team/member_add", R"({"team_id":"t","member":{"role":"user","user_id":"v"}})").code() ==
        "already_exists");

    reply const changed = at.post("/team/member_update", R"({"team_id":"t","user_id":"v","role":"admin",
        "max_budget_in_team":3,"rpm_limit":4})");
    BOOST_TEST(changed["role"].string() == "admin");
    BOOST_TEST(changed["max_budget_in_team"].raw() == "3");
    std::string const key = at.key(R"({"team_id":"t","user_id":"v"})");
    BOOST_TEST(at.opens(key));
    reply const left = at.post("/team/member_delete", R"({"team_id":"t","user_id":"v"})");
    BOOST_TEST(left["members_with_roles"].size() == 2U);
    BOOST_TEST(!at.opens(key)); // theirs of the team
    BOOST_TEST(at.post("/team/member_delete", R"({"team_id":"t","user_id":"v"})").status() == 404);
    BOOST_TEST(at.post("/team/member_delete",
                       R"({"team_id":"t","user_email":"w@example.com"})")["members_with_roles"]
                   .size() == 1U);
}

BOOST_AUTO_TEST_CASE(teams_are_changed_listed_blocked_and_deleted)
{
    desk at;
    BOOST_REQUIRE(at.post("/team/new", R"({"team_id":"t","team_alias":"Alpha","max_budget":1})").ok());
    BOOST_REQUIRE(at.post("/team/new", R"({"team_id":"s","team_alias":"Beta"})").ok());
    std::string const key = at.key(R"({"team_id":"t"})");
    reply const updated =
        at.post("/team/update", R"({"team_id":"t","max_budget":null,"models":["m"],"guardrails":["g"]})");
    BOOST_TEST(updated["data"]["max_budget"].is_null());
    BOOST_TEST(updated["guardrails"].raw() == R"(["g"])");
    at.spend(key, dollar);
    reply const all = at.get("/team/list");
    BOOST_TEST(all.root().size() == 2U);
    BOOST_TEST(all.root()[std::size_t{0}]["spend"].raw() == "1");
    BOOST_TEST(all.root()[std::size_t{0}]["keys"].size() == 1U);
    reply const paged = at.get("/v2/team/list?team_alias=bet&page_size=5");
    BOOST_TEST(paged["teams"].size() == 1U);
    BOOST_TEST(paged["teams"][std::size_t{0}]["team_id"].string() == "s");
    BOOST_TEST(at.get("/team/list?page=2&size=1").root().size() == 1U);
    BOOST_TEST(at.get("/team/available").text() == "[]");

    BOOST_TEST(at.post("/team/block", R"({"team_id":"t"})")["blocked"].raw() == "true");
    BOOST_TEST(!at.opens(key));
    BOOST_REQUIRE(at.post("/team/unblock", R"({"team_id":"t"})").ok());
    BOOST_TEST(at.opens(key));
    BOOST_TEST(at.post("/team/delete", R"({"team_ids":["t","nobody"]})").status() == 404);
    BOOST_TEST(at.opens(key));
    BOOST_TEST(at.post("/team/delete", R"({"team_ids":["t"]})")["deleted_teams"].raw() == R"(["t"])");
    BOOST_TEST(!at.opens(key));
    BOOST_TEST(at.get("/key/info?key=" + key).status() == 404);
    BOOST_TEST(at.get("/team/info?team_id=t").status() == 404);
}

BOOST_AUTO_TEST_CASE(organisations_hold_teams_users_and_keys)
{
    desk at;
    BOOST_TEST(at.post("/organization/new", "{}").param() == "organization_alias");
    reply const made =
        at.post("/organization/new", R"({"organization_id":"o","organization_alias":"Org","max_budget":100,
        "models":["m"],"budget_duration":"30d"})");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    BOOST_TEST(made["litellm_budget_table"]["max_budget"].raw() == "100");
    BOOST_REQUIRE(at.post("/team/new", R"({"team_id":"t","organization_id":"o"})").ok());
    std::string const key = at.key(R"({"team_id":"t"})");
    BOOST_TEST(at.get("/key/info?key=" + key)["info"]["organization_id"].string() == "o"); // the team's

    reply const added = at.post("/organization/member_add",
                                R"({"organization_id":"o","member":{"role":"org_admin","user_id":"u"}})");
    BOOST_REQUIRE_MESSAGE(added.ok(), added.message());
    BOOST_TEST(added["updated_organization_memberships"][std::size_t{0}]["user_role"].string() ==
               "org_admin");
    BOOST_TEST(at.get("/user/info?user_id=u")["user_info"]["organization_id"].string() == "o");
    BOOST_TEST(at.send("PATCH", "/organization/member_update",
                       R"({"organization_id":"o","user_id":"u","role":"internal_user"})")["user_role"]
                   .string() == "internal_user");
    BOOST_TEST(at.send("PATCH", "/organization/update",
                       R"({"organization_id":"o","organization_alias":"New"})")["organization_alias"]
                   .string() == "New");
    reply const info = at.get("/organization/info?organization_id=o");
    BOOST_TEST(info["members"].size() == 1U);
    BOOST_TEST(info["teams"][std::size_t{0}]["team_id"].string() == "t");
    BOOST_TEST(at.get("/organization/list").root().size() == 1U);
    BOOST_REQUIRE(
        at.send("DELETE", "/organization/member_delete", R"({"organization_id":"o","user_id":"u"})").ok());
    BOOST_TEST(at.get("/user/info?user_id=u")["user_info"]["organization_id"].is_null());
    BOOST_TEST(at.send("DELETE", "/organization/delete", R"({"organization_ids":["nobody"]})").status() ==
               404);
    BOOST_TEST(at.send("DELETE", "/organization/delete", R"({"organization_ids":["o"]})").root().size() ==
               1U);
    BOOST_TEST(!at.opens(key));
    BOOST_TEST(at.get("/team/info?team_id=t").status() == 404);
}

BOOST_AUTO_TEST_SUITE_END()
