#include "test/lib/server/manage/desk.hpp"

#include <string>
#include <string_view>

using cogate::test::desk;
using cogate::test::reply;

namespace {

/// Team t with admin ta and members u and v, a key of v, and one of the team alone. Team s with member w.
struct company {
    desk at;
    std::string ta = at.user("ta");
    std::string u = at.user("u");
    std::string v = at.user("v");
    std::string w = at.user("w");
    std::string of_v;
    std::string of_team;

    company()
    {
        must("/team/new", R"({"team_id":"t","members_with_roles":[{"role":"admin","user_id":"ta"},
            {"role":"user","user_id":"u"},{"role":"user","user_id":"v"}]})");
        must("/team/new", R"({"team_id":"s","members_with_roles":[{"role":"user","user_id":"w"}]})");
        of_v = at.key(R"({"team_id":"t","user_id":"v"})");
        of_team = at.key(R"({"team_id":"t"})");
    }
    void must(std::string_view path, std::string_view body)
    {
        reply const got = at.as("").post(path, body);
        BOOST_REQUIRE_MESSAGE(got.ok(), path << ' ' << got.message());
    }
    void permit(std::string_view list)
    {
        must("/team/permissions_update",
             R"({"team_id":"t","team_member_permissions":)" + std::string(list) + "}");
    }
    int update(std::string const& caller, std::string const& key)
    {
        return at.as(caller).post("/key/update", R"({"key":")" + key + R"(","metadata":{"a":1}})").status();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(server_manage_team_permissions)

BOOST_AUTO_TEST_CASE(members_do_with_the_teams_keys_what_it_permits)
{
    company in;
    BOOST_TEST(in.update(in.u, in.of_v) == 403);
    BOOST_TEST(in.at.as(in.u).get("/key/info?key=" + in.of_v).status() == 403);
    in.permit(R"(["/key/update","/key/info"])");
    BOOST_TEST(in.update(in.u, in.of_v) == 200);
    BOOST_TEST(in.update(in.u, in.of_team) == 200);
    BOOST_TEST(in.at.as(in.u).get("/key/info?key=" + in.of_v).ok());
    BOOST_TEST(in.update(in.w, in.of_team) == 403); // of another team
    BOOST_TEST(in.at.as(in.u).post("/key/block", R"({"key":")" + in.of_v + R"("})").status() == 403);
    BOOST_TEST(in.at.as(in.u).post("/key/delete", R"({"keys":[")" + in.of_v + R"("]})").status() == 403);
    in.permit(R"(["/key/block","/key/delete"])");
    BOOST_TEST(in.update(in.u, in.of_v) == 403);
    BOOST_TEST(in.at.as(in.u).post("/key/block", R"({"key":")" + in.of_v + R"("})").ok());
    BOOST_TEST(in.at.as(in.u).post("/key/delete", R"({"keys":[")" + in.of_v + R"("]})").ok());
    in.permit("[]");
    BOOST_TEST(in.at.as(in.u).post("/key/delete", R"({"keys":[")" + in.of_team + R"("]})").status() == 403);
}

BOOST_AUTO_TEST_CASE(a_permission_lets_nobody_act_as_another_user)
{
    company in;
    in.permit(
        R"(["/key/regenerate","/key/{key_id}/regenerate","/key/update","/key/service-account/generate"])");
    // a key of v that may do more than call models: who knows it acts as v
    BOOST_TEST(in.at.as(in.u).post("/key/regenerate", R"({"key":")" + in.of_v + R"("})").status() == 403);
    BOOST_TEST(in.at.as(in.u).post("/key/" + in.of_v + "/regenerate", "{}").status() == 403);
    BOOST_TEST(in.at.as(in.u)
                   .post("/key/update", R"({"key":")" + in.of_v + R"(","user_id":"u"})")
                   .ok()); // is own then
    reply const team_key = in.at.as(in.u).post("/key/service-account/generate", R"({"team_id":"t"})");
    BOOST_TEST(team_key.ok(), team_key.message());
    BOOST_TEST(in.at.as(in.u).post("/key/service-account/generate", R"({"team_id":"s"})").status() == 403);
    BOOST_TEST(in.at.as(in.u).post("/key/regenerate", R"({"key":")" + in.of_team + R"("})").ok());
}

BOOST_AUTO_TEST_CASE(permissions_are_listed_and_set_by_those_who_may)
{
    company in;
    reply const none = in.at.as(in.u).get("/team/permissions_list?team_id=t");
    BOOST_REQUIRE(none.ok());
    BOOST_TEST(none["team_id"].string() == "t");
    BOOST_TEST(none.raw("team_member_permissions") == "[]");
    BOOST_TEST(none["all_available_permissions"].size() == 14u);
    BOOST_TEST(in.at.as(in.w).get("/team/permissions_list?team_id=t").status() == 403);
    BOOST_TEST(in.at.as("").get("/team/permissions_list?team_id=none").status() == 404);
    BOOST_TEST(in.at.as("").get("/team/permissions_list").param() == "team_id");

    std::string_view const body = R"({"team_id":"t","team_member_permissions":["/key/info"]})";
    BOOST_TEST(in.at.as(in.u).post("/team/permissions_update", body).status() == 403);
    reply const set = in.at.as(in.ta).post("/team/permissions_update", body);
    BOOST_REQUIRE_MESSAGE(set.ok(), set.message());
    BOOST_TEST(set.raw("team_member_permissions") == R"(["/key/info"])");
    BOOST_TEST(in.at.as("").get("/team/info?team_id=t")["team_info"]["team_member_permissions"].raw() ==
               R"(["/key/info"])");
    in.at.restart();
    BOOST_TEST(in.at.as("").get("/team/permissions_list?team_id=t").raw("team_member_permissions") ==
               R"(["/key/info"])");
    in.must("/team/update", R"({"team_id":"t","team_member_permissions":["/key/list"]})");
    for (std::string_view const bad :
         {R"({"team_id":"t"})", R"({"team_id":"t","team_member_permissions":["/user/new"]})",
          R"({"team_id":"t","team_member_permissions":"/key/info"})"}) {
        BOOST_TEST(in.at.as("").post("/team/permissions_update", bad).param() == "team_member_permissions",
                   bad);
    }
    BOOST_TEST(in.at.as("").get("/team/permissions_list?team_id=t").raw("team_member_permissions") ==
               R"(["/key/list"])");
}

BOOST_AUTO_TEST_CASE(permissions_are_added_to_many_teams_at_once)
{
    company in;
    in.permit(R"(["/key/info"])");
    std::string_view const some = R"({"permissions":["/key/info","/key/list"],"team_ids":["t","s"]})";
    BOOST_TEST(in.at.as(in.ta).post("/team/permissions_bulk_update", some).status() == 403);
    reply const done = in.at.as("").post("/team/permissions_bulk_update", some);
    BOOST_REQUIRE_MESSAGE(done.ok(), done.message());
    BOOST_TEST(done.raw("teams_updated") == "2");
    BOOST_TEST(in.at.get("/team/permissions_list?team_id=t").raw("team_member_permissions") ==
               R"(["/key/info","/key/list"])");
    reply const again = in.at.post("/team/permissions_bulk_update",
                                   R"({"permissions":["/key/list"],"apply_to_all_teams":true})");
    BOOST_TEST(again.raw("teams_updated") == "0");
    BOOST_TEST(
        in.at
            .post("/team/permissions_bulk_update", R"({"permissions":["/key/list"],"team_ids":["t","none"]})")
            .status() == 404);
    for (auto const& [body, param] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {R"({"permissions":["/key/list"]})", "team_ids"},
             {R"({"permissions":["/key/list"],"team_ids":["t"],"apply_to_all_teams":true})", "team_ids"},
             {R"({"permissions":["/none"],"team_ids":["t"]})", "permissions"},
             {R"({"team_ids":["t"]})", "permissions"}}) {
        BOOST_TEST(in.at.post("/team/permissions_bulk_update", body).param() == param, body);
    }
}

BOOST_AUTO_TEST_SUITE_END()
