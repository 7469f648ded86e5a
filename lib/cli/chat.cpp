#include "lib/cli/chat_flags.hpp"
#include "lib/cli/chat_text.hpp"
#include "lib/cli/command.hpp"
#include "lib/cli/load_settings.hpp"
#include "providers/registry.hpp"

#include <cogate/gateway.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <unistd.h>

namespace asio = boost::asio;

namespace cogate::cli {

namespace {

/// One question and how its answer is to be shown.
struct task {
    gateway& gw;
    providers::server_dialect const& dialect;
    chat_request request;
    bool stream = false;
    bool json = false;
    bool terminal = false;
    int exit_code = exit_failed;
    std::unique_ptr<providers::chat_stream_writer> writer{}; ///< of the JSON form
};

void print_failure(failure const& why)
{
    std::cout << std::flush;
    std::cerr << "cogate chat: " << terminal_text(why->message);
    if (!why->code.empty()) {
        std::cerr << " (" << terminal_text(why->code) << ')';
    }
    std::cerr << '\n';
    if (std::string const what = advice(why); !what.empty()) {
        std::cerr << what << '\n';
    }
}

void print_text(task const& of, std::string_view text)
{
    std::cout << (of.terminal ? terminal_text(text) : std::string(text)) << std::flush;
}

void print_chunk(task const& of, chat_chunk const& chunk)
{
    if (of.json) {
        std::string events;
        of.writer->write(chunk, events);
        std::cout << json_lines(events) << std::flush;
        return;
    }
    print_text(of, chunk.text());
    for (chat_delta const& delta : chunk.choices) {
        print_text(of, delta.refusal);
    }
}

void print_answer(task const& of, chat_response const& answer)
{
    if (of.json) {
        std::string out;
        of.dialect.write_chat(answer, {of.request, of.request.model, {}}, out);
        std::cout << out << '\n';
        return;
    }
    print_text(of, answer.text());
    if (!answer.choices.empty()) {
        for (content_part const& part : answer.choices.front().message.content) {
            if (auto const* refusal = std::get_if<refusal_part>(&part)) {
                print_text(of, refusal->text);
            }
        }
    }
    std::cout << '\n';
}

asio::awaitable<void> ask_whole(task& of)
{
    asio::awaitable<result<chat_response>> call = of.gw.try_completion(of.request);
    result<chat_response> const answer = co_await std::move(call);
    if (!answer) {
        print_failure(answer.error());
        co_return;
    }
    print_answer(of, *answer);
    of.exit_code = exit_good;
}

asio::awaitable<void> ask_stream(task& of)
{
    asio::awaitable<result<chat_stream>> call = of.gw.try_stream(of.request);
    result<chat_stream> stream = co_await std::move(call);
    if (!stream) {
        print_failure(stream.error());
        co_return;
    }
    for (;;) {
        asio::awaitable<result<std::optional<chat_chunk>>> next = stream->try_next();
        result<std::optional<chat_chunk>> const chunk = co_await std::move(next);
        if (!chunk) {
            std::cout << (of.json ? "" : "\n");
            print_failure(chunk.error());
            co_return;
        }
        if (!chunk->has_value()) {
            break;
        }
        print_chunk(of, **chunk);
    }
    std::cout << (of.json ? "" : "\n");
    of.exit_code = exit_good;
}

/// The gateway for --base-url, --config or the environment; nothing after a report.
std::optional<gateway_options> options_of(chat_flags const& flags, std::string const& model)
{
    auto settings = load_settings(flags.config);
    if (!settings) {
        return std::nullopt;
    }
    gateway_options options = std::move(settings->gateway);
    if (flags.base_url.empty()) {
        return options;
    }
    deployment there{.model_name = model, .model = "openai_compatible/" + model, .api_base = flags.base_url};
    if (!flags.api_key_env.empty()) {
        auto key = options.environment(flags.api_key_env);
        if (!key || key->empty()) {
            std::cerr << "cogate chat: the environment variable " << flags.api_key_env << " is not set\n";
            return std::nullopt;
        }
        there.api_key = secret(*std::move(key));
    }
    options.providers_from_environment = false;
    options.deployments = {std::move(there)};
    return options;
}

chat_request request_of(chat_flags const& flags, std::string prompt)
{
    chat_request request{.model = flags.model, .messages = {}};
    if (!flags.system.empty()) {
        request.messages.push_back(system(flags.system));
    }
    request.messages.push_back(user(std::move(prompt)));
    request.max_tokens = flags.max_tokens;
    request.temperature = number_text::from_json(flags.temperature);
    request.include_usage = flags.json;
    return request;
}

// No provider takes more; a runaway pipe ends here.
constexpr std::size_t most_piped = 32 << 20;

std::string piped_text()
{
    std::string out;
    char block[16 * 1024];
    while (::isatty(STDIN_FILENO) == 0 && out.size() < most_piped &&
           (std::cin.read(block, sizeof block), std::cin.gcount() > 0)) {
        out.append(block, static_cast<std::size_t>(std::cin.gcount()));
    }
    return out;
}

int ask(chat_flags flags, std::string prompt)
{
    std::string const wanted = process_environment("COGATE_MODEL").value_or("");
    if (flags.model.empty() && !flags.base_url.empty()) {
        flags.model = wanted;
        if (flags.model.empty()) {
            std::cerr << "cogate chat: --base-url needs --model\n";
            return exit_usage;
        }
    }
    auto options = options_of(flags, flags.model);
    if (!options) {
        return exit_usage;
    }
    gateway gw(*std::move(options));
    if (flags.model.empty()) {
        flags.model = default_model(wanted, gw.models());
    }
    bool const terminal = ::isatty(STDOUT_FILENO) != 0;
    task what{.gw = gw,
              .dialect = *providers::find_server_dialect("openai_chat"),
              .request = request_of(flags, std::move(prompt)),
              .stream = flags.stream.value_or(terminal && !flags.json),
              .json = flags.json,
              .terminal = terminal};
    what.request.include_usage = true;
    what.writer = what.dialect.write_chat_stream({what.request, what.request.model, {}});
    asio::io_context context(1);
    std::exception_ptr fault;
    asio::co_spawn(context, what.stream ? ask_stream(what) : ask_whole(what),
                   [&fault](std::exception_ptr thrown) { fault = std::move(thrown); });
    context.run();
    if (fault) {
        std::rethrow_exception(fault);
    }
    return what.exit_code;
}

} // namespace

int chat_command(std::vector<std::string> args)
{
    auto flags = parse_chat_flags(std::move(args));
    if (int const* const code = std::get_if<int>(&flags)) {
        return *code;
    }
    auto& given = std::get<chat_flags>(flags);
    std::string prompt = join_prompt(given.text, piped_text());
    if (prompt.empty()) {
        std::cerr << "cogate chat: nothing to ask; try: cogate chat \"Why is the sky blue?\"\n";
        return exit_usage;
    }
    try {
        return ask(std::move(given), std::move(prompt));
    } catch (std::invalid_argument const& fault) {
        std::cerr << "cogate chat: " << fault.what() << '\n';
        return exit_usage;
    }
}

} // namespace cogate::cli
