#include "test/lib/server/manage/desk.hpp"

#include <string>
#include <string_view>

using cogate::test::desk;
using cogate::test::dollar;
using cogate::test::reply;

BOOST_AUTO_TEST_SUITE(server_manage_keys_renewed)

BOOST_AUTO_TEST_CASE(spend_and_its_reset)
{
    desk at;
    std::string const limited = at.key(R"({"max_budget":5})");
    std::string const free = at.key("{}");
    at.spend(limited, 2 * dollar);
    at.spend(free, dollar / 4);
    BOOST_TEST(at.get("/key/info?key=" + limited)["info"]["spend"].raw() == "2");
    BOOST_TEST(at.get("/key/info?key=" + free)["info"]["spend"].raw() == "0.25");

    std::string const path = "/key/" + limited + "/reset_spend";
    BOOST_TEST(at.post(path, R"({"reset_to":3})").param() == "reset_to");
    reply const reset = at.post(path, R"({"reset_to":0.5})");
    BOOST_REQUIRE_MESSAGE(reset.ok(), reset.message());
    BOOST_TEST(reset["previous_spend"].raw() == "2");
    BOOST_TEST(reset["spend"].raw() == "0.5");
    at.spend(limited, dollar);
    BOOST_TEST(at.get("/key/info?key=" + limited)["info"]["spend"].raw() == "1.5");
    BOOST_REQUIRE(at.post("/key/update", R"({"key":")" + limited + R"(","max_budget":6})").ok());
    BOOST_TEST(at.get("/key/info?key=" + limited)["info"]["spend"].raw() == "1.5");
    // another period has the window counted anew: what was before the reset stays forgotten
    BOOST_REQUIRE(at.post("/key/update", R"({"key":")" + limited + R"(","budget_duration":"7d"})").ok());
    BOOST_TEST(at.get("/key/info?key=" + limited)["info"]["spend"].raw() == "1.5");
    at.restart();
    BOOST_TEST(at.get("/key/info?key=" + limited)["info"]["spend"].raw() == "1.5");
    BOOST_REQUIRE(at.post("/key/update", R"({"key":")" + free + R"(","spend":0})").ok());
    BOOST_TEST(at.get("/key/info?key=" + free)["info"]["spend"].raw() == "0");
}

BOOST_AUTO_TEST_CASE(a_regenerated_key_keeps_its_record)
{
    desk at;
    std::string const old = at.key(R"({"key_alias":"a","max_budget":5,"metadata":{"x":1}})");
    at.spend(old, 2 * dollar);
    reply const made = at.post("/key/" + old + "/regenerate", R"({"max_budget":9})");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    std::string const key = made["key"].string();
    BOOST_TEST(key != old);
    BOOST_TEST(made.text().find(old) == std::string::npos);
    BOOST_TEST(made["key_alias"].string() == "a");
    BOOST_TEST(made["max_budget"].raw() == "9");
    BOOST_TEST(made["metadata"].raw() == R"({"x":1})");
    BOOST_TEST(made["spend"].raw() == "2");
    BOOST_TEST(at.opens(key));
    BOOST_TEST(!at.opens(old));
    BOOST_TEST(at.get("/key/list")["total_count"].raw() == "1");

    reply const graced =
        at.post("/key/regenerate",
                R"({"key":")" + key + R"(","grace_period":"24h","new_key":"sk-the-next-key-of-all"})");
    BOOST_REQUIRE_MESSAGE(graced.ok(), graced.message());
    BOOST_TEST(graced["key"].string() == "sk-the-next-key-of-all");
    BOOST_TEST(at.opens("sk-the-next-key-of-all"));
    BOOST_TEST(at.opens(key));
    reply const leaving = at.get("/key/info?key=" + key);
    BOOST_TEST(leaving["info"]["expires"].is_string());
    BOOST_TEST(leaving["info"]["key_alias"].is_null());
    BOOST_TEST(leaving["info"]["spend"].raw() == "2");

    BOOST_TEST(at.post("/key/regenerate", R"({"key":")" + key + R"(","new_key":"sk-the-next-key-of-all"})")
                   .param() == "new_key");
    BOOST_TEST(at.post("/key/regenerate", R"({"key":")" + key + R"(","grace_period":"later"})").param() ==
               "grace_period");
    BOOST_TEST(at.post("/key/regenerate", "{}").param() == "key");
    BOOST_TEST(at.post("/key/sk-unknown-to-all-here/regenerate", "{}").status() == 404);
    BOOST_TEST(at.post("/key/" + key + "/explode", "{}").status() == 404);
    BOOST_TEST(at.post("/key/whatever", "{}").status() == 404);
}

BOOST_AUTO_TEST_SUITE_END()
