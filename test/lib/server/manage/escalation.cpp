#include "test/lib/server/manage/desk.hpp"

#include <string>
#include <string_view>

using cogate::test::desk;
using cogate::test::reply;

namespace {

std::string named(std::string_view key, std::string_view more = {})
{
    return R"({"key":")" + std::string(key) + "\"" + std::string(more) + "}";
}

/// A team t with an admin ta and a member u.
struct team_of_two {
    desk at;
    std::string root = at.user("root", "proxy_admin");
    std::string ta = at.user("ta");
    std::string u = at.user("u");

    team_of_two()
    {
        reply const made = at.as("").post(
            "/team/new", R"({"team_id":"t","members_with_roles":[{"role":"admin","user_id":"ta"},)"
                         R"({"role":"user","user_id":"u"}]})");
        BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(server_manage_escalation)

BOOST_AUTO_TEST_CASE(a_teams_admin_does_not_become_a_member_of_the_team)
{
    team_of_two in;
    reply const added = in.at.as(in.ta).post("/team/member_add",
                                             R"({"team_id":"t","member":{"role":"user","user_id":"root"}})");
    BOOST_REQUIRE_MESSAGE(added.ok(), added.message());
    for (std::string const of : {"root", "u"}) {
        reply const made =
            in.at.as(in.ta).post("/key/generate", R"({"team_id":"t","user_id":")" + of + "\"}");
        BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
        BOOST_TEST(made["key_type"].string() == "llm_api");
        std::string const key = made["key"].string();
        BOOST_TEST(in.at.as(key).get("/user/list").status() == 403);
        BOOST_TEST(in.at.as(key).post("/user/new", "{}").status() == 403);
        reply const grown = in.at.as(in.ta).post("/key/update", named(key, R"(,"key_type":"default")"));
        BOOST_TEST(grown.status() == 403);
        BOOST_TEST(grown.param() == "key_type");
    }
    reply const asked =
        in.at.as(in.ta).post("/key/generate", R"({"team_id":"t","user_id":"root","key_type":"management"})");
    BOOST_TEST(asked.status() == 403);
    BOOST_TEST(asked.param() == "key_type");
    // nor by a key that they have, which then becomes the other's
    std::string const of_team = in.at.as(in.ta).key(R"({"team_id":"t","user_id":null})");
    BOOST_TEST(in.at.post("/key/update", named(of_team, R"(,"user_id":"root")")).status() == 403);
    // nor by a new text of a key that the other made
    std::string const of_root = in.at.as(in.root).key(R"({"team_id":"t","user_id":"root"})");
    reply const renewed = in.at.as(in.ta).post("/key/" + of_root + "/regenerate", "{}");
    BOOST_TEST(renewed.status() == 403);
    BOOST_TEST(in.at.as(in.ta).post("/key/update", named(of_root, R"(,"max_budget":1)")).ok());
    BOOST_TEST(in.at.as(in.root).post("/key/" + of_root + "/regenerate", "{}").ok());
}

BOOST_AUTO_TEST_CASE(touching_a_key_does_not_make_its_limits_ones_own)
{
    team_of_two in;
    std::string const key = in.at.as(in.u).key(R"({"max_budget":100,"rpm_limit":100})");
    std::string const limited = named(key, R"(,"max_budget":1,"tags":["billed"],"duration":"9d")");
    BOOST_REQUIRE(in.at.as("").post("/key/update", limited).ok());
    in.at.as(in.u);
    BOOST_REQUIRE(in.at.post("/key/update", named(key, R"(,"key_alias":"touched","max_budget":0.5)")).ok());
    reply const lifted = in.at.post("/key/update", named(key, R"(,"max_budget":50)"));
    BOOST_TEST(lifted.status() == 403);
    BOOST_TEST(lifted.param() == "max_budget");
    BOOST_TEST(in.at.post("/key/update", named(key, R"(,"duration":null)")).param() == "duration");
    BOOST_TEST(in.at.post("/key/update", named(key, R"(,"duration":"8d")")).ok());
    BOOST_TEST(in.at.post("/key/update", named(key, R"(,"tags":[])")).param() == "tags");
    BOOST_TEST(in.at.post("/key/update", named(key, R"(,"tags":["billed","mine"])")).ok());
    in.at.as("").post("/key/block", named(key));
    BOOST_TEST(in.at.as(in.u).post("/key/update", named(key, R"(,"key_alias":"again")")).ok());
    BOOST_TEST(in.at.post("/key/unblock", named(key)).status() == 403);
    BOOST_TEST(in.at.post("/key/update", named(key, R"(,"blocked":false)")).status() == 403);
}

BOOST_AUTO_TEST_CASE(what_one_has_set_oneself_one_may_lift)
{
    team_of_two in;
    std::string const key = in.at.as(in.u).key(R"({"max_budget":1})");
    BOOST_TEST(in.at.post("/key/update", named(key, R"(,"max_budget":50)")).ok());
    BOOST_TEST(in.at.post("/key/update", named(key, R"(,"max_budget":null)")).ok());
}

BOOST_AUTO_TEST_CASE(terms_per_model_of_the_calling_key_bind_the_keys_it_makes)
{
    team_of_two in;
    std::string const own =
        in.at.as("").key(R"({"user_id":"u","model_max_budget":{"m":{"budget_limit":1,"time_period":"1d"}},)"
                         R"("model_rpm_limit":{"m":3}})");
    in.at.as(own);
    reply const made = in.at.post("/key/generate", "{}");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    BOOST_TEST(made.raw("model_max_budget") == R"({"m":{"budget_limit":1,"time_period":"1d"}})");
    BOOST_TEST(made.raw("model_rpm_limit") == R"({"m":3})");
    for (std::string_view const more :
         {R"({"model_max_budget":{"m":{"budget_limit":2,"time_period":"1d"}}})",
          R"({"model_max_budget":{"m":{"budget_limit":1,"time_period":"1h"}}})"}) {
        reply const refused = in.at.post("/key/generate", more);
        BOOST_TEST(refused.status() == 403, more);
        BOOST_TEST(refused.param() == "model_max_budget", more);
    }
    BOOST_TEST(in.at.post("/key/generate", R"({"model_rpm_limit":{"m":4}})").param() == "model_rpm_limit");
    BOOST_TEST(in.at.post("/key/generate", R"({"model_rpm_limit":{"m":2,"n":9}})").ok());
}

BOOST_AUTO_TEST_SUITE_END()
