#include "test/lib/server/manage/desk.hpp"

#include <string>
#include <string_view>

using cogate::test::desk;
using cogate::test::reply;

BOOST_AUTO_TEST_SUITE(server_manage_users_bulk)

BOOST_AUTO_TEST_CASE(each_user_is_changed_for_itself)
{
    desk at;
    at.user("a");
    at.user("b");
    reply const done = at.post("/user/bulk_update", R"({"users":[{"user_id":"a","max_budget":5},
        {"user_id":"none","max_budget":5},{"user_id":"b","max_budget":-1},{"user_id":"b","user_role":"proxy_admin"}]})");
    BOOST_REQUIRE_MESSAGE(done.ok(), done.message());
    BOOST_TEST(done.raw("total_requested") == "4");
    BOOST_TEST(done.raw("successful_updates") == "2");
    BOOST_TEST(done.raw("failed_updates") == "2");
    BOOST_TEST(done["results"][0]["success"].raw() == "true");
    BOOST_TEST(done["results"][0]["updated_user"]["max_budget"].raw() == "5");
    BOOST_TEST(done["results"][1]["user_id"].string() == "none");
    BOOST_TEST(done["results"][1]["error"].string().find("'none' does not exist") != std::string::npos);
    BOOST_TEST(done["results"][2]["error"].string().find("users[2].max_budget") != std::string::npos);
    BOOST_TEST(done["results"][2]["updated_user"].is_null());
    BOOST_TEST(at.get("/user/info?user_id=a")["user_info"]["max_budget"].raw() == "5");
    BOOST_TEST(at.get("/user/info?user_id=b")["user_info"]["user_role"].string() == "proxy_admin");
}

BOOST_AUTO_TEST_CASE(all_users_get_the_same)
{
    desk at;
    at.user("a");
    at.user("b");
    reply const done = at.post("/user/bulk_update",
                               R"({"all_users":true,"user_updates":{"tpm_limit":7,"metadata":{"x":1}}})");
    BOOST_REQUIRE_MESSAGE(done.ok(), done.message());
    BOOST_TEST(done.raw("successful_updates") == "2");
    for (std::string_view const id : {"a", "b"}) {
        reply const one = at.get("/user/info?user_id=" + std::string(id));
        BOOST_TEST(one["user_info"]["tpm_limit"].raw() == "7");
        BOOST_TEST(one["user_info"]["metadata"].raw() == R"({"x":1})");
    }
}

BOOST_AUTO_TEST_CASE(who_asks_for_nonsense_changes_nothing)
{
    desk at;
    std::string const a = at.user("a");
    for (auto const& [body, param] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"{}", "users"},
             {R"({"users":[]})", "users"},
             {R"({"users":{}})", "users"},
             {R"({"users":[{"user_id":"a"}],"all_users":true,"user_updates":{"tpm_limit":1}})", "users"},
             {R"({"all_users":true})", "user_updates"},
             {R"({"all_users":true,"user_updates":{}})", "user_updates"},
             {R"({"all_users":true,"user_updates":{"user_id":"b"}})", "user_updates"}}) {
        BOOST_TEST(at.as("").post("/user/bulk_update", body).param() == param, body);
    }
    BOOST_TEST(at.as(a).post("/user/bulk_update", R"({"users":[{"user_id":"a","max_budget":5}]})").status() ==
               403);
    BOOST_TEST(at.as("").get("/user/info?user_id=a")["user_info"]["max_budget"].is_null());
}

BOOST_AUTO_TEST_SUITE_END()
