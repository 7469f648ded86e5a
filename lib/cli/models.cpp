#include "lib/cli/arguments.hpp"
#include "lib/cli/command.hpp"
#include "lib/cli/load_settings.hpp"
#include "lib/cli/models_prices.hpp"
#include "lib/cli/models_table.hpp"
#include "lib/core/json/writer.hpp"
#include "lib/core/words.hpp"
#include "providers/registry.hpp"
#include "providers/resolve.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <utility>

namespace cogate::cli {

namespace {

/// The shape of GET /v1/models.
std::string to_json(std::vector<model> const& models)
{
    std::string out;
    json::writer to(out);
    to.begin_object().member("object", "list").key("data").begin_array();
    for (model const& each : models) {
        to.begin_object().member("id", each.id).member("object", "model").member("created", each.created);
        to.member("owned_by", each.provider).end_object();
    }
    to.end_array().end_object();
    return out + '\n';
}

std::string key_state(providers::provider const& each, environment_lookup const& variables)
{
    if (each.local != nullptr || (each.key_variables.empty() && each.settings.empty())) {
        return "no key needed";
    }
    if (providers::is_configured(each, variables)) {
        return each.key_optional ? "ready" : "ready (set)";
    }
    std::string const name(each.key_variables.empty() ? core::first_word(each.base_variables)
                                                      : core::first_word(each.key_variables));
    return name + " (not set)";
}

std::string base_of(providers::provider const& each)
{
    if (each.local != nullptr) {
        return "built in";
    }
    if (!each.base_url.empty()) {
        return std::string(each.base_url);
    }
    return each.make_base_url != nullptr ? "from its settings" : "api_base";
}

/// A list of the table as a JSON array.
void write_words(json::writer& to, std::string_view name, std::string_view list)
{
    to.key(name).begin_array();
    for (std::string_view const word : core::words(list)) {
        to.value(word);
    }
    to.end_array();
}

void print_providers(bool as_json, environment_lookup const& variables)
{
    std::vector<table_row> table{{"PROVIDER", "DIALECT", "BASE URL", "KEY", "SERVES"}};
    std::string text;
    json::writer to(text);
    to.begin_array();
    for (providers::provider const& each : providers::all_providers()) {
        table.push_back({std::string(each.name), std::string(core::first_word(each.dialects)), base_of(each),
                         key_state(each, variables), std::string(each.modalities)});
        to.begin_object().member("name", each.name).member("dialect", core::first_word(each.dialects));
        write_words(to, "dialects", each.dialects);
        to.member("base_url", each.base_url).member("key_variable", core::first_word(each.key_variables));
        write_words(to, "key_variables", each.key_variables);
        to.member("base_variable", core::first_word(each.base_variables));
        to.key("settings").begin_array();
        for (providers::setting_source const& setting : providers::setting_sources(each)) {
            to.value(setting.name);
        }
        to.end_array();
        write_words(to, "serves", each.modalities);
        to.member("configured", providers::is_configured(each, variables));
        to.member("built_in", each.local != nullptr).end_object();
    }
    to.end_array();
    if (as_json) {
        std::cout << text << '\n';
    } else {
        print_table(table);
    }
}

int print_models(bool as_json, gateway_options options)
{
    try {
        gateway const gw(std::move(options));
        std::vector<model> const models = gw.models();
        if (as_json) {
            std::cout << to_json(models);
            return exit_good;
        }
        std::vector<table_row> table{{"MODEL", "PROVIDER", "UPSTREAM"}};
        for (model const& each : models) {
            table.push_back({each.id, each.provider, each.upstream});
        }
        print_table(table);
        return exit_good;
    } catch (std::invalid_argument const& fault) {
        std::cerr << "cogate models: " << fault.what() << '\n';
        return exit_usage;
    }
}

} // namespace

int models_command(std::vector<std::string> args)
{
    CLI::App app(
        "Lists the models that can be called: those of a configuration, or those of the demo provider and "
        "of\n"
        "every provider whose key is in the environment. A name that ends in * stands for any model of it.",
        "cogate models");
    app.footer("Examples:\n  cogate models\n  cogate models --config config.yaml --json\n  cogate models "
               "--providers\n"
               "  cogate models --prices                        what the served models cost\n"
               "  cogate models --prices --all --json           the whole price table\n"
               "  cogate models --prices model_prices.json      the same over a price map of LiteLLM or "
               "models.dev");
    std::string config;
    bool as_json = false;
    bool providers = false;
    price_question asked;
    app.add_option("-c,--config", config, "Configuration in LiteLLM's format; - reads standard input");
    app.add_flag("--json", as_json, "JSON instead of a table, as GET /v1/models answers");
    auto* const providers_flag =
        app.add_flag("--providers", providers, "List the providers that cogate knows instead");
    auto* const prices = app.add_option("--prices", asked.file,
                                        "Show prices, context windows and limits; FILE: with this price map")
                             ->type_name("[FILE]")
                             ->expected(0, 1)
                             ->excludes(providers_flag);
    app.add_flag("--all", asked.all, "Every model of the price table, served or not")->needs(prices);
    if (auto const done = read_arguments(app, std::move(args))) {
        return *done;
    }
    auto settings = load_settings(config);
    if (!settings) {
        return exit_usage;
    }
    if (providers) {
        print_providers(as_json, settings->gateway.environment);
        return exit_good;
    }
    if (prices->count() != 0) {
        asked.as_json = as_json;
        asked.when = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        return print_prices(std::move(settings->gateway), asked);
    }
    return print_models(as_json, std::move(settings->gateway));
}

} // namespace cogate::cli
