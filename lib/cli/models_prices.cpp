#include "lib/cli/models_prices.hpp"

#include "lib/catalog/litellm_info.hpp"
#include "lib/catalog/load.hpp"
#include "lib/catalog/meter.hpp"
#include "lib/catalog/names.hpp"
#include "lib/catalog/rates.hpp"
#include "lib/cli/command.hpp"
#include "lib/cli/models_table.hpp"
#include "lib/core/json/writer.hpp"
#include "lib/engine/kernel.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace cogate::cli {

namespace {

constexpr std::size_t notices_shown = 10;

/// One line of the answer. `facts` is null where nothing is known.
struct priced {
    std::string id;
    std::string provider;
    std::string upstream;
    model_facts const* facts = nullptr;
};

void complain(std::string_view what)
{
    std::cerr << "cogate models: " << what << '\n';
}

/// Not more than a price file may have, and a byte: the reader says that it is too long.
std::optional<std::string> read_file(std::string const& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string text;
    std::array<char, 65536> piece{};
    while (file && text.size() <= catalog::longest_price_file) {
        file.read(piece.data(), piece.size());
        text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (!file.eof() && text.size() <= catalog::longest_price_file) {
        complain("cannot read the price file " + path);
        return std::nullopt;
    }
    return text;
}

void report(catalog::load_report const& found)
{
    for (std::size_t i = 0; i != std::min(found.notices.size(), notices_shown); ++i) {
        std::cerr << catalog::to_string(found.notices[i]) << '\n';
    }
    std::size_t const all = found.notices.size() + found.notices_left_out;
    if (all > notices_shown) {
        std::cerr << "and " << all - notices_shown << " more\n";
    }
}

/// The price map's catalogue; null after a message.
catalog::catalog_ptr load(std::string const& text)
{
    result<catalog::loaded_catalog> const loaded =
        catalog::load_prices(text, *catalog::model_catalog::embedded());
    if (!loaded) {
        complain(loaded.error()->message);
        return nullptr;
    }
    report(loaded->report);
    return loaded->catalog;
}

std::vector<priced> all_of(catalog::model_catalog const& models)
{
    std::vector<priced> out;
    for (model_facts const& each : models.models()) {
        out.push_back({each.provider + '/' + each.model, each.provider, each.model, &each});
    }
    return out;
}

/// A pattern stands for every model of the catalogue that it leads to.
void add_pattern(engine::served_deployment const& served, catalog::model_catalog const& models,
                 std::vector<priced>& out)
{
    std::string const provider(served.provider->name);
    std::size_t const before = out.size();
    for (model_facts const& each : models.models()) {
        std::optional<std::string_view> wildcard;
        if (each.provider == catalog::canonical_provider(provider)) {
            wildcard = policy::match_pattern(served.upstream, each.model);
        }
        if (wildcard) {
            out.push_back({policy::fill_pattern(served.model_name, *wildcard), provider, each.model,
                           served.facts(each.model)});
        }
    }
    if (out.size() == before) {
        out.push_back({served.model_name, provider, served.upstream, served.own_facts.get()});
    }
}

std::vector<priced> served_by(engine::routes const& served)
{
    std::unordered_set<std::string> named;
    for (model const& each : served.models()) {
        named.insert(each.id);
    }
    std::vector<priced> out;
    for (engine::served_deployment const& each : served.deployments()) {
        if (!named.contains(each.model_name)) {
            continue;
        }
        if (policy::is_pattern(each.upstream) && policy::is_pattern(each.model_name)) {
            add_pattern(each, *served.prices(), out);
        } else {
            out.push_back({each.model_name, std::string(each.provider->name), each.upstream,
                           each.facts(each.upstream)});
        }
    }
    return out;
}

std::string count_text(std::int64_t count)
{
    return count > 0 ? std::to_string(count) : "-";
}

/// Dollars per million tokens.
std::string token_price(price_list const* prices, meter what)
{
    rate const* const found = prices != nullptr ? catalog::find_rate(*prices, what) : nullptr;
    return found != nullptr ? to_string(found->price, 6) : "-";
}

/// What is not charged by tokens, and that there are other prices for some calls.
std::string other_prices(price_list const* prices)
{
    if (prices == nullptr || prices->rates.empty()) {
        return "no price is known";
    }
    std::string out;
    bool more = false;
    for (rate const& each : prices->rates) {
        bool const plain = each.tier == service_tier::standard && each.above == 0;
        bool const shown = each.what == meter::input_token || each.what == meter::output_token ||
                           each.what == meter::cache_read_token;
        if (plain && !catalog::counts_tokens(each.what)) {
            out.append(out.empty() ? "" : ", ").append(to_string(each.price)).append(" per ");
            out.append(to_string(each.what));
        } else if (!plain || !shown) {
            more = true;
        }
    }
    return more ? out + (out.empty() ? "and more" : ", and more") : out;
}

void print_as_table(std::vector<priced> const& models, std::chrono::sys_seconds when)
{
    std::vector<table_row> table{{"MODEL", "PROVIDER", "UPSTREAM", "INPUT $/M", "OUTPUT $/M", "CACHED $/M",
                                  "CONTEXT", "MAX OUTPUT", "OTHER PRICES"}};
    for (priced const& each : models) {
        price_list const* const prices = each.facts != nullptr ? each.facts->prices_at(when) : nullptr;
        table.push_back(
            {each.id, each.provider, each.upstream, token_price(prices, meter::input_token),
             token_price(prices, meter::output_token), token_price(prices, meter::cache_read_token),
             count_text(each.facts != nullptr ? each.facts->max_input_tokens : 0),
             count_text(each.facts != nullptr ? each.facts->max_output_tokens : 0), other_prices(prices)});
    }
    print_table(table);
}

void print_as_json(std::vector<priced> const& models, std::chrono::sys_seconds when)
{
    std::string text;
    json::writer out(text);
    out.begin_object().member("object", "list").key("data").begin_array();
    for (priced const& each : models) {
        out.begin_object().member("id", each.id).member("object", "model");
        out.member("owned_by", each.provider).member("upstream", each.upstream).key("model_info");
        if (each.facts == nullptr) {
            out.value(nullptr);
        } else {
            out.begin_object();
            catalog::write_litellm_info(out, *each.facts, when);
            out.end_object();
        }
        out.end_object();
    }
    out.end_array().end_object();
    std::cout << text << '\n';
}

int print(std::vector<priced> const& models, price_question const& asked)
{
    asked.as_json ? print_as_json(models, asked.when) : print_as_table(models, asked.when);
    return exit_good;
}

} // namespace

int print_prices(gateway_options options, price_question const& asked)
{
    if (!asked.file.empty()) {
        std::optional<std::string> text = read_file(asked.file);
        if (!text) {
            return exit_usage;
        }
        options.price_map = *std::move(text);
    }
    catalog::catalog_ptr prices = catalog::model_catalog::embedded();
    if (!options.price_map.empty() || !asked.file.empty()) {
        prices = load(options.price_map);
        if (!prices) {
            return exit_usage;
        }
    }
    if (asked.all) {
        return print(all_of(*prices), asked);
    }
    try {
        gateway gw(std::move(options));
        std::shared_ptr<engine::routes const> const served = gw.kernel().current_routes();
        return print(served_by(*served), asked);
    } catch (std::invalid_argument const& fault) {
        complain(fault.what());
        return exit_usage;
    }
}

} // namespace cogate::cli
