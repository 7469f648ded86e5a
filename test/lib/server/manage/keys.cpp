#include "test/lib/server/manage/desk.hpp"

#include <string>
#include <string_view>

using cogate::test::desk;
using cogate::test::reply;

BOOST_AUTO_TEST_SUITE(server_manage_keys)

BOOST_AUTO_TEST_CASE(a_key_is_shown_once_and_described_ever_after)
{
    desk at;
    reply const made = at.post(
        "/key/generate",
        R"({"key_alias":"first","duration":"30d","models":["gpt-4o","openai/*"],"aliases":{"mine":"gpt-4o"},
            "max_budget":0.1,"budget_duration":"1d","tpm_limit":100,"rpm_limit":10,"max_parallel_requests":2,
            "metadata":{"who":"me"},"tags":["t"],"key_type":"llm_api","guardrails":["g"],"allowed_routes":["/chat/completions"],
            "model_max_budget":{"gpt-4o":{"budget_limit":"0.05","time_period":"1d"}},"model_rpm_limit":{"gpt-4o":3}})");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    std::string const key = made["key"].string();
    BOOST_TEST(cogate::ledger::is_well_formed_key(key));
    BOOST_TEST(made["token"].string() == at.digest(key));
    BOOST_TEST(made["token_id"].string() == at.digest(key));
    BOOST_TEST(made["key_name"].string() == "sk-..." + key.substr(key.size() - 4));
    BOOST_TEST(made.raw("max_budget") == "0.1");
    BOOST_TEST(made["created_by"].string() == "master");
    BOOST_TEST(made["guardrails"][std::size_t{0}].string() == "g");
    BOOST_TEST(at.opens(key));

    for (std::string const& named : {key, at.digest(key)}) {
        reply const info = at.get("/key/info?key=" + named);
        BOOST_REQUIRE_MESSAGE(info.ok(), info.message());
        BOOST_TEST(info.text().find(key) == std::string::npos);
        cogate::json::value const shown = info["info"];
        BOOST_TEST(shown["token"].string() == at.digest(key));
        BOOST_TEST(shown["key_alias"].string() == "first");
        BOOST_TEST(shown["models"].raw() == R"(["gpt-4o","openai/*"])");
        BOOST_TEST(shown["aliases"].raw() == R"({"mine":"gpt-4o"})");
        BOOST_TEST(shown["max_budget"].raw() == "0.1");
        BOOST_TEST(shown["budget_duration"].string() == "1d");
        BOOST_TEST(shown["budget_reset_at"].is_string());
        BOOST_TEST(shown["spend"].raw() == "0");
        BOOST_TEST(shown["rpm_limit"].raw() == "10");
        BOOST_TEST(shown["model_max_budget"].raw() ==
                   R"({"gpt-4o":{"budget_limit":0.05,"time_period":"1d"}})");
        BOOST_TEST(shown["model_rpm_limit"].raw() == R"({"gpt-4o":3})");
        BOOST_TEST(shown["key_type"].string() == "llm_api");
        BOOST_TEST(shown["metadata"].raw() == R"({"who":"me"})");
        BOOST_TEST(shown["tags"].raw() == R"(["t"])");
        BOOST_TEST(shown["expires"].is_string());
        BOOST_TEST(shown["blocked"].raw() == "false");
        BOOST_TEST(shown["permissions"].raw() == "{}");
    }
    at.restart();
    BOOST_TEST(at.opens(key));
    BOOST_TEST(at.get("/key/info?key=" + key)["info"]["max_budget"].raw() == "0.1");
}

BOOST_AUTO_TEST_CASE(a_digest_names_a_record_and_opens_nothing)
{
    desk at;
    std::string const key = at.key("{}");
    BOOST_TEST(at.opens(key));
    BOOST_TEST(!at.opens(at.digest(key)));
    reply const unknown = at.get("/key/info?key=sk-nobody-has-this-key");
    BOOST_TEST(unknown.status() == 404);
    BOOST_TEST(unknown.param() == "key");
    BOOST_TEST(unknown.message().find("nobody") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(bad_requests_change_nothing)
{
    desk at;
    at.key(R"({"key_alias":"taken","key":"sk-chosen-by-operator"})");
    struct row {
        std::string_view body;
        int status;
        std::string_view param;
    };
    for (row const& each : {
             row{R"({"max_budget":-1})", 400, "max_budget"},
             row{R"({"duration":"soon"})", 400, "duration"},
             row{R"({"duration":30})", 400, "duration"},
             row{R"({"key_type":"master"})", 400, "key_type"},
             row{R"({"user_id":"nobody"})", 404, "user_id"},
             row{R"({"team_id":"nobody"})", 404, "team_id"},
             row{R"({"organization_id":"nobody"})", 404, "organization_id"},
             row{R"({"budget_id":"nobody"})", 404, "budget_id"},
             row{R"({"key_alias":"taken"})", 400, "key_alias"},
             row{R"({"key":"sk-chosen-by-operator"})", 400, "key"},
             row{R"({"key":"sk-short"})", 400, "key"},
             row{R"({"key":"pk-not-of-this-kind-at-all"})", 400, "key"},
             row{R"({"key":"sk-with a space in it"})", 400, "key"},
             row{R"({"key":7})", 400, "key"},
             row{R"({"modles":["a"]})", 400, "modles"},
             row{R"({"metadata":{"tags":[1]}})", 400, "metadata.tags[0]"},
             row{R"({"models":["a"],"models":["b"]})", 400, "models"},
         }) {
        reply const got = at.post("/key/generate", each.body);
        BOOST_TEST(got.status() == each.status, each.body);
        BOOST_TEST(got.param() == each.param, each.body);
    }
    BOOST_TEST(at.get("/key/list")["total_count"].raw() == "1");
    BOOST_TEST(at.opens("sk-chosen-by-operator"));
}

BOOST_AUTO_TEST_CASE(an_update_changes_what_it_says_and_null_takes_away)
{
    desk at;
    std::string const key = at.key(
        R"({"key_alias":"a","max_budget":5,"models":["m"],"duration":"1d","metadata":{"x":1},"guardrails":["g"]})");
    reply const updated =
        at.post("/key/update", R"({"key":")" + key + R"(","rpm_limit":7,"max_budget":null,"duration":null,
                                                     "models":["m","n"]})");
    BOOST_REQUIRE_MESSAGE(updated.ok(), updated.message());
    BOOST_TEST(updated.text().find(key) == std::string::npos);
    BOOST_TEST(updated["key_alias"].string() == "a");
    BOOST_TEST(updated["rpm_limit"].raw() == "7");
    BOOST_TEST(updated["max_budget"].is_null());
    BOOST_TEST(updated["expires"].is_null());
    BOOST_TEST(updated["metadata"].raw() == R"({"x":1})");
    BOOST_TEST(updated["guardrails"].raw() == R"(["g"])");
    reply const refused = at.post("/key/update", R"({"key":")" + key + R"(","rpm_limit":8,"tpm_limit":"x"})");
    BOOST_TEST(refused.param() == "tpm_limit");
    BOOST_TEST(at.get("/key/info?key=" + key)["info"]["rpm_limit"].raw() == "7");
    BOOST_TEST(at.post("/key/update", "{}").param() == "key");
}

BOOST_AUTO_TEST_CASE(many_are_updated_each_for_itself)
{
    desk at;
    std::string const a = at.key("{}");
    std::string const b = at.key("{}");
    reply const got =
        at.post("/key/bulk_update", R"({"keys":[{"key":")" + a + R"(","max_budget":1},{"key":")" + b +
                                        R"(","max_budget":-1},{"key":"sk-unknown-to-all-here"}]})");
    BOOST_REQUIRE_MESSAGE(got.ok(), got.message());
    BOOST_TEST(got["total_requested"].raw() == "3");
    BOOST_TEST(got["successful_updates"].size() == 1U);
    BOOST_TEST(got["failed_updates"].size() == 2U);
    BOOST_TEST(got["failed_updates"][std::size_t{0}]["failed_reason"].string().find("keys[1].max_budget") !=
               std::string::npos);
    BOOST_TEST(got.text().find(b) == std::string::npos);
    BOOST_TEST(at.get("/key/info?key=" + a)["info"]["max_budget"].raw() == "1");
    BOOST_TEST(at.get("/key/info?key=" + b)["info"]["max_budget"].is_null());
}

BOOST_AUTO_TEST_CASE(blocked_and_deleted_keys_open_nothing)
{
    desk at;
    std::string const key = at.key(R"({"key_alias":"a"})");
    std::string const other = at.key(R"({"key_alias":"b"})");
    BOOST_TEST(at.post("/key/block", R"({"key":")" + key + "\"}")["blocked"].raw() == "true");
    BOOST_TEST(!at.opens(key));
    BOOST_TEST(at.post("/key/unblock", R"({"key":")" + at.digest(key) + "\"}")["blocked"].raw() == "false");
    BOOST_TEST(at.opens(key));

    BOOST_TEST(at.post("/key/delete", R"({"keys":[")" + key + R"(","sk-unknown-to-all-here"]})").status() ==
               404);
    BOOST_TEST(at.opens(key)); // all or none
    BOOST_TEST(at.post("/key/delete", "{}").param() == "keys");
    reply const deleted = at.post("/key/delete", R"({"keys":[")" + key + R"("],"key_aliases":["b"]})");
    BOOST_REQUIRE_MESSAGE(deleted.ok(), deleted.message());
    BOOST_TEST(deleted["deleted_keys"].raw() ==
               R"([")" + at.digest(key) + R"(",")" + at.digest(other) + R"("])");
    BOOST_TEST(!at.opens(key));
    BOOST_TEST(!at.opens(other));
}

BOOST_AUTO_TEST_CASE(lists_are_cut_filtered_and_sorted)
{
    desk at;
    at.user("u");
    BOOST_REQUIRE(at.post("/team/new", R"({"team_id":"t"})").ok());
    for (int i = 0; i != 12; ++i) {
        at.key(R"({"key_alias":"k)" + std::to_string(10 + i) + R"(","user_id":"u"})");
    }
    at.key(R"({"key_alias":"of-team","team_id":"t"})");
    reply const first = at.get("/key/list");
    BOOST_TEST(first["keys"].size() == 10U);
    BOOST_TEST(first["total_count"].raw() == "14"); // with the user's own
    BOOST_TEST(first["total_pages"].raw() == "2");
    BOOST_TEST(first["current_page"].raw() == "1");
    BOOST_TEST(first["keys"][std::size_t{0}].is_string());
    BOOST_TEST(at.get("/key/list?page=2")["keys"].size() == 4U);
    BOOST_TEST(at.get("/key/list?page=3")["keys"].size() == 0U);
    BOOST_TEST(at.get("/key/list?user_id=u&size=100")["keys"].size() == 13U);
    BOOST_TEST(at.get("/key/list?team_id=t")["total_count"].raw() == "1");
    BOOST_TEST(at.get("/key/list?key_alias=k15")["total_count"].raw() == "1");
    reply const whole = at.get("/key/list?return_full_object=true&sort_by=key_alias&sort_order=desc&size=2");
    BOOST_TEST(whole["keys"][std::size_t{0}]["key_alias"].string() == "of-team");
    BOOST_TEST(whole["keys"][std::size_t{1}]["key_alias"].string() == "k21");
    for (std::string_view const bad :
         {"size=101", "size=0", "page=0", "sort_by=token", "sort_order=up", "return_full_object=maybe"}) {
        reply const got = at.get("/key/list?" + std::string(bad));
        BOOST_TEST(got.status() == 400, bad);
        BOOST_TEST(got.param() == bad.substr(0, bad.find('=')), bad);
    }
    reply const named = at.get("/key/aliases?search=k1&size=3");
    BOOST_TEST(named["aliases"].raw() == R"(["k10","k11","k12"])");
    BOOST_TEST(named["total_count"].raw() == "10");
}

BOOST_AUTO_TEST_CASE(several_are_described_at_once)
{
    desk at;
    std::string const a = at.key(R"({"key_alias":"a"})");
    std::string const b = at.key(R"({"key_alias":"b"})");
    reply const got = at.post("/v2/key/info", R"({"keys":[")" + a + R"(",")" + b + R"("]})");
    BOOST_TEST(got["info"].size() == 2U);
    BOOST_TEST(got["info"][std::size_t{1}]["key_alias"].string() == "b");
    BOOST_TEST(at.post("/v2/key/info", R"({"keys":[]})").param() == "keys");
    BOOST_TEST(at.post("/v2/key/info", R"({"keys":["sk-unknown-to-all-here"]})").status() == 404);
    BOOST_TEST(at.post("/key/health", "{}")["key"].string() == "healthy");
}

BOOST_AUTO_TEST_CASE(service_accounts_belong_to_a_team)
{
    desk at;
    BOOST_REQUIRE(at.post("/team/new", R"({"team_id":"t","organization_id":null})").ok());
    BOOST_TEST(at.post("/key/service-account/generate", "{}").param() == "team_id");
    at.user("u");
    BOOST_TEST(at.post("/key/service-account/generate", R"({"team_id":"t","user_id":"u"})").param() ==
               "user_id");
    reply const made = at.post("/key/service-account/generate", R"({"team_id":"t","key_alias":"ci"})");
    BOOST_REQUIRE_MESSAGE(made.ok(), made.message());
    BOOST_TEST(made["team_id"].string() == "t");
    BOOST_TEST(made["user_id"].is_null());
}

BOOST_AUTO_TEST_CASE(tags_of_the_metadata_are_the_keys_tags)
{
    desk at;
    reply const made = at.post("/key/generate", R"({"metadata":{"tags":["a","b"]}})");
    BOOST_TEST(made["tags"].raw() == R"(["a","b"])");
    std::string const key = made["key"].string();
    BOOST_TEST(at.post("/key/update", R"({"key":")" + key + R"(","tags":["c"]})")["tags"].raw() ==
               R"(["c"])");
}

BOOST_AUTO_TEST_SUITE_END()
