#include <cogate/tokens.hpp>

#include "lib/core/json/document.hpp"
#include "test/common/shared_files.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace json = cogate::json;
using cogate::special_tokens;
using cogate::token_encoding;
using cogate::token_id;

BOOST_AUTO_TEST_SUITE(catalog_tokens_vectors)

namespace {

constexpr std::array encodings{token_encoding::cl100k_base, token_encoding::o200k_base};

std::vector<token_id> ids(json::value const& list)
{
    std::vector<token_id> out;
    for (json::value const id : list) {
        out.push_back(static_cast<token_id>(id.as_int64().value_or(-1)));
    }
    return out;
}

void check(json::document const& vector, token_encoding encoding, std::string const& field,
           special_tokens special)
{
    std::string const text = vector["text"].string();
    std::vector<token_id> const wanted = ids(vector[field]);
    std::vector<token_id> const got = cogate::encode(encoding, text, special);
    BOOST_TEST_CONTEXT(field << ", vector " << vector["id"].raw())
    {
        BOOST_TEST(got == wanted, boost::test_tools::per_element());
        BOOST_TEST(cogate::count_tokens(encoding, text, special) == wanted.size());
        BOOST_TEST(cogate::decode(encoding, wanted).value() == text);
    }
}

std::vector<std::string> lines()
{
    auto const shared = cogate::test::shared_dir();
    std::string const content =
        shared ? cogate::test::read_file(*shared / "data" / "tokenizer" / "vectors.jsonl") : std::string();
    std::vector<std::string> out;
    for (std::size_t at = 0; at < content.size();) {
        std::size_t const end = std::min(content.find('\n', at), content.size());
        out.push_back(content.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_recorded_text_gives_the_tokens_of_tiktoken)
{
    std::vector<std::string> const all = lines();
    if (all.empty()) {
        BOOST_TEST_MESSAGE("skipped: no shared/data/tokenizer/vectors.jsonl");
        return;
    }
    BOOST_TEST(all.size() == 439u);
    json::document vector;
    std::size_t with_specials = 0;
    for (std::string const& line : all) {
        json::parse_error error;
        BOOST_REQUIRE(vector.parse(line, error));
        for (token_encoding const encoding : encodings) {
            std::string const name(to_string(encoding));
            check(vector, encoding, name, special_tokens::plain);
            if (vector[name + "_special_all"].exists()) {
                check(vector, encoding, name + "_special_all", special_tokens::recognised);
                ++with_specials;
            }
        }
    }
    BOOST_TEST(with_specials == 2 * 13u);
}

BOOST_AUTO_TEST_SUITE_END()
