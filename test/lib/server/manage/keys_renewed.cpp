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
    BOOST_TEST(leaving["key"].string() == graced["token_id"].string());
    BOOST_TEST(leaving["info"]["grace_period_ends"].is_string());
    BOOST_TEST(leaving["info"]["expires"].is_null());
    BOOST_TEST(leaving["info"]["key_alias"].string() == "a");
    BOOST_TEST(leaving["info"]["spend"].raw() == "2");
    BOOST_TEST(at.get("/key/list")["total_count"].raw() == "1");

    BOOST_TEST(at.post("/key/regenerate", R"({"key":")" + key + R"(","new_key":"sk-the-next-key-of-all"})")
                   .param() == "new_key");
    BOOST_TEST(at.post("/key/regenerate", R"({"key":")" + key + R"(","grace_period":"later"})").param() ==
               "grace_period");
    BOOST_TEST(at.post("/key/regenerate", "{}").param() == "key");
    BOOST_TEST(at.post("/key/sk-unknown-to-all-here/regenerate", "{}").status() == 404);
    BOOST_TEST(at.post("/key/" + key + "/explode", "{}").status() == 404);
    BOOST_TEST(at.post("/key/whatever", "{}").status() == 404);
}

BOOST_AUTO_TEST_CASE(a_regenerated_key_and_the_one_before_it_share_their_money)
{
    desk at;
    std::string const old = at.key(R"({"max_budget":5,"model_max_budget":{"m":{"budget_limit":4}}})");
    std::string const token = at.get("/key/info?key=" + old)["key"].string();
    at.spend(old, dollar);
    reply const made = at.post("/key/regenerate", R"({"key":")" + old + R"(","grace_period":"24h"})");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    std::string const key = made["key"].string();
    BOOST_TEST(made["token"].string() == token);
    at.spend(old, dollar);
    at.spend(key, dollar);
    for (bool const restarted : {false, true}) {
        if (restarted) {
            at.restart();
        }
        BOOST_TEST(at.get("/key/info?key=" + old)["info"]["spend"].raw() == "3");
        BOOST_TEST(at.get("/key/info?key=" + key)["info"]["spend"].raw() == "3");
        auto const held = at.accounts().book().find({cogate::ledger::scope_kind::key, token}, at.now());
        BOOST_TEST(held->available.value_or(-1) == 2 * dollar);
        auto const of_model = at.accounts().book().find(
            {cogate::ledger::scope_kind::key_model, cogate::ledger::joined_id(token, "m")}, at.now());
        BOOST_TEST(of_model->available.value_or(-1) == dollar);
        BOOST_TEST(at.opens(old));
        BOOST_TEST(at.opens(key));
    }
    // what is changed under either name is changed for both
    BOOST_REQUIRE(at.post("/key/update", R"({"key":")" + old + R"(","max_budget":6})").ok());
    BOOST_TEST(at.get("/key/info?key=" + key)["info"]["max_budget"].raw() == "6");
    BOOST_REQUIRE(at.post("/key/block", R"({"key":")" + key + R"("})").ok());
    BOOST_TEST(!at.opens(old));
}

BOOST_AUTO_TEST_CASE(without_grace_no_key_before_opens_the_record)
{
    desk at;
    std::string const first = at.key("{}");
    auto const renewed = [&](std::string const& key, std::string_view grace) {
        reply const made = at.post("/key/regenerate",
                                   R"({"key":")" + key + R"(","grace_period":)" + std::string(grace) + "}");
        BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
        return made["key"].string();
    };
    std::string const second = renewed(first, R"("1h")");
    std::string const third = renewed(second, R"("1h")");
    BOOST_TEST(at.opens(first));
    BOOST_TEST(at.opens(second));
    std::string const fourth = renewed(third, "null");
    BOOST_TEST(at.opens(fourth));
    for (std::string const& gone : {first, second, third}) {
        BOOST_TEST(!at.opens(gone));
        BOOST_TEST(at.get("/key/info?key=" + gone).status() == 404);
        if (gone != first) { // only what a record is named by stays taken
            continue;
        }
        BOOST_TEST(at.post("/key/generate", R"({"key":")" + gone + R"("})").code() == "already_exists");
    }
    std::string last = fourth;
    for (int i = 0; i != 8; ++i) {
        last = renewed(last, R"("1h")");
    }
    BOOST_TEST(at.post("/key/regenerate", R"({"key":")" + last + R"(","grace_period":"1h"})").param() ==
               "grace_period");
    BOOST_TEST(at.opens(fourth));
    BOOST_TEST(at.opens(renewed(last, "null")));
    BOOST_TEST(!at.opens(fourth));
}

BOOST_AUTO_TEST_SUITE_END()
