#include "lib/catalog/cost.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <string>

#include "lib/catalog/row.hpp"
#include "test/common/seeded.hpp"

using namespace cogate;
using namespace cogate::catalog;

namespace {

usage tokens(std::int64_t prompt, std::int64_t completion)
{
    usage made;
    made.prompt_tokens = prompt;
    made.completion_tokens = completion;
    return made;
}

model_facts row(std::string const& rest, std::string const& mode = "chat")
{
    return parse_row("p m " + mode + " 1000 100 - " + rest).value();
}

std::string code(result<call_cost> const& cost)
{
    return cost ? "" : cost.error()->code;
}

std::int64_t nanos(model_facts const& facts, usage const& counted, billing_facts const& call = {})
{
    return cost_of(facts, counted, call).value().total.nanos();
}

} // namespace

BOOST_AUTO_TEST_SUITE(catalog_cost)

BOOST_AUTO_TEST_CASE(an_unknown_price_is_never_zero)
{
    BOOST_TEST(code(cost_of(row(""), tokens(1, 1))) == "unknown_price");
    BOOST_TEST(code(cost_of(row(""), usage{})) == "unknown_price");
    BOOST_TEST(code(cost_of(row("in=1"), tokens(1, 1))) == "unknown_price");
    BOOST_TEST(code(cost_of(row("imgmade=1"), tokens(1, 1))) == "unknown_price");
    BOOST_TEST(code(cost_of(row("imgmade=1"), usage{})) == "usage_missing");
    BOOST_TEST(code(cost_of(row("in=1 out=1"), tokens(1, 1), {.web_searches = 1})) == "unknown_price");
    BOOST_TEST(code(cost_of(row("in=1 out=1"), tokens(1, 1), {.pages = 1})) == "unknown_price");
    BOOST_TEST(code(cost_of(row("from=2030-01-01 in=1 out=1"), tokens(1, 1),
                            {.when = *parse_day("2029-12-31")})) == "unknown_price");
    BOOST_TEST(code(cost_of(row("in=0 out=0"), tokens(9, 9))) == "");
    BOOST_TEST(nanos(row("in=0 out=0"), tokens(9, 9)) == 0);
    BOOST_TEST(nanos(row("in=1 out=1"), usage{}) == 0);
}

BOOST_AUTO_TEST_CASE(absurd_counts_are_refused)
{
    BOOST_TEST(code(cost_of(row("in=1 out=1"), tokens(-1, 1))) == "bad_usage");
    BOOST_TEST(code(cost_of(row("in=1 out=1"), tokens((std::int64_t{1} << 40) + 1, 1))) == "bad_usage");
    BOOST_TEST(code(cost_of(row("in=1 out=1"), tokens(1, 1), {.images_out = -1})) == "bad_usage");
    BOOST_TEST(code(cost_of(row("in=9000000000000 out=1"), tokens(std::int64_t{1} << 40, 1))) == "bad_usage");
    BOOST_TEST(nanos(row("in=1 out=1"), tokens(std::int64_t{1} << 40, 0)) == 1'099'511'627'776'000);
}

BOOST_AUTO_TEST_CASE(parts_without_a_price_cost_what_their_parent_costs)
{
    usage counted = tokens(100, 50);
    counted.cached_tokens = 40;
    counted.cache_write_tokens = 30;
    counted.prompt_audio_tokens = 10;
    counted.reasoning_tokens = 20;
    counted.completion_audio_tokens = 10;
    BOOST_TEST(nanos(row("in=2 out=8"), counted) == 100 * 2000 + 50 * 8000);
}

BOOST_AUTO_TEST_CASE(one_hour_cache_writes_follow_the_makers_rule)
{
    usage counted = tokens(10, 0);
    counted.cache_write_tokens = 10;
    counted.cache_write_1h_tokens = 10;
    BOOST_TEST(nanos(row("in=4 out=1 write=5 write1h=8"), counted) == 80'000);
    BOOST_TEST(nanos(row("in=4 out=1 write=5"), counted) == 80'000);
    BOOST_TEST(nanos(row("in=4 out=1"), counted) == 40'000);
}

BOOST_AUTO_TEST_CASE(a_tier_without_its_own_long_context_price_is_not_too_cheap)
{
    model_facts const facts = row("in=2 out=2 in>100=4 in@batch=1 in@priority=5");
    usage const counted = tokens(101, 0);
    BOOST_TEST(nanos(facts, counted, {.tier = service_tier::batch}) == 404'000);
    BOOST_TEST(nanos(facts, counted, {.tier = service_tier::priority}) == 505'000);
    BOOST_TEST(nanos(facts, tokens(100, 0), {.tier = service_tier::batch}) == 100'000);
    BOOST_TEST(nanos(facts, tokens(100, 0), {.tier = service_tier::flex}) == 200'000);
}

BOOST_AUTO_TEST_CASE(contradicting_parts_are_charged_as_reported)
{
    usage counted = tokens(10, 5);
    counted.cached_tokens = 50;
    counted.reasoning_tokens = 9;
    BOOST_TEST(nanos(row("in=1 out=1 cached=0.1"), counted) == 50 * 100 + 9 * 1000);
}

BOOST_AUTO_TEST_CASE(seconds_are_charged_once_and_not_beside_tokens)
{
    billing_facts const heard{.input_ms = 2000};
    BOOST_TEST(nanos(row("sec=0.1 secmade=0.1", "audio_transcription"), usage{}, heard) == 200'000'000);
    BOOST_TEST(nanos(row("secmade=0.1", "audio_transcription"), usage{}, heard) == 200'000'000);
    BOOST_TEST(nanos(row("in=1 out=1 sec=0.1", "audio_transcription"), tokens(5, 5), heard) == 10'000);
    BOOST_TEST(nanos(row("in=0 out=0"), tokens(5, 5), heard) == 0);
}

BOOST_AUTO_TEST_CASE(any_number_of_searches_may_be_one)
{
    BOOST_TEST(nanos(row("in=1 out=1 search=0.01 onesearch"), tokens(0, 0), {.web_searches = 5}) ==
               10'000'000);
    BOOST_TEST(nanos(row("in=1 out=1 search=0.01"), tokens(0, 0), {.web_searches = 5}) == 50'000'000);
}

BOOST_AUTO_TEST_CASE(the_bill_adds_up)
{
    model_facts const facts = row("factor.eu=1.1 in=2 out=8 cached=0.5 search=0.01");
    usage counted = tokens(1000, 100);
    counted.cached_tokens = 400;
    billing_facts const call{.region = "eu", .web_searches = 2};
    auto const lines = bill_of(facts, counted, call).value();
    auto const cost = cost_of(facts, counted, call).value();
    BOOST_TEST(lines.size() == 4U);
    BOOST_TEST((lines[1] == cost_line{meter::cache_read_token, 400, unit_price::from_picos(500'000),
                                      1'100'000, money::from_nanos(220'000)}));
    std::int64_t sum = 0;
    for (cost_line const& line : lines) {
        sum += line.amount.nanos();
    }
    BOOST_TEST(sum == cost.total.nanos());
    BOOST_TEST(cost.prompt.nanos() + cost.completion.nanos() + cost.other.nanos() == sum);
    BOOST_TEST(cost.other.nanos() == 20'000'000);
}

// Splitting a call's tokens over several calls changes the sum by rounding only: half a nano-dollar per call.
BOOST_AUTO_TEST_CASE(split_calls_cost_the_same)
{
    test::seeded random(7);
    for (int i = 0; i < 2'000; ++i) {
        model_facts const facts =
            row("in=" + std::to_string(random.below(100)) + "." + std::to_string(random.below(1'000'000)) +
                " out=" + std::to_string(random.below(100)) + ".123457");
        std::int64_t whole_in = 0;
        std::int64_t whole_out = 0;
        std::int64_t sum = 0;
        auto const calls = static_cast<std::int64_t>(1 + random.below(20));
        for (std::int64_t n = 0; n < calls; ++n) {
            auto const in = static_cast<std::int64_t>(random.below(300'000));
            auto const out = static_cast<std::int64_t>(random.below(30'000));
            sum += nanos(facts, tokens(in, out));
            whole_in += in;
            whole_out += out;
        }
        BOOST_REQUIRE_LE(2 * std::abs(sum - nanos(facts, tokens(whole_in, whole_out))), calls + 1);
    }
}

BOOST_AUTO_TEST_CASE(the_library_functions_use_the_built_in_table)
{
    BOOST_TEST(model_info("gpt-4o")->max_output_tokens == 16'384);
    BOOST_TEST(model_info("gpt-4o")->can(capability::vision));
    BOOST_TEST(model_info("no-such-model").error()->code == "unknown_model");
    auto const cost = cost_per_token("openai/gpt-4o", 1000, 500).value();
    BOOST_TEST(cost.prompt.nanos() == 2'500'000);
    BOOST_TEST(cost.completion.nanos() == 5'000'000);
    BOOST_TEST(completion_cost("gpt-4o", tokens(1000, 500))->nanos() == 7'500'000);
    BOOST_TEST(completion_cost("no-such-model", tokens(1, 1)).error()->code == "unknown_model");
}

BOOST_AUTO_TEST_SUITE_END()
