#include "lib/cli/bench/bench.hpp"
#include "lib/cli/command.hpp"
#include "lib/cli/keys.hpp"
#include "lib/cli/ledger.hpp"
#include "lib/cli/mock/mock.hpp"
#include "lib/cli/replay.hpp"
#include "lib/core/text.hpp"

#include <algorithm>
#include <array>
#include <iostream>

namespace cogate::cli {

namespace {

constexpr std::array all{
    command{"serve", "run the gateway: OpenAI's, Anthropic's and Google's APIs on a port of this machine",
            &serve_command},
    command{"chat", "ask a model one question from the terminal", &chat_command},
    command{"models", "list the models and providers that can be called", &models_command},
    command{"validate", "check a configuration file", &validate_command},
    command{"keys", "make, list and change the virtual keys of a running gateway", &keys_command},
    command{"ledger", "verify, export and prune the record of what calls cost", &ledger_command},
    command{"mock", "run a scripted upstream for tests and benchmarks", &mock_command},
    command{"bench", "put load on a model endpoint and measure it", &bench_command},
    command{"replay", "run recorded calls again under other routing settings", &replay_command},
};

void print_help(std::ostream& out)
{
    out << "cogate " COGATE_VERSION ": call large language models, or serve them to others.\n\n"
           "Usage: cogate COMMAND [ARGUMENTS]\n\nCommands:\n";
    for (command const& each : all) {
        out << "  " << each.name << std::string(10 - each.name.size(), ' ') << each.summary << '\n';
    }
    out << "\n`cogate COMMAND --help` says more. `cogate --version` prints the version.\n\n"
           "Examples:\n"
           "  cogate serve                          the built-in demo provider on http://127.0.0.1:4000\n"
           "  OPENAI_API_KEY=... cogate serve       openai/* as well\n"
           "  cogate serve --config config.yaml     a LiteLLM configuration\n"
           "  cogate chat \"Why is the sky blue?\"\n";
}

command const* find(std::string_view name)
{
    auto const found = std::find_if(all.begin(), all.end(), [&](command const& c) { return c.name == name; });
    return found == all.end() ? nullptr : &*found;
}

int unknown(std::string const& name)
{
    std::vector<std::string_view> names;
    for (command const& each : all) {
        names.push_back(each.name);
    }
    std::cerr << "cogate: there is no command '" << name << "'";
    if (auto const near = core::nearest(name, names)) {
        std::cerr << "; did you mean '" << *near << "'?";
    }
    std::cerr << "\nRun `cogate help` for all commands.\n";
    return exit_usage;
}

} // namespace

std::span<command const> commands() noexcept
{
    return all;
}

int dispatch(std::vector<std::string> args)
{
    if (args.empty()) {
        print_help(std::cerr);
        return exit_usage;
    }
    std::string const name = args.front();
    args.erase(args.begin());
    if (name == "--version" || name == "-v" || name == "version") {
        std::cout << "cogate " COGATE_VERSION "\n";
        return exit_good;
    }
    if (name == "--help" || name == "-h" || name == "help") {
        if (args.empty()) {
            print_help(std::cout);
            return exit_good;
        }
        command const* const about = find(args.front());
        return about == nullptr ? unknown(args.front()) : about->run({"--help"});
    }
    command const* const found = find(name);
    return found == nullptr ? unknown(name) : found->run(std::move(args));
}

} // namespace cogate::cli
