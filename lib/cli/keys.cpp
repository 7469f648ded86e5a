#include "lib/cli/keys.hpp"

#include "lib/cli/arguments.hpp"
#include "lib/cli/chat_text.hpp"
#include "lib/cli/command.hpp"
#include "lib/cli/keys_client.hpp"
#include "lib/cli/keys_request.hpp"
#include "lib/cli/keys_text.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <utility>

namespace cogate::cli {

namespace {

struct flags {
    std::string url = "http://127.0.0.1:4000";
    std::string master_key{};
    bool json = false;
    key_wishes wishes{};
    key_filter filter{};
    std::vector<std::string> keys{};
    std::string grace{};
};

gateway_place place_of(flags const& asked)
{
    std::string key = asked.master_key;
    for (char const* const name : {"COGATE_MASTER_KEY", "LITELLM_MASTER_KEY"}) {
        char const* const value = std::getenv(name);
        if (key.empty() && value != nullptr) {
            key = value;
        }
    }
    return {.url = asked.url, .key = secret(std::move(key))};
}

int complain(failure const& why, flags const& asked)
{
    std::cerr << "cogate keys: " << terminal_text(why->message) << '\n';
    if (std::string const what = keys_advice(why, asked.url); !what.empty()) {
        std::cerr << what << '\n';
    }
    return why->param.starts_with("--") ? exit_usage : exit_failed;
}

/// Asks, and reads what came into `doc`, which borrows from `text`. The exit code of a failure.
std::optional<int> ask(flags const& asked, providers::encoded_request request, std::string& text,
                       json::document& doc)
{
    result<std::string> answer = ask_gateway(place_of(asked), std::move(request));
    if (!answer) {
        return complain(answer.error(), asked);
    }
    text = std::move(*answer);
    json::parse_error fault;
    if (!doc.parse(text, fault)) {
        return complain(failure{error_kind::bad_gateway, "The answer is no JSON; is this a gateway?"}, asked);
    }
    return std::nullopt;
}

/// Asks and prints the answer: as it is, or the members of it (of `inner` of it, where that is given).
int show(flags const& asked, providers::encoded_request request, std::string_view inner = {})
{
    std::string text;
    json::document doc;
    if (std::optional<int> const failed = ask(asked, std::move(request), text, doc)) {
        return *failed;
    }
    json::value const what = !inner.empty() && doc[inner].exists() ? doc[inner] : doc.root();
    std::cout << (asked.json ? text + '\n' : member_lines(what)) << std::flush;
    return exit_good;
}

/// The same for an answer that holds the text of a new key.
int show_new_key(flags const& asked, providers::encoded_request request)
{
    int const code = show(asked, std::move(request));
    if (code == exit_good) {
        std::cerr << "Store the key now: the gateway keeps only a digest of it and cannot show it again.\n";
    }
    return code;
}

int create(flags const& asked)
{
    result<providers::encoded_request> request = create_key_request(asked.wishes);
    if (!request) {
        return complain(request.error(), asked);
    }
    return show_new_key(asked, std::move(*request));
}

int update(flags const& asked)
{
    result<providers::encoded_request> request = update_key_request(asked.keys.front(), asked.wishes);
    if (!request) {
        std::cerr << "cogate keys: " << request.error()->message << '\n';
        return exit_usage;
    }
    return show(asked, std::move(*request));
}

int list(flags const& asked)
{
    std::vector<table_row> table{key_columns()};
    std::string all = "[";
    for (std::int64_t page = 1;; ++page) {
        std::string text;
        json::document doc;
        if (std::optional<int> const failed = ask(asked, list_keys_request(asked.filter, page), text, doc)) {
            return *failed;
        }
        for (json::value const key : doc["keys"]) {
            table.push_back(key_row(key));
            all += (all.size() == 1 ? "" : ",") + std::string(key.raw());
        }
        std::string_view const pages = doc["total_pages"].raw();
        if (doc["keys"].size() == 0 || pages.empty() || std::to_string(page) == pages) {
            break;
        }
    }
    if (asked.json) {
        std::cout << all << "]\n";
    } else if (table.size() == 1) {
        std::cerr << "There are no keys. `cogate keys create` makes one.\n";
    } else {
        print_table(table);
    }
    return exit_good;
}

int info(flags const& asked)
{
    return show(asked, key_info_request(asked.keys.front()), "info");
}

int remove(flags const& asked)
{
    return show(asked, delete_keys_request(asked.keys));
}

int block(flags const& asked)
{
    return show(asked, key_action_request("/key/block", asked.keys.front()));
}

int unblock(flags const& asked)
{
    return show(asked, key_action_request("/key/unblock", asked.keys.front()));
}

int regenerate(flags const& asked)
{
    return show_new_key(asked, regenerate_key_request(asked.keys.front(), asked.grace));
}

void add_wishes(CLI::App& to, key_wishes& into)
{
    to.add_option("--alias", into.alias, "A name for people");
    to.add_option("--user", into.user, "Id of the user who owns it");
    to.add_option("--team", into.team, "Id of its team");
    to.add_option("--organization,--organisation", into.organisation, "Id of its organisation");
    to.add_option("--models", into.models, "Models it may use, with commas; none: all");
    to.add_option("--tags", into.tags, "Tags of all its calls, with commas");
    to.add_option("--max-budget", into.max_budget, "Dollars it may spend");
    to.add_option("--budget-duration", into.budget_duration,
                  "How often the budget starts anew: 24h, 7d, 1mo");
    to.add_option("--duration", into.duration, "How long it is valid: 30d");
    to.add_option("--rpm", into.requests_per_minute, "Requests per minute")->check(CLI::NonNegativeNumber);
    to.add_option("--tpm", into.tokens_per_minute, "Tokens per minute")->check(CLI::NonNegativeNumber);
    to.add_option("--parallel", into.parallel_requests, "Requests at once")->check(CLI::NonNegativeNumber);
    to.add_option("--type", into.type, "Which routes it opens")
        ->check(CLI::IsMember({"default", "llm_api", "management", "read_only"}));
    to.add_option("--metadata", into.metadata, "A JSON object that is kept and shown");
}

void add_place(CLI::App& to, flags& into)
{
    to.add_option("-u,--url", into.url, "The gateway's address")
        ->envname("COGATE_URL")
        ->capture_default_str();
    to.add_option(
        "--master-key", into.master_key,
        "Its master key; better in COGATE_MASTER_KEY or LITELLM_MASTER_KEY, where others cannot see it");
    to.add_flag("--json", into.json, "The gateway's answer as it is");
}

struct subcommand {
    CLI::App* parsed;
    int (*run)(flags const&);
};

CLI::App* add(CLI::App& app, flags& into, std::string const& name, std::string const& about)
{
    CLI::App* const out = app.add_subcommand(name, about);
    add_place(*out, into);
    return out;
}

CLI::App* add_of_key(CLI::App& app, flags& into, std::string const& name, std::string const& about,
                     bool many = false)
{
    CLI::App* const out = add(app, into, name, about);
    auto* const keys = out->add_option("KEY", into.keys, "The key's text, or its token")->required();
    keys->expected(1, many ? 1000 : 1);
    return out;
}

std::vector<subcommand> add_all(CLI::App& app, flags& into)
{
    CLI::App* const made = add(app, into, "create", "Makes a key and prints it, once.");
    add_wishes(*made, into.wishes);
    CLI::App* const listed = add(app, into, "list", "Lists keys and what they have spent.");
    listed->add_option("--user", into.filter.user, "Only a user's");
    listed->add_option("--team", into.filter.team, "Only a team's");
    listed->add_option("--alias", into.filter.alias, "Only the one of this alias");
    CLI::App* const changed = add_of_key(app, into, "update", "Changes a key; what is not said stays.");
    add_wishes(*changed, into.wishes);
    CLI::App* const renewed =
        add_of_key(app, into, "regenerate", "Gives a key a new text and prints it, once.");
    renewed->add_option("--grace", into.grace,
                        "How long the old text stays valid: 24h; else it ends at once");
    return {{made, &create},
            {listed, &list},
            {add_of_key(app, into, "info", "Shows a key."), &info},
            {changed, &update},
            {add_of_key(app, into, "delete", "Deletes keys; what they spent stays in the ledger.", true),
             &remove},
            {add_of_key(app, into, "block", "Stops a key from being used."), &block},
            {add_of_key(app, into, "unblock", "Lets a blocked key be used again."), &unblock},
            {renewed, &regenerate}};
}

} // namespace

int keys_command(std::vector<std::string> args)
{
    CLI::App app("Manages the virtual keys of a running gateway.", "cogate keys");
    app.footer(
        "`cogate keys COMMAND --help` says more.\n\n"
        "Examples:\n  export COGATE_MASTER_KEY=sk-...\n"
        "  cogate keys create --alias search --max-budget 25 --budget-duration 1mo --models gpt-4o-mini\n"
        "  cogate keys list --team red\n  cogate keys block sk-...\n"
        "  cogate keys regenerate sk-... --grace 24h");
    app.require_subcommand(1);
    flags asked;
    std::vector<subcommand> const commands = add_all(app, asked);
    if (auto const done = read_arguments(app, std::move(args))) {
        return *done;
    }
    for (subcommand const& each : commands) {
        if (each.parsed->parsed()) {
            try {
                return each.run(asked);
            } catch (std::exception const& fault) {
                std::cerr << "cogate keys: " << fault.what() << '\n';
                return exit_failed;
            }
        }
    }
    return exit_usage;
}

} // namespace cogate::cli
