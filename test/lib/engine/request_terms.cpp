#include "lib/engine/request_terms.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(lib_engine_request_terms)

using cogate::engine::read_request_terms;
using cogate::engine::request_terms;

BOOST_AUTO_TEST_CASE(nothing_said)
{
    request_terms const terms = read_request_terms(R"({"model":"m","messages":[]})");
    BOOST_TEST(!terms.max_output_tokens.has_value());
    BOOST_TEST(terms.choices == 1);
    BOOST_TEST(terms.end_user.empty());
}

BOOST_AUTO_TEST_CASE(the_largest_ceiling_counts)
{
    BOOST_TEST(*read_request_terms(R"({"max_tokens":5})").max_output_tokens == 5);
    BOOST_TEST(*read_request_terms(R"({"max_tokens":5,"max_completion_tokens":70})").max_output_tokens == 70);
    BOOST_TEST(*read_request_terms(R"({"max_output_tokens":9,"max_tokens":8})").max_output_tokens == 9);
    BOOST_TEST(*read_request_terms(R"({"generationConfig":{"maxOutputTokens":33,"candidateCount":4}})")
                    .max_output_tokens == 33);
    BOOST_TEST(read_request_terms(R"({"generationConfig":{"candidateCount":4}})").choices == 4);
}

BOOST_AUTO_TEST_CASE(choices_and_best_of)
{
    BOOST_TEST(read_request_terms(R"({"n":3})").choices == 3);
    BOOST_TEST(read_request_terms(R"({"n":3,"best_of":5})").choices == 5);
    BOOST_TEST(read_request_terms(R"({"n":1000000})").choices == 1024);
}

BOOST_AUTO_TEST_CASE(end_users_of_both_dialects)
{
    BOOST_TEST(read_request_terms(R"({"user":"u\u002d1"})").end_user == "u-1");
    BOOST_TEST(read_request_terms(R"({"metadata":{"user_id":"a"}})").end_user == "a");
    BOOST_TEST(read_request_terms(R"({"user":"u","metadata":{"user_id":"a"}})").end_user == "u");
}

BOOST_AUTO_TEST_CASE(nonsense_is_left_to_the_dialect)
{
    for (std::string const body :
         {R"({"max_tokens":"5","n":null,"user":7,"metadata":[]})", R"({"max_tokens":-5,"n":-1,"best_of":0})",
          R"({"max_tokens":1.5})", "[", ""}) {
        request_terms const terms = read_request_terms(body);
        BOOST_TEST(!terms.max_output_tokens.has_value(), body);
        BOOST_TEST(terms.choices == 1, body);
        BOOST_TEST(terms.end_user.empty(), body);
    }
}

BOOST_AUTO_TEST_CASE(a_huge_ceiling_stays_within_what_money_can_hold)
{
    BOOST_TEST(*read_request_terms(R"({"max_tokens":9223372036854775807})").max_output_tokens ==
               std::int64_t{1} << 40);
}

BOOST_AUTO_TEST_SUITE_END()
