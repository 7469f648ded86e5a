#include "providers/common/sealed.hpp"

#include <boost/test/unit_test.hpp>

namespace cogate::test {

using namespace providers;

BOOST_AUTO_TEST_SUITE(providers_common_sealed)

BOOST_AUTO_TEST_CASE(a_seal_opens_to_what_went_in)
{
    const std::string text = seal("gemini", "", "a.b.c+/=");
    const std::optional<opened_seal> opened = open_seal(text);
    BOOST_REQUIRE(opened.has_value());
    BOOST_TEST(opened->dialect == "gemini");
    BOOST_TEST(opened->id.empty());
    BOOST_TEST(opened->data == "a.b.c+/=");
    BOOST_TEST(open_seal(seal("openai_responses", "rs_1", ""))->id == "rs_1");
}

BOOST_AUTO_TEST_CASE(an_id_that_blurs_the_parts_is_left_out)
{
    BOOST_TEST(open_seal(seal("d", "a.b", "x"))->id.empty());
    BOOST_TEST(open_seal(seal("d", "a.b", "x"))->data == "x");
    BOOST_TEST(open_seal(seal("d", std::string(300, 'i'), "x"))->id.empty());
}

BOOST_AUTO_TEST_CASE(bare_data_is_no_seal)
{
    for (std::string_view const text :
         {"", "gAAAA", "cogate", "cogate.", "cogate.a", "cogate.a.b", "Cogate.a.b.c"}) {
        BOOST_TEST(!open_seal(text).has_value());
    }
}

BOOST_AUTO_TEST_CASE(whose_mark_it_is)
{
    BOOST_TEST(is_anthropic_mark({.text = "t", .signature = "s"}));
    BOOST_TEST(is_anthropic_mark({.text = {}, .redacted = "r"}));
    BOOST_TEST(!is_anthropic_mark({.text = "t"}));
    BOOST_TEST(!is_anthropic_mark({.text = {}, .redacted = "r", .id = "rs_1"}));
    BOOST_TEST(!is_anthropic_mark({.text = "t", .signature = seal("gemini", {}, "s")}));
    BOOST_TEST(is_foreign_to_anthropic({.text = {}, .redacted = seal("openai_responses", {}, "r")}));
    BOOST_TEST(!is_foreign_to_anthropic({.text = "t"}));
}

BOOST_AUTO_TEST_CASE(what_clients_give_back_becomes_canonical)
{
    const reasoning_part item{.text = {}, .redacted = "e", .id = "rs_1"};
    reasoning_part back{.text = {}, .redacted = redacted_for_client(item.redacted, item.id)};
    take_seals(back);
    BOOST_TEST((back == item));

    reasoning_part summary{.text = "t", .signature = signature_for_client({}, "rs_1")};
    take_seals(summary);
    BOOST_TEST((summary == reasoning_part{.text = "t", .id = "rs_1"}));

    const std::string other = seal("gemini", {}, "s");
    reasoning_part kept{.text = "t", .signature = other};
    take_seals(kept);
    BOOST_TEST(kept.signature == other);
    BOOST_TEST(redacted_for_client("r", {}) == "r");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
