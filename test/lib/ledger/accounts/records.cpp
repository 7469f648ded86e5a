#include "lib/ledger/accounts/records.hpp"

#include "test/lib/ledger/accounts/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <set>

using namespace cogate::ledger;
using namespace cogate::test;

BOOST_AUTO_TEST_SUITE(ledger_accounts_records)

BOOST_AUTO_TEST_CASE(every_record_comes_back_equal)
{
    random_records make(1);
    std::set<record_kind> seen;
    for (int i = 0; i != 3000; ++i) {
        record const one = make.any();
        seen.insert(kind_of(one));
        std::optional<record> const back = read_record(kind_of(one), write_record(one));
        BOOST_REQUIRE_MESSAGE(back && *back == one, write_record(one));
    }
    BOOST_TEST(seen.size() == 7u);
}

BOOST_AUTO_TEST_CASE(extremes_come_back)
{
    key_record k;
    k.digest = "d";
    k.has.max_budget = 0; // "nothing may be spent", not "not said"
    k.has.soft_budget = std::numeric_limits<nanos>::max();
    k.has.extra_until = moment::max();
    k.expires = moment{};
    k.made.created_at = moment::min();
    k.has.per_model[""].limits.parallel_requests = std::numeric_limits<std::int64_t>::min();
    BOOST_TEST((read_record(record_kind::key, write_record(k)) == record(k)));
}

BOOST_AUTO_TEST_CASE(a_fresh_record_is_short)
{
    BOOST_TEST(write_record(named<budget_record>("b")) == R"({"id":"b"})");
}

BOOST_AUTO_TEST_CASE(metadata_may_be_deep)
{
    std::string const open(500, '[');
    user_record u;
    u.id = "u";
    u.metadata = R"({"a":)" + open + std::string(500, ']') + "}";
    BOOST_TEST((read_record(record_kind::user, write_record(u)) == record(u)));
}

BOOST_AUTO_TEST_CASE(other_texts_are_not_records)
{
    for (std::string_view const text :
         {"",
          "{",
          "[]",
          "null",
          "{}",
          R"({"id":""})",
          R"({"id":1})",
          R"({"id":"k","id":"k"})",
          R"({"id":"k","unknown":1})",
          R"({"id":"k","blocked":1})",
          R"({"id":"k","models":"gpt"})",
          R"({"id":"k","models":[1]})",
          R"({"id":"k","aliases":{"a":1}})",
          R"({"id":"k","type":"other"})",
          R"({"id":"k","expires":"soon"})",
          R"({"id":"k","has":{"max_budget":1.5}})",
          R"({"id":"k","has":{"other":1}})",
          R"({"id":"k","metadata":[]})",
          R"({"id":"k","has":{"per_model":{"m":{"limits":{"rpm":99999999999999999999}}}}})",
          R"({"id":"k","made":{"created_at":null}})",
          R"({"id":"k"} )"
          "x"}) {
        BOOST_TEST(!read_record(record_kind::key, text), text);
    }
    BOOST_TEST(read_record(record_kind::key, R"({"id":"k"})").has_value());
    BOOST_TEST(!read_record(static_cast<record_kind>(8), R"({"id":"k"})").has_value());
    BOOST_TEST(!read_record(record_kind{}, R"({"id":"k"})").has_value());
}

BOOST_AUTO_TEST_CASE(kinds_are_the_stored_numbers)
{
    BOOST_TEST(static_cast<int>(kind_of(key_record{})) == 1);
    BOOST_TEST(static_cast<int>(kind_of(user_record{})) == 2);
    BOOST_TEST(static_cast<int>(kind_of(team_record{})) == 3);
    BOOST_TEST(static_cast<int>(kind_of(organisation_record{})) == 4);
    BOOST_TEST(static_cast<int>(kind_of(end_user_record{})) == 5);
    BOOST_TEST(static_cast<int>(kind_of(budget_record{})) == 6);
    BOOST_TEST(static_cast<int>(kind_of(tag_record{})) == 7);
}

BOOST_AUTO_TEST_CASE(words_are_litellms)
{
    for (std::string_view const word : {"default", "llm_api", "management", "read_only"}) {
        BOOST_TEST(to_string(parse_key_type(word).value()) == word);
    }
    for (std::string_view const word :
         {"internal_user", "internal_user_viewer", "proxy_admin", "proxy_admin_viewer"}) {
        BOOST_TEST(to_string(parse_user_role(word).value()) == word);
    }
    BOOST_TEST(!parse_key_type("standard").has_value());
    BOOST_TEST(!parse_user_role("").has_value());
}

BOOST_AUTO_TEST_CASE(members_are_found_by_user)
{
    team_record team;
    team.members = {{"a", false, {}, {}}, {"b", true, {}, {}}};
    BOOST_TEST(team.find_member("b")->is_admin);
    BOOST_TEST(team.find_member("c") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
