#include "test/lib/server/manage/desk.hpp"

#include <string>
#include <string_view>

using cogate::test::desk;
using cogate::test::reply;

BOOST_AUTO_TEST_SUITE(server_manage_budgets)

BOOST_AUTO_TEST_CASE(customers)
{
    desk at;
    BOOST_REQUIRE(
        at.post("/budget/new", R"({"budget_id":"free","max_budget":0.5,"budget_duration":"1d"})").ok());
    reply const made =
        at.post("/customer/new", R"({"user_id":"c","alias":"C","budget_id":"free","allowed_region":"eu"})");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    BOOST_TEST(made["litellm_budget_table"]["max_budget"].raw() == "0.5");
    BOOST_TEST(made["max_budget"].raw() == "0.5");
    struct row {
        std::string_view path;
        std::string_view body;
        int status;
        std::string_view param;
    };
    for (row const& each : {
             row{"/customer/new", R"({"user_id":"c"})", 400, "user_id"},
             row{"/customer/new", R"({})", 400, "user_id"},
             row{"/customer/new", R"({"user_id":"d","max_budget":1,"budget_id":"free"})", 400, "budget_id"},
             row{"/customer/new", R"({"user_id":"d","budget_id":"none"})", 404, "budget_id"},
             row{"/customer/update", R"({"user_id":"d"})", 404, "user_id"},
             row{"/customer/delete", R"({"user_ids":["c","d"]})", 404, "user_ids"},
             row{"/customer/unblock", R"({"user_ids":["d"]})", 404, "user_ids"},
         }) {
        reply const got = at.post(each.path, each.body);
        BOOST_TEST(got.status() == each.status, each.body);
        BOOST_TEST(got.param() == each.param, each.body);
    }
    BOOST_TEST(at.post("/end_user/update", R"({"user_id":"c","budget_id":null,"max_budget":2})")["max_budget"]
                   .raw() == "2");
    BOOST_TEST(at.post("/customer/block", R"({"user_ids":["c","new"]})")["blocked_users"].size() == 2U);
    BOOST_TEST(at.get("/customer/info?end_user_id=new")["blocked"].raw() == "true");
    BOOST_TEST(
        at.post("/customer/unblock", R"({"user_ids":["c"]})")["blocked_users"][std::size_t{0}]["blocked"]
            .raw() == "false");
    BOOST_TEST(at.get("/end_user/list").root().size() == 2U);
    BOOST_TEST(at.get("/customer/info?end_user_id=d").param() == "end_user_id");
    BOOST_TEST(at.post("/customer/delete", R"({"user_ids":["c","new"]})")["deleted_customers"].raw() == "2");
    BOOST_TEST(at.get("/customer/list").text() == "[]");
}

BOOST_AUTO_TEST_CASE(budgets_lend_their_terms)
{
    desk at;
    reply const made =
        at.post("/budget/new", R"({"budget_id":"b","max_budget":1,"rpm_limit":3,"budget_duration":"1d"})");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    BOOST_TEST(made["budget_reset_at"].is_string());
    std::string const key = at.key(R"({"budget_id":"b"})");
    BOOST_TEST(at.get("/key/info?key=" + key)["info"]["max_budget"].raw() == "1");
    BOOST_TEST(at.get("/key/info?key=" + key)["info"]["litellm_budget_table"]["rpm_limit"].raw() == "3");
    BOOST_TEST(at.post("/budget/update", R"({"budget_id":"b","max_budget":2})")["rpm_limit"].raw() == "3");
    BOOST_TEST(at.get("/key/info?key=" + key)["info"]["max_budget"].raw() == "2");
    BOOST_TEST(at.post("/budget/info", R"({"budgets":["b"]})").root()[std::size_t{0}]["max_budget"].raw() ==
               "2");
    BOOST_TEST(at.post("/budget/info", R"({"budgets":[]})").param() == "budgets");
    BOOST_TEST(at.get("/budget/list").root().size() == 1U);
    BOOST_TEST(at.get("/budget/settings?budget_id=b").root()[std::size_t{1}]["field_value"].raw() == "2");
    BOOST_TEST(at.post("/budget/new", R"({"budget_id":"b"})").param() == "budget_id");
    BOOST_TEST(at.post("/budget/update", R"({"max_budget":2})").param() == "budget_id");
    reply const kept = at.post("/budget/delete", R"({"id":"b"})");
    BOOST_TEST(kept.code() == "budget_in_use");
    BOOST_REQUIRE(at.post("/key/update", R"({"key":")" + key + R"(","budget_id":null})").ok());
    BOOST_TEST(at.post("/budget/delete", R"({"id":"b"})")["budget_id"].string() == "b");
    BOOST_TEST(at.post("/budget/delete", R"({"id":"b"})").status() == 404);
}

BOOST_AUTO_TEST_CASE(tags)
{
    desk at;
    reply const made = at.post("/tag/new", R"({"name":"t","description":"d","models":["m"],"max_budget":1})");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    BOOST_TEST(made["tag"]["description"].string() == "d");
    BOOST_TEST(at.post("/tag/new", R"({"name":"t"})").param() == "name");
    BOOST_TEST(
        at.post("/tag/update", R"({"name":"t","max_budget":null,"blocked":true})")["tag"]["blocked"].raw() ==
        "true");
    BOOST_TEST(at.post("/tag/info", R"({"names":["t"]})")["t"]["max_budget"].is_null());
    BOOST_TEST(at.post("/tag/info", R"({"names":["none"]})").status() == 404);
    BOOST_TEST(at.get("/tag/list").root().size() == 1U);
    BOOST_REQUIRE(at.post("/tag/delete", R"({"name":"t"})").ok());
    BOOST_TEST(at.post("/tag/delete", R"({"name":"t"})").status() == 404);
}

BOOST_AUTO_TEST_SUITE_END()
