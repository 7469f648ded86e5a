#include "lib/catalog/load.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

#include "lib/catalog/overrides.hpp"
#include "lib/catalog/rates.hpp"
#include "test/common/seeded.hpp"
#include "test/common/shared_files.hpp"

using namespace cogate;
using namespace cogate::catalog;
using reason = load_notice::reason;

namespace {

loaded_catalog load(std::string_view text)
{
    return load_prices(text, *model_catalog::embedded()).value();
}

std::string code(std::string_view text)
{
    auto const loaded = load_prices(text, *model_catalog::embedded());
    return loaded ? "" : loaded.error()->code;
}

std::int64_t picos(model_facts const* facts, meter what, service_tier tier = service_tier::standard,
                   std::int64_t above = 0)
{
    rate const* const found = facts == nullptr || facts->price_lists.empty()
                                  ? nullptr
                                  : find_rate(facts->price_lists.back(), what, tier, above);
    return found == nullptr ? -1 : found->price.picos();
}

} // namespace

BOOST_AUTO_TEST_SUITE(catalog_load)

BOOST_AUTO_TEST_CASE(a_price_map_replaces_prices_and_keeps_facts)
{
    auto const [models, report] = load(R"({
        "sample_spec": {"input_cost_per_token": "a number"}, "last_updated": "today",
        "gpt-4o": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "output_cost_per_token": 0,
                   "output_cost_per_token_above_64k_tokens_flex": 3E-06, "input_cost_per_token_priority_above_7k_tokens": 4e-6,
                   "cache_read_input_token_cost": 5e-7, "input_cost_per_token_cache_hit": 9e-7,
                   "regional_processing_uplift_multiplier_eu": 1.1, "provider_specific_entry": {"fast": 6.0}},
        "azure/new": {"litellm_provider": "azure", "mode": "chat", "max_input_tokens": 8191.0, "supports_vision": true,
                      "input_cost_per_token": "0.000002", "input_dbu_cost_per_token": 1, "price_of_gold": 3}
    })");
    BOOST_TEST((report.format == price_format::litellm));
    BOOST_TEST(report.models == 2U);
    model_facts const* const known = models->find("gpt-4o");
    BOOST_TEST(known->max_output_tokens == 16'384);
    BOOST_TEST(picos(known, meter::input_token) == 1'000'000);
    BOOST_TEST(picos(known, meter::input_token, service_tier::batch) == -1);
    BOOST_TEST(picos(known, meter::output_token) == 0);
    BOOST_TEST(picos(known, meter::output_token, service_tier::flex, 64'000) == 3'000'000);
    BOOST_TEST(picos(known, meter::input_token, service_tier::priority, 7'000) == 4'000'000);
    BOOST_TEST(picos(known, meter::cache_read_token) == 500'000);
    BOOST_TEST(known->uplifts.size() == 2U);
    model_facts const* const fresh = models->find("azure", "new");
    BOOST_TEST(fresh->max_input_tokens == 8191);
    BOOST_TEST(fresh->can(capability::vision));
    BOOST_TEST(picos(fresh, meter::input_token) == 2'000'000);
    BOOST_TEST((report.notices ==
                std::vector<load_notice>{{reason::unknown_money_field, "azure/new", "price_of_gold"}}));
    BOOST_TEST(to_string(report.notices[0]) == "azure/new: price_of_gold: unknown price field, not charged");
}

BOOST_AUTO_TEST_CASE(a_factor_that_is_named_twice_counts_once)
{
    auto const [models, report] = load(R"({
        "own/new": {"litellm_provider": "own", "input_cost_per_token": 1e-6,
                    "regional_processing_uplift_multiplier_us": 1.1, "provider_specific_entry": {"us": 1.2}}
    })");
    model_facts const* const facts = models->find("own/new");
    BOOST_REQUIRE(facts != nullptr);
    BOOST_REQUIRE(facts->uplifts.size() == 1U);
    BOOST_TEST(facts->uplifts[0].millionths == 1'200'000);
}

BOOST_AUTO_TEST_CASE(a_wrong_price_leaves_no_price)
{
    for (char const* price : {"-1e-6", "\"cheap\"", "null", "true", "[]", "1e30", "1e-30"}) {
        BOOST_TEST_CONTEXT(price)
        {
            auto const [models, report] =
                load(R"({"gpt-4o": {"litellm_provider": "openai", "output_cost_per_token": 1e-6,
                "input_cost_per_token": )" +
                     std::string(price) + "}}");
            BOOST_TEST(models->find("gpt-4o")->price_lists.empty());
            BOOST_TEST((report.notices ==
                        std::vector<load_notice>{{reason::bad_price, "gpt-4o", "input_cost_per_token"}}));
            BOOST_TEST(report.priced == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_models_dev_file_keeps_what_it_cannot_say)
{
    auto const [models, report] = load(R"({"openai": {"id": "openai", "models": {
        "gpt-4o": {"cost": {"input": 2.5, "output": 10, "cache_read": 0, "stars": 1}, "limit": {"context": 0, "output": 5}},
        "gpt-4o-mini": {"cost": {"input": 9, "output": 9,
             "tiers": [{"input": 10, "output": 11, "tier": {"type": "context", "size": 32000}}],
             "context_over_200k": {"input": 99, "output": 99}},
             "experimental": {"modes": {"a": {"cost": {"input": 20}, "provider": {"body": {"service_tier": "priority"}}},
                                        "b": {"cost": {"input": 20}}}}},
        "gpt-5": {"tool_call": true}}}})");
    BOOST_TEST((report.format == price_format::models_dev));
    BOOST_TEST(report.models == 3U);
    BOOST_TEST(report.priced == 3U);
    model_facts const* const same = models->find("gpt-4o");
    BOOST_TEST(picos(same, meter::input_token, service_tier::batch) == 1'250'000);
    BOOST_TEST(picos(same, meter::cache_read_token) == -1);
    BOOST_TEST(same->max_input_tokens == 128'000);
    BOOST_TEST(same->max_output_tokens == 5);
    model_facts const* const other = models->find("gpt-4o-mini");
    BOOST_TEST(picos(other, meter::input_token, service_tier::batch) == -1);
    BOOST_TEST(picos(other, meter::input_token, service_tier::standard, 32'000) == 10'000'000);
    BOOST_TEST(picos(other, meter::input_token, service_tier::standard, 200'000) == -1);
    BOOST_TEST(picos(other, meter::input_token, service_tier::priority) == 20'000'000);
    BOOST_TEST(picos(models->find("gpt-5"), meter::input_token) == 1'250'000);
    BOOST_TEST((report.notices ==
                std::vector<load_notice>{
                    {reason::unknown_money_field, "openai/gpt-4o", "cost.stars"},
                    {reason::unknown_money_field, "openai/gpt-4o-mini", "experimental.modes.b.cost"}}));
}

BOOST_AUTO_TEST_CASE(other_texts_are_refused)
{
    for (char const* text : {"", "{", "[]", "{}", "3", R"({"a": 1})", R"({"a": {"b": 1}})", "null"}) {
        BOOST_TEST_CONTEXT(text)
        {
            BOOST_TEST(code(text) == "bad_price_file");
        }
    }
    BOOST_TEST(code(std::string(longest_price_file + 1, ' ')) == "bad_price_file");
    BOOST_TEST(code(std::string(1000, '[') + std::string(1000, ']')) == "bad_price_file");
}

BOOST_AUTO_TEST_CASE(hostile_maps_are_bounded)
{
    std::string many = R"({"a": {"litellm_provider": "x")";
    for (int i = 1; i <= 2'000; ++i) {
        many += ", \"input_cost_per_token_above_" + std::to_string(i) + "k_tokens\": 1, \"cost_" +
                std::to_string(i) + "\": 1";
    }
    auto const [models, report] =
        load(many + R"(}, ")" + std::string(300, 'n') + R"(": {}, "": {}, "l": []})");
    BOOST_TEST(models->find("x", "a")->price_lists.empty());
    BOOST_TEST(report.notices.size() == load_report::most_notices);
    BOOST_TEST(report.notices_left_out > 1'000U);
    for (load_notice const& notice : report.notices) {
        BOOST_TEST(notice.model.size() <= longest_model_name);
    }
}

BOOST_AUTO_TEST_CASE(damaged_maps_do_no_harm)
{
    std::string const good = R"({"gpt-4o": {"litellm_provider": "openai", "input_cost_per_token": 1e-6,
        "tiered_pricing": [{"range": [0, 32000.0], "output_cost_per_token": 2e-6}],
        "search_context_cost_per_query": {"search_context_size_low": 0.01}},
        "p": {"models": {"m": {"cost": {"input": 1, "tiers": [{"input": 2, "tier": {"type": "context", "size": 1}}]}}}}})";
    test::seeded random(21);
    for (int i = 0; i < 2'000; ++i) {
        std::string text = good;
        for (std::size_t n = 1 + random.below(3); n > 0; --n) {
            text[random.below(text.size())] = "0-e{}[],:\"x "[random.below(12)];
        }
        auto const loaded = load_prices(text, *model_catalog::embedded());
        BOOST_REQUIRE(loaded || loaded.error()->code == "bad_price_file");
    }
}

BOOST_AUTO_TEST_CASE(operators_prices_replace_the_named_ones)
{
    using pairs = std::vector<std::pair<std::string_view, std::string_view>>;
    model_facts const base = *model_catalog::embedded()->find("gpt-4o");
    auto const changed = apply_overrides(base, pairs{{"input_cost_per_token", "1e-06"},
                                                     {"output_cost_per_token_above_200k_tokens", "0.00003"},
                                                     {"regional_processing_uplift_multiplier_eu", "1.2"}});
    BOOST_TEST(picos(&*changed, meter::input_token) == 1'000'000);
    BOOST_TEST(picos(&*changed, meter::output_token) == 10'000'000);
    BOOST_TEST(picos(&*changed, meter::output_token, service_tier::standard, 200'000) == 30'000'000);
    BOOST_TEST(changed->uplifts.at(0).millionths == 1'200'000);
    auto const timed = apply_overrides({}, pairs{{"input_cost_per_second", "0.5"}});
    BOOST_TEST(picos(&*timed, meter::input_second) == 500'000'000'000);
    BOOST_TEST((*apply_overrides(base, pairs{}) == base));
    for (auto const& [name, text] : pairs{{"input_cost_per_token", "-1"},
                                          {"input_cost_per_token", "x"},
                                          {"input_cost_per_tokn", "1"},
                                          {"rpm", "1"},
                                          {"regional_processing_uplift_multiplier_eu", "0"}}) {
        auto const refused = apply_overrides(base, pairs{{name, text}});
        BOOST_TEST_CONTEXT(name)
        {
            BOOST_TEST((!refused && refused.error()->param == name));
        }
    }
    BOOST_TEST(is_price_override("cache_read_input_token_cost_above_200k_tokens"));
    BOOST_TEST(!is_price_override("max_tokens"));
}

BOOST_AUTO_TEST_CASE(the_public_files_load_whole)
{
    auto const shared = test::shared_dir();
    if (!shared) {
        BOOST_TEST_MESSAGE("skipped: no shared data");
        return;
    }
    auto const litellm = load(test::read_file(*shared / "data/prices/litellm_model_prices.json"));
    BOOST_TEST(litellm.report.models == 2'982U);
    for (load_notice const& notice : litellm.report.notices) {
        BOOST_ERROR(to_string(notice));
    }
    auto const dev = load(test::read_file(*shared / "data/prices/models.dev.json"));
    BOOST_TEST(dev.report.models == 8'261U);
    for (load_notice const& notice : dev.report.notices) {
        BOOST_ERROR(to_string(notice));
    }
    BOOST_TEST_MESSAGE("priced: " << litellm.report.priced << ", " << dev.report.priced);
}

BOOST_AUTO_TEST_SUITE_END()
