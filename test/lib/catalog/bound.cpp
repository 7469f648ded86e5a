#include <boost/test/unit_test.hpp>

#include <string>

#include "lib/catalog/cost.hpp"
#include "lib/catalog/model_catalog.hpp"
#include "lib/catalog/row.hpp"
#include "test/common/seeded.hpp"

using namespace cogate;
using namespace cogate::catalog;

namespace {

model_facts row(std::string const& rest)
{
    return parse_row("p m chat 1000 100 - " + rest).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(catalog_bound)

BOOST_AUTO_TEST_CASE(every_byte_is_a_token_of_the_dearest_kind)
{
    BOOST_TEST(bound_of(row("in=1 out=5"), 1000, 100)->nanos() == 1'000'000 + 500'000);
    BOOST_TEST(bound_of(row("in=1 out=5 write=1.25 write1h=2 reason=6"), 1000, 100)->nanos() ==
               2'000'000 + 600'000);
    BOOST_TEST(bound_of(row("in=1 out=5 in>500=2"), 500, 0)->nanos() == 500'000);
    BOOST_TEST(bound_of(row("in=1 out=5 in>500=2"), 501, 0)->nanos() == 1'002'000);
    planned_call plain{.prompt_bytes = 1000, .max_output_tokens = 100};
    plain.may_read_audio = plain.may_write_audio = plain.may_use_images = plain.may_write_cache = false;
    BOOST_TEST(bound_of(row("in=1 out=5 write=1.25 audioin=40 audioout=80"), plain)->nanos() == 1'500'000);
}

BOOST_AUTO_TEST_CASE(without_a_limit_the_models_ceiling_holds)
{
    planned_call call{.prompt_bytes = 10};
    call.choices = 3;
    BOOST_TEST(bound_of(row("in=1 out=5"), call)->nanos() == 10'000 + 3 * 100 * 5'000);
    model_facts endless = row("in=1 out=5");
    endless.max_output_tokens = endless.max_input_tokens = 0;
    BOOST_TEST(bound_of(endless, call).error()->code == "unknown_bound");
    BOOST_TEST(bound_of(row(""), call).error()->code == "unknown_price");
    BOOST_TEST(bound_of(row("in=1"), call).error()->code == "unknown_price");
    call.prompt_bytes = -1;
    BOOST_TEST(bound_of(row("in=1 out=5"), call).error()->code == "bad_usage");
}

BOOST_AUTO_TEST_CASE(output_is_cut_to_what_fits)
{
    model_facts const facts = row("in=1 out=5");
    planned_call const call{.prompt_bytes = 100};
    BOOST_TEST(output_within(facts, call, money::from_nanos(600'000)).value() == 100);
    BOOST_TEST(output_within(facts, call, money::from_nanos(599'999)).value() == 99);
    BOOST_TEST(output_within(facts, call, money::from_nanos(104'999)).value() == 0);
}

// Whatever a provider may report within the plan, it costs no more than the bound.
BOOST_AUTO_TEST_CASE(no_call_costs_more_than_its_bound)
{
    test::seeded random(11);
    auto const models = model_catalog::embedded()->models();
    int compared = 0;
    for (int i = 0; i < 30'000; ++i) {
        model_facts const& facts = models[random.below(models.size())];
        auto const up_to = [&](std::int64_t most) {
            return static_cast<std::int64_t>(random.below(static_cast<std::size_t>(most + 1)));
        };
        planned_call call{.prompt_bytes = up_to(600'000), .max_output_tokens = up_to(2'000)};
        billing_facts known;
        known.tier = static_cast<service_tier>(random.below(5));
        known.region = random.one_in(2) ? "eu" : "us";
        known.images_out = up_to(2);
        known.input_ms = up_to(9'000);
        known.output_ms = up_to(9'000);
        known.characters_in = up_to(100);
        known.queries = up_to(2);
        usage tokens;
        tokens.prompt_tokens = up_to(call.prompt_bytes);
        tokens.cached_tokens = up_to(tokens.prompt_tokens);
        tokens.cache_write_tokens = up_to(tokens.prompt_tokens - tokens.cached_tokens);
        tokens.cache_write_1h_tokens = up_to(tokens.cache_write_tokens);
        tokens.prompt_audio_tokens =
            up_to(tokens.prompt_tokens - tokens.cached_tokens - tokens.cache_write_tokens);
        tokens.completion_tokens = up_to(*call.max_output_tokens);
        tokens.reasoning_tokens = up_to(tokens.completion_tokens);
        tokens.completion_image_tokens = up_to(tokens.completion_tokens - tokens.reasoning_tokens);
        auto const cost = cost_of(facts, tokens, known);
        auto const bound = bound_of(facts, call, known);
        if (cost && bound) {
            ++compared;
            BOOST_REQUIRE_MESSAGE(cost->total <= *bound, facts.provider << "/" << facts.model << " costs "
                                                                        << cost->total << ", bound "
                                                                        << *bound);
        }
    }
    BOOST_TEST(compared > 10'000);
}

BOOST_AUTO_TEST_SUITE_END()
