/// Boost.JSON as the oracle: both must accept the same texts and see the same values.

#include <cmath>
#include <cstring>
#include <string>

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "lib/core/json/document.hpp"
#include "lib/core/json/scanner.hpp"
#include "test/lib/core/json/generator.hpp"
#include "test/lib/core/json/recorded.hpp"
#include "test/lib/core/json/samples.hpp"

using namespace cogate;

namespace {

boost::json::value oracle(std::string_view text, boost::json::error_code& error)
{
    boost::json::parse_options options;
    options.max_depth = 1000;
    return boost::json::parse({text.data(), text.size()}, error, {}, options);
}

// Where 1.81 is stricter than the standard: lone surrogates, and exponents no double has.
bool oracle_is_too_strict(std::string_view text, const boost::json::error_code& error)
{
    const bool surrogate = text.find("\\ud") != text.npos || text.find("\\uD") != text.npos;
    return error == boost::json::error::exponent_overflow || (error && surrogate);
}

bool same_number(json::value ours, const boost::json::value& theirs)
{
    if (theirs.is_int64()) {
        return ours.as_int64() == theirs.get_int64();
    }
    if (theirs.is_uint64()) {
        return ours.as_uint64() == theirs.get_uint64();
    }
    // 1.81 rounds doubles to within a few units in the last place only.
    const double expected = theirs.get_double();
    const std::optional<double> got = ours.as_double();
    if (!got) {
        return std::isinf(expected) || std::fabs(expected) > 1e308;
    }
    return std::fabs(*got - expected) <= std::fabs(expected) * 1e-14 + 1e-300;
}

bool same(json::value ours, const boost::json::value& theirs)
{
    switch (theirs.kind()) {
    case boost::json::kind::null: return ours.is_null();
    case boost::json::kind::bool_: return ours.as_bool() == theirs.get_bool();
    case boost::json::kind::string: {
        const auto& text = theirs.get_string();
        return ours.is_string() && ours.string() == std::string_view(text.data(), text.size());
    }
    case boost::json::kind::array: {
        const auto& array = theirs.get_array();
        if (!ours.is_array() || ours.size() != array.size()) {
            return false;
        }
        std::size_t at = 0;
        for (const json::value element : ours) {
            if (!same(element, array[at++])) {
                return false;
            }
        }
        return true;
    }
    case boost::json::kind::object: {
        if (!ours.is_object() || ours.size() < theirs.get_object().size()) {
            return false;
        }
        for (const auto& member : theirs.get_object()) {
            const std::string_view key(member.key().data(), member.key().size());
            if (!ours.contains(key) || !same(ours[key], member.value())) {
                return false;
            }
        }
        return true;
    }
    default: return ours.is_number() && same_number(ours, theirs);
    }
}

// Returns whether the text was accepted.
bool compare(json::document& doc, const std::string& text)
{
    boost::json::error_code oracle_error;
    const boost::json::value expected = oracle(text, oracle_error);
    json::parse_error error;
    const bool good = doc.parse(text, error);
    if (!good || !oracle_is_too_strict(text, oracle_error)) {
        BOOST_TEST_REQUIRE(good == !oracle_error,
                           text << ": " << to_string(error) << " / " << oracle_error.message());
        BOOST_TEST_REQUIRE((!good || same(doc.root(), expected)), text);
    }
    const json_test::outcome scanned = json_test::scan_whole(text);
    if (scanned.error.code != json::scan_errc::duplicate_key) {
        BOOST_TEST_REQUIRE(scanned.good == good, text);
        BOOST_TEST_REQUIRE((scanned.error == error), text);
    }
    return good;
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_json_differential)

BOOST_AUTO_TEST_CASE(samples)
{
    json::document doc;
    for (const std::string_view text : json_test::accepted) {
        BOOST_TEST(compare(doc, std::string(text)), text);
    }
    for (const std::string_view text : json_test::refused) {
        BOOST_TEST(!compare(doc, std::string(text)), text);
    }
}

BOOST_AUTO_TEST_CASE(generated_texts)
{
    json_test::generator random(11);
    json::document doc;
    for (int i = 0; i < 5'000; ++i) {
        BOOST_TEST_REQUIRE(compare(doc, random.json_text()));
    }
}

BOOST_AUTO_TEST_CASE(damaged_texts)
{
    json_test::generator random(12);
    json::document doc;
    int accepted = 0;
    constexpr int rounds = 20'000;
    for (int i = 0; i < rounds; ++i) {
        accepted += compare(doc, random.damaged(random.json_text())) ? 1 : 0;
    }
    // Both outcomes must be common, or the test says little.
    BOOST_TEST(accepted > rounds / 20);
    BOOST_TEST(accepted < rounds * 19 / 20);
}

BOOST_AUTO_TEST_CASE(pieces_of_generated_and_damaged_texts)
{
    json_test::generator random(13);
    for (int i = 0; i < 5'000; ++i) {
        std::string text = random.json_text();
        text = random.below(2) == 0 ? random.damaged(text) : text;
        std::vector<std::string_view> pieces;
        for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(pieces.back().size())) {
            pieces.push_back(rest.substr(0, 1 + random.below(1 + random.below(40))));
        }
        BOOST_TEST_REQUIRE(json_test::scan_pieces(pieces) == json_test::scan_whole(text), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
