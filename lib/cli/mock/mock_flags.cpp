#include "lib/cli/mock/mock_flags.hpp"

#include "transports/polling/duration.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace cogate::cli {

namespace {

namespace mock = transports::mock;

constexpr const char* description =
    "An upstream for tests and benchmarks: POST /v1/chat/completions, /v1/responses, /v1/messages "
    "(Anthropic),\n"
    "/v1beta/models/NAME:generateContent and :streamGenerateContent (Gemini), each streamed or not, and\n"
    "/v1/embeddings; GET /v1/models, /healthz and /__mock/stats. Prints `ready PORT` when it listens.";

std::string examples()
{
    return "Examples:\n"
           "  cogate mock --port 9000 --latency 20ms\n"
           "  cogate mock --ttft 150ms --rate 80 --tokens 200          a stream as a model would send it\n"
           "  cogate mock --latency bimodal:20ms,0.02,10               two in a hundred take 200 ms\n"
           "  cogate mock --tls-cert cert.pem --tls-key key.pem        HTTPS\n"
           "Models that misbehave are called fault/NAME; a request whose last message says \"call the tool\" "
           "and\n"
           "brings tools is answered with a call of the first. Names of faults:\n  " +
           std::string(mock::fault_names());
}

/// CLI11 wants the word that goes into its message; an empty one means good.
template <class Parse>
auto checked(Parse parse, const char* wanted)
{
    return [parse, wanted](const std::string& text) {
        return parse(text) ? std::string() : "'" + text + "' is not " + wanted;
    };
}

} // namespace

std::variant<mock::mock_options, int> parse_mock_flags(std::vector<std::string> args)
{
    CLI::App app(description, "cogate mock");
    app.footer(examples());
    mock::mock_options options;
    std::string latency("0");
    std::string first_token("0");
    std::string fault;
    const auto is_latency = checked(mock::parse_latency_model, "a time (20ms) or a distribution");
    const auto is_time = checked(transports::parse_duration, "a time with unit, such as 20ms");
    const auto is_fault = checked(mock::parse_fault, "a fault of the mock");
    app.add_option("--host", options.host, "Address to listen on")->capture_default_str();
    app.add_option("--port", options.port, "Port to listen on; 0 takes a free one")->capture_default_str();
    app.add_option("--workers", options.workers, "Threads")->check(CLI::Range(1, 64))->capture_default_str();
    app.add_option("--latency", latency,
                   "Time to the head of an answer: 20ms, lognormal:MEDIAN,SIGMA or "
                   "bimodal:BASE,SHARE,FACTOR")
        ->check(is_latency)
        ->capture_default_str();
    app.add_option("--ttft", first_token, "Time from the head of a stream to its first event")
        ->check(is_time)
        ->capture_default_str();
    app.add_option("--rate", options.rate, "Events per second of a stream; 0: as fast as possible")
        ->check(CLI::Range(0.0, 1e6))
        ->capture_default_str();
    app.add_option("--tokens", options.shape.tokens, "Events with content per stream")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    app.add_option("--events-per-write", options.events_per_write, "Events per packet when --rate is 0")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    app.add_option("--body-bytes", options.shape.body_bytes, "Bytes of an answer's text; 0: eight per token")
        ->check(CLI::Range(0, 64 * 1024 * 1024))
        ->capture_default_str();
    app.add_option("--error-rate", options.error_rate, "Share of requests that fail, 0 to 1")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    app.add_option("--error-status", options.error_status, "Status of those")
        ->check(CLI::Range(400, 599))
        ->capture_default_str();
    app.add_option("--fault", fault, "Fault of every model request")->check(is_fault);
    app.add_option("--seed", options.seed, "Seed of all random draws")->capture_default_str();
    auto* const certificate =
        app.add_option("--tls-cert", options.certificate_file, "PEM file; serves HTTPS");
    auto* const key = app.add_option("--tls-key", options.key_file, "PEM file of the certificate's key");
    certificate->needs(key);
    key->needs(certificate);

    std::reverse(args.begin(), args.end());
    try {
        app.parse(std::move(args));
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    options.latency = *mock::parse_latency_model(latency);
    options.first_token = *transports::parse_duration(first_token);
    options.every = mock::parse_fault(fault).value_or(mock::fault{});
    return options;
}

} // namespace cogate::cli
