#include "lib/engine/usage_cost.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using cogate::money;
using cogate::engine::add_usage_cost;

namespace {

std::string with_cost(std::string_view body, std::int64_t nanos = 123'000)
{
    std::string out = "before ";
    bool const added = add_usage_cost(body, money::from_nanos(nanos), out);
    BOOST_TEST(out.starts_with("before "));
    BOOST_TEST(added == (out.size() > 7));
    return out.substr(7);
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine_usage_cost)

BOOST_AUTO_TEST_CASE(the_usage_object_gets_the_cost_and_all_else_stays)
{
    BOOST_TEST(with_cost(R"({"id":"x","usage":{"prompt_tokens":1},"more":[1, 2]})") ==
               R"({"id":"x","usage":{"prompt_tokens":1,"cost":0.000123},"more":[1, 2]})");
    BOOST_TEST(with_cost(R"({ "usage" : { } })") == R"({ "usage" : { "cost":0.000123} })");
    BOOST_TEST(with_cost(R"({"usage":{"a":{"b":"}"}}})") == R"({"usage":{"a":{"b":"}"},"cost":0.000123}})");
}

BOOST_AUTO_TEST_CASE(a_cost_is_exact_and_has_no_exponent)
{
    BOOST_TEST(with_cost(R"({"usage":{}})", 1) == R"({"usage":{"cost":0.000000001}})");
    BOOST_TEST(with_cost(R"({"usage":{}})", 0) == R"({"usage":{"cost":0}})");
    BOOST_TEST(with_cost(R"({"usage":{}})", 12'000'000'000) == R"({"usage":{"cost":12}})");
}

BOOST_AUTO_TEST_CASE(a_providers_own_cost_is_replaced)
{
    BOOST_TEST(with_cost(R"({"usage":{"cost":1E-5,"total_tokens":2}})") ==
               R"({"usage":{"cost":0.000123,"total_tokens":2}})");
    BOOST_TEST(with_cost(R"({"cost":9,"usage":{"details":{"cost":1}}})") ==
               R"({"cost":9,"usage":{"details":{"cost":1},"cost":0.000123}})");
}

BOOST_AUTO_TEST_CASE(nothing_is_added_where_there_is_no_usage)
{
    for (std::string_view const body : {R"({"choices":[]})", R"({"usage":null})", R"({"usage":[]})",
                                        R"({"inner":{"usage":{}}})", R"({"usage":{)", "[DONE]", ""}) {
        BOOST_TEST(with_cost(body).empty(), body);
    }
}

BOOST_AUTO_TEST_SUITE_END()
