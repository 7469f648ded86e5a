#include "lib/cli/serve_flags.hpp"

#include "lib/cli/arguments.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace cogate::cli {

std::variant<serve_flags, int> parse_serve_flags(std::vector<std::string> args)
{
    CLI::App app(
        "Runs the gateway: OpenAI's API in front of every provider, on one port.\n"
        "Without --config it serves the built-in demo provider and every provider whose key is in the\n"
        "environment, on 127.0.0.1:4000.",
        "cogate serve");
    app.footer(
        "SIGTERM or Ctrl-C: no new calls, running answers finish, then exit 0. The second one ends at "
        "once.\n"
        "SIGHUP, or a change of the configuration file: it is read anew; running calls go on, a file with\n"
        "errors changes nothing.\n\n"
        "Examples:\n"
        "  cogate serve\n"
        "  cogate serve --config config.yaml --port 8080\n"
        "  cogate serve --workers 0 --access-log -        one thread per core, calls on standard output");
    serve_flags out;
    app.add_option("-c,--config", out.config, "Configuration in LiteLLM's format; - reads standard input");
    app.add_option("--host", out.host, "Address to listen on");
    app.add_option("-p,--port", out.port, "Port to listen on; 0 takes a free one");
    app.add_option("-w,--workers,--num_workers", out.workers, "Threads that serve; 0: one per core")
        ->check(CLI::Range(0, 1024));
    app.add_option("--access-log", out.access_log, "File for one JSON line per call; - is standard output");
    app.add_option("--prices", out.prices,
                   "File of prices over the built-in ones: LiteLLM's price map or models.dev's api.json");
    auto* const data =
        app.add_option("--data", out.data,
                       "Folder of keys, budgets and the ledger; with a master key ./cogate-data, else none");
    app.add_flag("--no-ledger", out.no_ledger, "Keep no accounts: no virtual keys, no budgets, no rows")
        ->excludes(data);
    if (auto const done = read_arguments(app, std::move(args))) {
        return *done;
    }
    return out;
}

} // namespace cogate::cli
