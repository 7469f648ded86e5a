#include "lib/server/usage_wish.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using cogate::server::take_usage_wish;

BOOST_AUTO_TEST_SUITE(server_usage_wish)

BOOST_AUTO_TEST_CASE(the_wish_is_read_and_taken_out)
{
    auto const wish = take_usage_wish(R"({"model":"m","usage":{"include":true},"stream":true})");
    BOOST_REQUIRE(wish.has_value());
    BOOST_TEST(wish->include);
    BOOST_TEST(wish->rest.value_or("") == R"({"model":"m","stream":true})");

    auto const last = take_usage_wish(R"({"model":"m" , "usage" : {"include" : false} })");
    BOOST_REQUIRE(last.has_value());
    BOOST_TEST(!last->include);
    BOOST_TEST(last->rest.value_or("") == R"({"model":"m" })"); // white space is nobody's
}

BOOST_AUTO_TEST_CASE(another_usage_is_the_providers)
{
    for (std::string_view const body :
         {R"({"model":"m"})", R"({"usage":null})", R"({"usage":"x"})", R"({"usage":{"other":1}})",
          R"({"metadata":{"usage":{"include":true}}})", R"({"usage":{)"}) {
        auto const wish = take_usage_wish(body);
        BOOST_REQUIRE(wish.has_value());
        BOOST_TEST(!wish->include, body);
        BOOST_TEST(!wish->rest.has_value(), body);
    }
}

BOOST_AUTO_TEST_CASE(a_wish_that_makes_no_sense_names_its_field)
{
    auto const wish = take_usage_wish(R"({"usage":{"include":"yes"}})");
    BOOST_REQUIRE(!wish.has_value());
    BOOST_TEST(wish.error()->status == 400);
    BOOST_TEST(wish.error()->param == "usage.include");
}

BOOST_AUTO_TEST_SUITE_END()
