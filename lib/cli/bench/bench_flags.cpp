#include "lib/cli/bench/bench_flags.hpp"

#include "lib/cli/bench/bench_request.hpp"
#include "lib/core/text.hpp"
#include "transports/polling/duration.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace cogate::cli {

namespace {

namespace load = transports::load;

constexpr const char* description = "Puts load on a chat endpoint and reports requests per second, "
                                    "latencies and errors. Only whole answers\n"
                                    "with status 200 count; everything else is an error, told by kind. "
                                    "Without --rate it is a closed loop: each\n"
                                    "connection waits for its answer. With --rate it is an open loop: "
                                    "latency counts from the intended moment.";

constexpr const char* examples =
    "Examples:\n"
    "  cogate bench --url http://127.0.0.1:4000/v1 --model demo/echo --connections 32 --duration 10s\n"
    "  cogate bench --url http://127.0.0.1:4000/v1 --model gpt-4o-mini --api-key-env KEY --rate 500 "
    "--arrivals poisson\n"
    "  cogate bench --url http://127.0.0.1:9000/v1 --model mock --stream --connections 8 --requests 1000 "
    "--json\n"
    "  cogate bench --url http://127.0.0.1:4000/v1 --model claude --dialect anthropic_messages --stream";

/// Flags as they are typed.
struct raw_flags {
    std::string url = "http://127.0.0.1:4000/v1";
    std::string key_variable;
    std::string dialect = "openai_chat";
    std::string arrivals = "poisson";
    std::string duration = "10s";
    std::string warmup = "1s";
    std::string timeout = "30s";
    std::vector<std::string> headers;
    bench_request request;
};

std::string check_time(const std::string& text)
{
    return transports::parse_duration(text) ? "" : "'" + text + "' is not a time with unit, such as 10s";
}

void declare(CLI::App& app, raw_flags& raw, bench_flags& flags)
{
    app.add_option("--url", raw.url, "Base URL, plain HTTP")->capture_default_str();
    app.add_option("--model", raw.request.model, "Model to ask for")->required();
    app.add_option("--dialect", raw.dialect, "API of requests and answers")
        ->check(CLI::IsMember({"openai_chat", "anthropic_messages"}))
        ->capture_default_str();
    app.add_option("--connections", flags.load.connections, "Connections kept open")
        ->check(CLI::Range(1, 50'000))
        ->capture_default_str();
    app.add_option("--duration", raw.duration, "Measured time")->check(check_time)->capture_default_str();
    app.add_option("--requests", flags.load.requests, "End after so many measured answers instead");
    app.add_option("--rate", flags.load.rate, "Requests per second; makes it an open loop")
        ->check(CLI::Range(0.001, 1e6));
    app.add_option("--arrivals", raw.arrivals, "Schedule of the open loop")
        ->check(CLI::IsMember({"poisson", "fixed"}))
        ->capture_default_str();
    app.add_option("--warmup", raw.warmup, "Load before the measurement")
        ->check(check_time)
        ->capture_default_str();
    app.add_option("--timeout", raw.timeout, "Longest time of one request")
        ->check(check_time)
        ->capture_default_str();
    app.add_flag("--stream", raw.request.stream, "Ask for event streams; measures first event and gaps");
    app.add_option("--body-bytes", raw.request.body_bytes, "Bytes of the request's body")
        ->check(CLI::Range(0, 64 * 1024 * 1024))
        ->capture_default_str();
    app.add_option("--api-key-env", raw.key_variable, "Environment variable that holds the API key");
    app.add_option("--header", raw.headers, "One more header, NAME:VALUE; may be repeated")
        ->allow_extra_args(false);
    app.add_option("--seed", flags.load.seed, "Seed of the Poisson schedule")->capture_default_str();
    app.add_flag("--json", flags.json, "Print one JSON object instead of tables");
    app.add_flag("--quiet", flags.quiet, "No progress line");
}

/// Throws std::invalid_argument with what is wrong.
void complete(raw_flags& raw, bench_flags& flags)
{
    const char* why = "";
    const std::optional<wire::url> base = wire::parse_url(raw.url, &why);
    if (!base) {
        throw std::invalid_argument(std::string("--url: ") + why);
    }
    if (base->scheme != "http") {
        throw std::invalid_argument("--url: only plain http:// can be measured");
    }
    if (!raw.key_variable.empty()) {
        const char* const key = std::getenv(raw.key_variable.c_str());
        if (key == nullptr) {
            throw std::invalid_argument("--api-key-env: the variable " + raw.key_variable + " is not set");
        }
        raw.request.api_key = key;
    }
    for (const std::string& header : raw.headers) {
        const auto field = core::split_once(header, ':');
        if (!field) {
            throw std::invalid_argument("--header: NAME:VALUE is expected");
        }
        raw.request.headers.emplace_back(field->first, core::trim(field->second));
    }
    if (raw.dialect == "anthropic_messages") {
        raw.request.dialect = bench_dialect::anthropic_messages;
        flags.load.mark = load::end_mark::message_stop;
    }
    flags.url = raw.url;
    flags.load.host = base->host;
    flags.load.port = base->port;
    flags.load.request = render_bench_request(raw.request, *base);
    flags.load.stream = raw.request.stream;
    flags.load.duration = *transports::parse_duration(raw.duration);
    flags.load.warmup = *transports::parse_duration(raw.warmup);
    flags.load.timeout = *transports::parse_duration(raw.timeout);
    if (flags.load.rate > 0) {
        flags.load.schedule = raw.arrivals == "fixed" ? load::arrivals::fixed : load::arrivals::poisson;
    }
}

} // namespace

std::variant<bench_flags, int> parse_bench_flags(std::vector<std::string> args)
{
    CLI::App app(description, "cogate bench");
    app.footer(examples);
    raw_flags raw;
    bench_flags flags;
    declare(app, raw, flags);
    std::reverse(args.begin(), args.end());
    try {
        app.parse(std::move(args));
        complete(raw, flags);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::invalid_argument& error) {
        std::cerr << "cogate bench: " << error.what() << '\n';
        return 2;
    }
    return flags;
}

} // namespace cogate::cli
