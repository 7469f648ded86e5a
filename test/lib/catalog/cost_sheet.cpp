#include <boost/test/unit_test.hpp>

#include <fstream>
#include <functional>
#include <map>
#include <string>

#include "lib/catalog/cost.hpp"
#include "lib/catalog/load.hpp"
#include "lib/catalog/meter.hpp"
#include "lib/catalog/row.hpp"
#include "lib/core/text.hpp"
#include "lib/core/words.hpp"
#include "test/common/shared_files.hpp"

using namespace cogate;
using namespace cogate::catalog;

namespace {

struct sheet_call {
    usage tokens;
    billing_facts facts;
};

std::int64_t* counter_of(sheet_call& call, std::string_view name)
{
    std::map<std::string_view, std::int64_t*> const counters = {
        {"in", &call.tokens.prompt_tokens},
        {"out", &call.tokens.completion_tokens},
        {"cached", &call.tokens.cached_tokens},
        {"write", &call.tokens.cache_write_tokens},
        {"write1h", &call.tokens.cache_write_1h_tokens},
        {"reason", &call.tokens.reasoning_tokens},
        {"audio", &call.tokens.prompt_audio_tokens},
        {"image", &call.tokens.prompt_image_tokens},
        {"audioout", &call.tokens.completion_audio_tokens},
        {"imageout", &call.tokens.completion_image_tokens},
        {"inms", &call.facts.input_ms},
        {"outms", &call.facts.output_ms},
        {"videoms", &call.facts.video_input_ms},
        {"chars", &call.facts.characters_in},
        {"imagesin", &call.facts.images_in},
        {"images", &call.facts.images_out},
        {"pixels", &call.facts.pixels_out},
        {"queries", &call.facts.queries},
        {"results", &call.facts.results},
        {"searches", &call.facts.web_searches},
        {"citations", &call.facts.citation_tokens},
        {"pages", &call.facts.pages},
        {"notes", &call.facts.annotated_pages},
        {"credits", &call.facts.credits},
        {"sessions", &call.facts.sessions},
    };
    auto const found = counters.find(name);
    return found == counters.end() ? nullptr : found->second;
}

sheet_call read_call(std::string_view cell)
{
    sheet_call call;
    call.facts.when = *parse_day("2026-11-30");
    for (std::string_view const word : core::words(cell)) {
        auto const [name, value] = *core::split_once(word, '=');
        if (std::int64_t* const counter = counter_of(call, name)) {
            *counter = core::parse_int<std::int64_t>(value).value();
        } else if (name == "tier") {
            call.facts.tier = tier_of(value).value();
        } else if (name == "region") {
            call.facts.region = value;
        } else if (name == "when") {
            call.facts.when = parse_day(value).value();
        } else if (name == "size") {
            call.facts.search_size = search_context::high;
        } else if (name == "1080p") {
            call.facts.output_1080p = true;
        } else {
            BOOST_FAIL("no such word: " << word);
        }
    }
    return call;
}

catalog_ptr prices_of(std::string_view name)
{
    if (name == "table") {
        return model_catalog::embedded();
    }
    auto const shared = test::shared_dir();
    if (!shared) {
        return nullptr;
    }
    auto const file =
        name == "litellm" ? "data/prices/litellm_model_prices.json" : "data/prices/models.dev.json";
    return load_prices(test::read_file(*shared / file), *model_catalog::embedded()).value().catalog;
}

} // namespace

BOOST_AUTO_TEST_SUITE(catalog_cost_sheet)

// Worked by hand from the price files; the last column is the arithmetic.
BOOST_AUTO_TEST_CASE(costs_equal_the_sheet_to_the_nano_dollar)
{
    std::ifstream sheet(COGATE_SOURCE_DIR "/test/lib/catalog/cost_sheet.csv");
    std::string line;
    std::getline(sheet, line);
    std::map<std::string, catalog_ptr, std::less<>> catalogs;
    int compared = 0;
    int skipped = 0;
    while (std::getline(sheet, line)) {
        auto const cells = core::split(line, ',');
        std::string const prices(cells.at(0));
        if (!catalogs.contains(prices)) {
            catalogs.emplace(prices, prices_of(prices));
        }
        catalog_ptr const& models = catalogs.at(prices);
        if (!models) {
            ++skipped;
            continue;
        }
        BOOST_TEST_CONTEXT(line)
        {
            model_facts const* const facts = models->find(cells.at(1));
            BOOST_REQUIRE(facts != nullptr);
            sheet_call const call = read_call(cells.at(2));
            auto const cost = cost_of(*facts, call.tokens, call.facts);
            BOOST_REQUIRE_MESSAGE(cost.has_value(), cost.error()->message);
            BOOST_TEST(cost->total.nanos() == core::parse_int<std::int64_t>(cells.at(3)).value());
        }
        ++compared;
    }
    if (skipped > 0) {
        BOOST_TEST_MESSAGE("skipped: no shared data for " << skipped << " cases");
    }
    BOOST_TEST(compared + skipped == 79);
}

BOOST_AUTO_TEST_SUITE_END()
