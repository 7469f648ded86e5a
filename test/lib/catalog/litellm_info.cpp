#include "lib/catalog/litellm_info.hpp"

#include "lib/catalog/litellm_fields.hpp"
#include "lib/catalog/load.hpp"
#include "lib/catalog/rates.hpp"
#include "lib/catalog/row.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <tuple>
#include <vector>

using namespace cogate;
using namespace cogate::catalog;

namespace {

std::chrono::sys_seconds const today = *parse_day("2026-11-30");

std::string info(model_facts const& facts, std::chrono::sys_seconds when = today)
{
    std::string text;
    json::writer out(text);
    out.begin_object();
    write_litellm_info(out, facts, when);
    out.end_object();
    return text;
}

bool can_be_named(rate const& each)
{
    bool const search = each.what == meter::search_low || each.what == meter::search_medium ||
                        each.what == meter::search_high;
    bool const plain = each.tier == service_tier::standard && each.above == 0;
    return search ? plain : litellm_name_of(each).has_value();
}

std::vector<rate> ordered(std::vector<rate> rates)
{
    std::sort(rates.begin(), rates.end(), [](rate const& a, rate const& b) {
        return std::tie(a.what, a.tier, a.above) < std::tie(b.what, b.tier, b.above);
    });
    return rates;
}

} // namespace

BOOST_AUTO_TEST_SUITE(catalog_litellm_info)

BOOST_AUTO_TEST_CASE(a_model_is_written_in_litellms_words)
{
    model_facts facts =
        parse_row("openai m chat 1000 100 tools|vision factor.eu=1.1 in=2.5 out=10 cached=0.25 "
                  "in>200000=5 in@batch=1.25 in@priority>200000=20 search=0.01 filesearch=0.0025")
            .value();
    facts.uplifts.push_back({"fast", 6'000'000});
    std::string text = info(facts);
    std::size_t const flags = text.find(",\"supports_");
    BOOST_TEST(
        text.substr(0, flags) ==
        R"({"max_tokens":100,"max_input_tokens":1000,"max_output_tokens":100,"input_cost_per_token":0.0000025,)"
        R"("output_cost_per_token":0.00001,"cache_read_input_token_cost":0.00000025,)"
        R"("input_cost_per_token_above_200k_tokens":0.000005,"input_cost_per_token_batches":0.00000125,)"
        R"("input_cost_per_token_above_200k_tokens_priority":0.00002,"file_search_cost_per_1k_calls":2.5,)"
        R"("search_context_cost_per_query":{"search_context_size_medium":0.01},)"
        R"("regional_processing_uplift_multiplier_eu":1.1,"provider_specific_entry":{"fast":6},)"
        R"("litellm_provider":"openai","mode":"chat")");
    BOOST_TEST(text.find("\"supports_vision\":true") != std::string::npos);
    BOOST_TEST(text.find("\"supports_reasoning\":false") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_unknown_price_is_left_out)
{
    std::string const text = info(parse_row("p m chat - - -").value());
    BOOST_TEST(text.starts_with(R"({"litellm_provider":"p","mode":"chat","supports_)"));
    model_facts const later = parse_row("p m chat - - - from=2026-12-01 in=1 out=1").value();
    BOOST_TEST(info(later).find("cost") == std::string::npos);
    BOOST_TEST(info(later, *parse_day("2026-12-01")).find("\"input_cost_per_token\":0.000001,") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_whole_table_is_read_back_as_it_was)
{
    auto const models = model_catalog::embedded()->models();
    std::string text;
    json::writer out(text);
    out.begin_object();
    for (model_facts const& each : models) {
        out.key(each.provider + '/' + each.model).begin_object();
        write_litellm_info(out, each, today);
        out.end_object();
    }
    out.end_object();
    loaded_catalog const read = load_prices(text, *catalog_builder().build()).value();
    BOOST_TEST(read.report.notices.empty());
    BOOST_TEST(read.report.models == models.size());
    for (model_facts const& each : models) {
        model_facts const* const back = read.catalog->find(each.provider, each.model);
        BOOST_REQUIRE(back != nullptr);
        BOOST_TEST_CONTEXT(each.provider << '/' << each.model)
        {
            price_list const* const prices = each.prices_at(today);
            std::vector<rate> wanted = prices != nullptr ? prices->rates : std::vector<rate>{};
            std::erase_if(wanted, [](rate const& one) { return !can_be_named(one); });
            std::vector<rate> const got =
                back->price_lists.empty() ? std::vector<rate>{} : back->price_lists.back().rates;
            BOOST_TEST((ordered(got) == ordered(wanted)));
            BOOST_TEST(back->max_input_tokens == each.max_input_tokens);
            BOOST_TEST(back->max_output_tokens == each.max_output_tokens);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
