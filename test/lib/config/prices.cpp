#include "lib/config/price_file.hpp"

#include "test/lib/config/loading.hpp"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

using namespace cogate;
using namespace cogate::config::testing;

namespace {

using texts = std::vector<std::pair<std::string, std::string>>;

/// A file in a folder that goes with it.
class temp_file {
public:
    explicit temp_file(std::string_view content)
    {
        std::string name = (std::filesystem::temp_directory_path() / "cogate-prices-XXXXXX").string();
        BOOST_TEST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder_ = name;
        std::ofstream(path(), std::ios::binary) << content;
    }
    ~temp_file() { std::filesystem::remove_all(folder_); }
    temp_file(temp_file const&) = delete;
    temp_file& operator=(temp_file const&) = delete;

    std::string path() const { return (folder_ / "prices.json").string(); }

private:
    std::filesystem::path folder_;
};

std::string list_of(std::string_view params, std::string_view info = "{}")
{
    return "model_list:\n- model_name: a\n  litellm_params: {model: openai/m, api_key: k, " +
           std::string(params) + "}\n  model_info: " + std::string(info) + '\n';
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_prices)

BOOST_AUTO_TEST_CASE(every_price_is_kept_as_it_is_written)
{
    config::settings const s =
        good(list_of("input_cost_per_token: 1.5e-07, cache_read_input_token_cost: 0.000000075, "
                     "input_cost_per_second: '.5', output_cost_per_image: 0.040, "
                     "input_cost_per_token_above_200k_tokens: 3e-7, output_cost_per_token_batches: 0, "
                     "regional_processing_uplift_multiplier_eu: 1.1",
                     "{output_cost_per_token: 6e-7, input_cost_per_token: 9, base_model: gpt-4o, "
                     "access_groups: [beta, 'team models']}"));
    deployment const& one = s.gateway.deployments.at(0);
    BOOST_TEST((one.prices == texts{{"input_cost_per_token", "1.5e-07"},
                                    {"cache_read_input_token_cost", "0.000000075"},
                                    {"input_cost_per_second", ".5"},
                                    {"output_cost_per_image", "0.040"},
                                    {"input_cost_per_token_above_200k_tokens", "3e-7"},
                                    {"output_cost_per_token_batches", "0"},
                                    {"regional_processing_uplift_multiplier_eu", "1.1"},
                                    {"output_cost_per_token", "6e-7"}}));
    BOOST_TEST(one.input_cost.value() == 150'000'000); // litellm_params go before model_info
    BOOST_TEST(one.output_cost.value() == 600'000'000);
    BOOST_TEST(one.base_model == "gpt-4o");
    BOOST_TEST((one.access_groups == std::vector<std::string>{"beta", "team models"}));
}

BOOST_AUTO_TEST_CASE(base_model_of_the_parameters_comes_second)
{
    BOOST_TEST(good(list_of("base_model: x")).gateway.deployments.at(0).base_model == "x");
    BOOST_TEST(good(list_of("base_model: x", "{base_model: y}")).gateway.deployments.at(0).base_model == "y");
}

BOOST_AUTO_TEST_CASE(what_is_no_price_is_an_error_at_its_line)
{
    for (auto const& [params, says] : std::vector<std::pair<std::string, std::string>>{
             {"input_cost_per_second: -1", "input_cost_per_second: '-1' is not a price in US dollars"},
             {"output_cost_per_image: cheap", "output_cost_per_image: 'cheap' is not a price in US dollars"},
             {"input_cost_per_token: 1e-15", "input_cost_per_token: '1e-15' is not a price in US dollars"},
             {"regional_processing_uplift_multiplier_eu: 0", "must be a factor above 0, at most 100"}}) {
        config::loaded const got = read(list_of(params));
        BOOST_TEST(!got.value.has_value(), params);
        BOOST_TEST(complaints(got).starts_with("c.yaml:3:"), complaints(got));
        BOOST_TEST(complaints(got).find(says) != std::string::npos, complaints(got));
    }
    BOOST_TEST(
        complaints(read(list_of("input_cost_per_tokn: 1"))).find("did you mean 'input_cost_per_token'") !=
        std::string::npos);
    BOOST_TEST(complaints(read(list_of("drop_params: true", "{access_groups: beta}"))) ==
               "c.yaml:4:31: error: access_groups must be a list of names\n");
}

BOOST_AUTO_TEST_CASE(a_price_file_is_read_and_checked)
{
    temp_file const first(
        R"({"m-one": {"litellm_provider": "openai", "input_cost_per_token": 1e-6, "odd_price": 2}})");
    temp_file const second(R"({"m-two": {"litellm_provider": "openai", "input_cost_per_token": 2e-6}})");
    std::string const yaml = "litellm_settings:\n  model_cost_map: " + first.path() + '\n';
    config::loaded const one = read(yaml);
    BOOST_TEST_REQUIRE(one.value.has_value());
    BOOST_TEST(one.value->gateway.price_map.find("m-one") != std::string::npos);
    BOOST_TEST(complaints(one) ==
               "c.yaml:2:19: warning: model_cost_map: m-one: odd_price: unknown price field, "
               "not charged\n");

    config::settings const both = good(yaml + "cogate:\n  prices: " + second.path() + '\n');
    BOOST_TEST(both.gateway.price_map.find("m-two") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_price_file_that_cannot_be_used_is_an_error_at_its_line)
{
    temp_file const broken("{");
    temp_file const other("[1]");
    for (auto const& [path, says] : std::vector<std::pair<std::string, std::string>>{
             {broken.path(), "is no JSON"},
             {other.path(), "is neither LiteLLM's price map nor a models.dev file"},
             {broken.path() + ".none", "cannot be read: No such file or directory"},
             {"/", "cannot be read: Is a directory"},
             {"https://prices.example/map.json", "is a URL: nothing is fetched"}}) {
        config::loaded const got = read("cogate:\n  prices: " + path + '\n');
        BOOST_TEST(!got.value.has_value(), path);
        BOOST_TEST(complaints(got).starts_with("c.yaml:2:11: error: prices: the price file " + path),
                   complaints(got));
        BOOST_TEST(complaints(got).find(says) != std::string::npos, complaints(got));
    }
}

BOOST_AUTO_TEST_SUITE_END()
