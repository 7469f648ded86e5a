#include "lib/catalog/model_catalog.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <string>
#include <thread>
#include <utility>

#include "lib/catalog/embedded.hpp"
#include "lib/catalog/names.hpp"
#include "lib/catalog/rates.hpp"
#include "lib/catalog/row.hpp"
#include "lib/core/text.hpp"
#include "test/common/shared_files.hpp"

using namespace cogate;
using namespace cogate::catalog;

namespace {

model_facts named(std::string provider, std::string model)
{
    model_facts facts;
    facts.provider = std::move(provider);
    facts.model = std::move(model);
    return facts;
}

std::string found(model_catalog const& in, std::string_view name)
{
    model_facts const* const facts = in.find(name);
    return facts == nullptr ? "-" : facts->provider + " " + facts->model;
}

catalog_ptr sample()
{
    catalog_builder builder;
    builder.set_with_bare_name(named("openai", "gpt-4o"));
    builder.set_with_bare_name(named("azure", "gpt-4o"));
    builder.set_with_bare_name(named("gemini", "gemini-2.0-flash"));
    builder.set_with_bare_name(named("vertex_ai", "gemini-2.0-flash"));
    builder.set_with_bare_name(named("bedrock", "anthropic.claude-x-v1:0"));
    builder.set_with_bare_name(named("bedrock", "eu.anthropic.claude-x-v1:0"));
    builder.set_with_bare_name(named("openrouter", "openai/gpt-4o"));
    builder.set_with_bare_name(named("openai", "ft:gpt-4o"));
    builder.set(named("openai", "1024-x-1024/dall-e-2"), "1024-x-1024/dall-e-2");
    builder.set(named("openai", "hd/1024-x-1024/dall-e-2"), "hd/1024-x-1024/dall-e-2");
    builder.set_with_bare_name(named("openai", "dall-e-2"));
    return builder.build();
}

} // namespace

BOOST_AUTO_TEST_SUITE(catalog_model_catalog)

BOOST_AUTO_TEST_CASE(names_are_found_as_litellm_finds_them)
{
    catalog_ptr const models = sample();
    std::pair<char const*, char const*> const rows[] = {
        {"gpt-4o", "openai gpt-4o"},
        {"GPT-4o", "openai gpt-4o"},
        {"openai/gpt-4o", "openai gpt-4o"},
        {"azure/gpt-4o", "azure gpt-4o"},
        {"openrouter/openai/gpt-4o", "openrouter openai/gpt-4o"},
        {"openai/gpt-4o-2031-01-02", "openai gpt-4o"},
        {"gpt-4o-2031-01-02", "openai gpt-4o"},
        {"gpt-4o-20310102", "openai gpt-4o"},
        {"gpt-4o-latest", "openai gpt-4o"},
        {"ft:gpt-4o:my-org:name:id", "openai ft:gpt-4o"},
        {"gemini-2.0-flash", "gemini gemini-2.0-flash"},
        {"gemini/gemini-2.0-flash-001", "gemini gemini-2.0-flash"},
        {"vertex_ai/gemini-2.0-flash@default", "vertex_ai gemini-2.0-flash"},
        {"bedrock/anthropic.claude-x-v1:0", "bedrock anthropic.claude-x-v1:0"},
        {"bedrock/us.anthropic.claude-x-v1:0", "bedrock anthropic.claude-x-v1:0"},
        {"bedrock/eu.anthropic.claude-x-v1:0", "bedrock eu.anthropic.claude-x-v1:0"},
        {"bedrock/us-east-1/anthropic.claude-x-v1:0", "bedrock anthropic.claude-x-v1:0"},
        {"bedrock/converse/us-gov-west-1/global.anthropic.claude-x-v1:0", "bedrock anthropic.claude-x-v1:0"},
        {"bedrock_converse/anthropic.claude-x-v1:0:51k", "bedrock anthropic.claude-x-v1:0"},
        {"bedrock/arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-x-v1:0",
         "bedrock anthropic.claude-x-v1:0"},
        {"us.anthropic.claude-x-v1:0", "bedrock anthropic.claude-x-v1:0"},
        {"groq/gpt-4o", "-"},
        {"azure/my-deployment", "-"},
        {"gpt-4o-mini", "-"},
        {"gpt-4o:free", "-"},
        {"", "-"},
        {"/", "-"},
        {"openai/", "-"},
    };
    for (auto const& [name, expected] : rows) {
        BOOST_TEST_CONTEXT(name)
        {
            BOOST_TEST(found(*models, name) == expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(base_model_prices_a_deployment)
{
    catalog_ptr const models = sample();
    BOOST_TEST(models->find_deployment("azure", "my-deployment", "azure/gpt-4o")->provider == "azure");
    BOOST_TEST(models->find_deployment("azure", "my-deployment", "gpt-4o")->provider == "azure");
    BOOST_TEST(models->find_deployment("azure", "gpt-4o", "")->provider == "azure");
    BOOST_TEST(models->find_deployment("azure", "my-deployment", "") == nullptr);
}

BOOST_AUTO_TEST_CASE(sizes_of_images_have_their_own_prices)
{
    catalog_ptr const models = sample();
    BOOST_TEST(models->find_image("openai", "dall-e-2", "1024x1024", "hd")->model ==
               "hd/1024-x-1024/dall-e-2");
    BOOST_TEST(models->find_image("openai", "dall-e-2", "1024x1024", "")->model == "1024-x-1024/dall-e-2");
    BOOST_TEST(models->find_image("openai", "dall-e-2", "256x256", "hd")->model == "dall-e-2");
    BOOST_TEST(models->find_image("openai", "dall-e-2", "auto", "")->model == "dall-e-2");
}

BOOST_AUTO_TEST_CASE(a_catalog_on_top_leaves_the_one_below)
{
    catalog_ptr const below = sample();
    catalog_builder builder(*below);
    model_facts facts = named("openai", "gpt-4o");
    facts.max_output_tokens = 7;
    builder.set(facts);
    builder.set(named("vertex_ai", "gemini-2.0-flash"), "gemini-2.0-flash");
    catalog_ptr const above = builder.build();
    BOOST_TEST(above->find("gpt-4o")->max_output_tokens == 7);
    BOOST_TEST(below->find("gpt-4o")->max_output_tokens == 0);
    BOOST_TEST(above->find("gemini-2.0-flash")->provider == "vertex_ai");
    BOOST_TEST(above->models().size() == below->models().size());
    BOOST_TEST(builder.build()->models().empty());
}

BOOST_AUTO_TEST_CASE(every_row_of_the_built_in_table_is_good)
{
    BOOST_TEST(embedded_rows().size() == 700U);
    for (std::string_view const row : embedded_rows()) {
        BOOST_TEST_CONTEXT(row)
        {
            BOOST_TEST(parse_row(row).has_value());
        }
    }
    BOOST_TEST(model_catalog::embedded()->models().size() == 700U);
    std::jthread const other([] { model_catalog::embedded()->find("gpt-4o"); });
    BOOST_TEST(model_catalog::embedded()->find("claude-sonnet-4-5")->provider == "anthropic");
}

BOOST_AUTO_TEST_CASE(bad_rows_are_refused)
{
    for (char const* row :
         {"", "a b chat - -", "a b chat x - -", "a b chat - - flying", "a b chat - - - in",
          "a b chat - - - in=-1", "a b chat - - - in@never=1", "a b chat - - - in>0=1",
          "a b chat - - - from=2026-13-01 in=1", "a b chat - - - from=2026-02-01 in=1 from=2026-01-01 in=1",
          "a b chat - - - factor.eu=0"}) {
        BOOST_TEST_CONTEXT(row)
        {
            BOOST_TEST(!parse_row(row));
        }
    }
}

// Of facts.csv: provider, model, mode and the first prices stand before any quoted field.
BOOST_AUTO_TEST_CASE(the_built_in_table_says_what_facts_say)
{
    auto const shared = test::shared_dir();
    if (!shared) {
        BOOST_TEST_MESSAGE("skipped: no shared data");
        return;
    }
    std::ifstream csv(*shared / "data/prices/facts.csv");
    std::string line;
    std::getline(csv, line);
    std::chrono::sys_seconds const day = *parse_day("2026-11-22");
    std::size_t compared = 0;
    while (std::getline(csv, line)) {
        auto const cells = core::split(core::trim(line), ',');
        model_facts const* const facts = model_catalog::embedded()->find(cells[0], cells[1]);
        BOOST_REQUIRE_MESSAGE(facts != nullptr, line);
        BOOST_TEST(facts->mode == cells[2]);
        price_list const* const list = facts->prices_at(day);
        std::pair<std::size_t, meter> const columns[] = {
            {3, meter::input_token}, {4, meter::output_token}, {5, meter::cache_read_token}};
        for (auto const& [column, what] : columns) {
            bool const none = cells[column].empty() || (column == 5 && cells[5] == "0" && cells[3] != "0");
            rate const* const price = list == nullptr ? nullptr : find_rate(*list, what);
            if (!none) {
                BOOST_TEST_CONTEXT(line)
                {
                    BOOST_REQUIRE(price != nullptr);
                    BOOST_TEST((unit_price::parse(cells[column], 6) == price->price));
                }
            }
        }
        ++compared;
    }
    BOOST_TEST(compared == 700U);
}

BOOST_AUTO_TEST_SUITE_END()
