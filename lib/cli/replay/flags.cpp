#include "lib/cli/replay/flags.hpp"

#include "lib/cli/arguments.hpp"
#include "lib/policy/call_machine.hpp"
#include "lib/policy/strategy.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace cogate::cli::replay {

namespace {

std::string shortest(double value)
{
    std::array<char, 32> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::string is_strategy(std::string const& name)
{
    if (policy::make_strategy(name, {})) {
        return {};
    }
    std::string names;
    for (std::string_view const each : policy::strategy_names()) {
        names.append(names.empty() ? "" : ", ").append(each);
    }
    return "there is no strategy '" + name + "'; there are " + names;
}

} // namespace

std::variant<flags, int> parse_flags(std::vector<std::string> args)
{
    CLI::App app("Runs the calls of an access log through the router again, on a virtual clock, and prints "
                 "what other\n"
                 "settings would have made of them. The deployments behave as the log shows: their wait for "
                 "the first\n"
                 "token against the prompt's size, their speed, slow answers, and errors over time. They do "
                 "not become\n"
                 "slower under more load than was recorded, and those that the log never shows are not "
                 "there. Nothing is called.",
                 "cogate replay");
    app.footer(
        "The first row is what the log says, the second the same settings replayed: how far they differ is "
        "how far\nthe replay can be trusted. Each setting asked for has a row of its own.\n\n"
        "Examples:\n"
        "  cogate serve --config config.yaml --access-log access.log        records\n"
        "  cogate replay access.log --config config.yaml --strategy least-busy --hedge 95\n"
        "  cogate replay access.log --hedge 90 --hedge 99 --svg hedging.svg\n"
        "  cogate replay - --strategy simple-shuffle --num-retries 0 --together --json < access.log");
    flags out;
    app.add_option("LOG", out.log, "The access log; - reads standard input")->required();
    app.add_option("-c,--config", out.config, "The configuration that it was recorded under");
    app.add_option("--strategy", out.strategies, "Another routing_strategy; may be repeated")
        ->check(is_strategy)
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    auto const list = [&](char const* name, auto& to, char const* what, CLI::Validator const& range) {
        app.add_option(name, to, what)
            ->check(range)
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    };
    list("--hedge", out.hedges, "A second attempt at this percentile of the wait; may be repeated",
         CLI::Range(1.0, 99.999));
    list("--race", out.races, "Attempts begun at once; may be repeated",
         CLI::Range(1, static_cast<int>(policy::call_machine::max_running)));
    list("--num-retries", out.retries, "Tries after the first; may be repeated", CLI::Range(0, 16));
    list("--retry-ratio", out.retry_ratios, "Extra attempts per call that are allowed; may be repeated",
         CLI::Range(0.0, 100.0));
    app.add_flag("--together", out.together, "One row with all of these settings at once");
    app.add_option("--seed", out.seed, "Seed of all luck")->capture_default_str();
    app.add_flag("--json", out.json, "JSON instead of a table");
    app.add_option("--svg", out.svg, "Write a picture to this file");
    app.add_flag("--quiet", out.quiet, "No progress line");
    if (auto const done = read_arguments(app, std::move(args))) {
        return *done;
    }
    return out;
}

std::vector<setting> settings_of(flags const& from, router_options const& recorded)
{
    std::vector<setting> out{{"replayed: " + recorded.strategy, recorded}};
    setting all{"", recorded};
    auto const add = [&](std::string const& name, auto const& change) {
        setting next{name, recorded};
        change(next.router);
        change(all.router);
        all.name += (all.name.empty() ? "" : ", ") + name;
        out.push_back(std::move(next));
    };
    for (std::string const& name : from.strategies) {
        add(name, [&](router_options& router) { router.strategy = name; });
    }
    for (double const percentile : from.hedges) {
        add("hedge p" + shortest(percentile),
            [&](router_options& router) { router.hedge.percentile = percentile; });
    }
    for (int const count : from.races) {
        add("race " + std::to_string(count), [&](router_options& router) { router.race = count; });
    }
    for (int const count : from.retries) {
        add(std::to_string(count) + " retries", [&](router_options& router) {
            router.num_retries = count;
            router.retries = {};
            router.group_retries.clear();
        });
    }
    for (double const ratio : from.retry_ratios) {
        add("retry ratio " + shortest(ratio),
            [&](router_options& router) { router.retry_budget.ratio = ratio; });
    }
    if (from.together && out.size() > 1) {
        out.resize(1);
        out.push_back(std::move(all));
    }
    return out;
}

} // namespace cogate::cli::replay
