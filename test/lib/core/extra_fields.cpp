#include <cogate/raw_json.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

namespace cogate::test {

BOOST_AUTO_TEST_SUITE(core_extra_fields)

BOOST_AUTO_TEST_CASE(order_and_last_value_stay_however_many_there_are)
{
    extra_fields fields;
    for (int i = 0; i != 100; ++i) {
        fields.set("k" + std::to_string(i), raw_json{std::to_string(i)});
    }
    fields.set("k3", raw_json{"\"early\""});
    fields.set("k99", raw_json{"\"late\""});
    BOOST_REQUIRE_EQUAL(fields.size(), 100U);
    int at = 0;
    for (auto const& [key, value] : fields) {
        BOOST_TEST(key == "k" + std::to_string(at++));
        static_cast<void>(value);
    }
    BOOST_TEST(fields.find("k3")->text == "\"early\"");
    BOOST_TEST(fields.find("k99")->text == "\"late\"");
}

BOOST_AUTO_TEST_CASE(copies_and_moves_are_apart)
{
    extra_fields fields;
    for (int i = 0; i != 60; ++i) {
        fields.set("k" + std::to_string(i), raw_json{"1"});
    }
    extra_fields copy = fields;
    BOOST_TEST((copy == fields));
    copy.set("k59", raw_json{"2"});
    copy.set("new", raw_json{"3"});
    BOOST_TEST(fields.find("k59")->text == "1");
    BOOST_TEST(fields.find("new") == nullptr);
    extra_fields moved = std::move(copy);
    moved.set("new", raw_json{"4"});
    BOOST_TEST(moved.size() == 61U);
    BOOST_TEST(moved.find("new")->text == "4");
    fields = moved;
    fields.set("k0", raw_json{"5"});
    BOOST_TEST(fields.size() == 61U);
    BOOST_TEST(moved.find("k0")->text == "1");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
