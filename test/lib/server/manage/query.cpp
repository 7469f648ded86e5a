#include "lib/server/manage/query.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using cogate::server::manage::query;
using texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(server_manage_query)

BOOST_AUTO_TEST_CASE(names_and_values_are_decoded_once)
{
    query in("key=sk-%2541&user_id=a%40b+c&%74eam_id=x%3D%26y&empty=&flag&&list=1&list[]=2&list=");
    BOOST_TEST(in.one("key").value() == "sk-%41");
    BOOST_TEST(in.one("user_id").value() == "a@b c");
    BOOST_TEST(in.one("team_id").value() == "x=&y");
    BOOST_TEST(!in.one("empty").has_value());
    BOOST_TEST(!in.one("flag").has_value());
    BOOST_TEST(!in.one("absent").has_value());
    BOOST_TEST(in.all("list") == (texts{"1", "2"}), boost::test_tools::per_element());
    BOOST_TEST(!in.fault().has_value());
}

BOOST_AUTO_TEST_CASE(what_is_broken_is_named)
{
    struct row {
        std::string_view text;
        std::string_view param;
    };
    for (row const& each :
         {row{"key=%", "key"}, row{"key=%4", "key"}, row{"key=%zz", "key"}, row{"key=%00", "key"},
          row{"key=a%0ab", "key"}, row{"key=%ff", "key"}, row{"%zz=1", "query"}}) {
        query const in(each.text);
        BOOST_REQUIRE_MESSAGE(in.fault().has_value(), each.text);
        BOOST_TEST((*in.fault())->status == 400);
        BOOST_TEST((*in.fault())->param == each.param);
    }
}

BOOST_AUTO_TEST_CASE(one_value_may_stand_there_once)
{
    query in("team_id=a&team_id=b");
    in.one("team_id");
    BOOST_REQUIRE(in.fault().has_value());
    BOOST_TEST((*in.fault())->param == "team_id");
}

BOOST_AUTO_TEST_CASE(numbers_and_flags_are_checked)
{
    query good("page=7&size=100&whole=TRUE&not=0");
    BOOST_TEST(good.number("page", 1, 1, 1000) == 7);
    BOOST_TEST(good.number("size", 10, 1, 100) == 100);
    BOOST_TEST(good.number("absent", 10, 1, 100) == 10);
    BOOST_TEST(good.flag("whole", false));
    BOOST_TEST(!good.flag("not", true));
    BOOST_TEST(good.flag("absent", true));
    BOOST_TEST(!good.fault().has_value());
    for (std::string_view const text : {"size=0", "size=101", "size=-1", "size=1.5", "size=ten",
                                        "size=%31%30x", "size=99999999999999999999"}) {
        query bad(text);
        bad.number("size", 10, 1, 100);
        BOOST_REQUIRE_MESSAGE(bad.fault().has_value(), text);
        BOOST_TEST((*bad.fault())->param == "size");
    }
    query bad("whole=yes");
    bad.flag("whole", false);
    BOOST_REQUIRE(bad.fault().has_value());
    BOOST_TEST((*bad.fault())->param == "whole");
}

BOOST_AUTO_TEST_CASE(too_many_parameters_are_refused)
{
    std::string text;
    for (std::size_t i = 0; i != query::most; ++i) {
        text += "a=1&";
    }
    BOOST_TEST(!query(text).fault().has_value());
    BOOST_TEST(query(text + "b=2").fault().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
