#include "lib/cli/chat_flags.hpp"

#include "lib/cli/arguments.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace cogate::cli {

namespace {

/// The shortest text of a number is what goes over the wire: 0.7 stays 0.7.
std::string not_a_temperature(std::string const& text)
{
    bool const plain = !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos &&
                       text.front() != '.' && text.back() != '.' && text.find('.') == text.rfind('.') &&
                       (text.size() == 1 || text.front() != '0' || text[1] == '.');
    return plain ? "" : "'" + text + "' is not a number such as 0.7";
}

} // namespace

std::variant<chat_flags, int> parse_chat_flags(std::vector<std::string> args)
{
    CLI::App app("Asks a model one question. The text comes from the arguments, from standard input, or from "
                 "both: what\n"
                 "is piped in follows the arguments.",
                 "cogate chat");
    app.footer(
        "Without --model: COGATE_MODEL of the environment, else the first model of --config, else\n"
        "openai/gpt-4o-mini when OPENAI_API_KEY is set, else demo/echo, which needs no key.\n"
        "The answer is streamed when it goes to a terminal; --stream and --no-stream decide otherwise.\n\n"
        "Examples:\n"
        "  cogate chat \"Why is the sky blue?\"\n"
        "  git diff | cogate chat --model openai/gpt-4o-mini \"Write a commit message for this:\"\n"
        "  cogate chat --model tiny --base-url http://127.0.0.1:8000/v1 \"Hello\"\n"
        "  cogate chat --json --stream \"Hello\"            one chunk per line");
    chat_flags out;
    std::vector<std::string> words;
    bool stream = false;
    bool no_stream = false;
    app.add_option("TEXT", words, "What to ask");
    app.add_option("-m,--model", out.model, "provider/model, or a name of the configuration");
    app.add_option("-s,--system", out.system, "System message");
    app.add_option("--max-tokens", out.max_tokens, "Longest answer, in tokens")
        ->check(CLI::Range(1, 100'000'000));
    app.add_option("--temperature", out.temperature, "Sampling temperature")
        ->check(CLI::Validator(not_a_temperature, "NUMBER"));
    auto* const yes = app.add_flag("--stream", stream, "Print the answer as it comes");
    app.add_flag("--no-stream", no_stream, "Print the answer when it is whole")->excludes(yes);
    app.add_flag("--json", out.json, "Print the response object, or with --stream its chunks as JSON lines");
    auto* const config = app.add_option("-c,--config", out.config, "Configuration in LiteLLM's format");
    auto* const base =
        app.add_option("--base-url", out.base_url, "An OpenAI-compatible service, with its path")
            ->excludes(config);
    app.add_option("--api-key-env", out.api_key_env, "Variable that holds the key for --base-url")
        ->needs(base);
    if (auto const done = read_arguments(app, std::move(args))) {
        return *done;
    }
    for (std::string const& word : words) {
        out.text += (out.text.empty() ? "" : " ") + word;
    }
    if (stream || no_stream) {
        out.stream = stream;
    }
    return out;
}

} // namespace cogate::cli
