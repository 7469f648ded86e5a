#include "lib/cli/mock/mock.hpp"

#include "lib/cli/mock/mock_flags.hpp"

#include <atomic>
#include <csignal>
#include <exception>
#include <iostream>
#include <system_error>
#include <utility>

namespace cogate::cli {

namespace {

std::atomic<transports::mock::mock_server*> running{nullptr};

extern "C" void stop_mock(int)
{
    if (auto* const server = running.load()) {
        server->stop();
    }
}

} // namespace

int mock_command(std::vector<std::string> args)
{
    auto flags = parse_mock_flags(std::move(args));
    if (const int* const code = std::get_if<int>(&flags)) {
        return *code;
    }
    try {
        transports::mock::mock_server server(std::get<0>(std::move(flags)));
        running = &server;
        std::signal(SIGINT, stop_mock);
        std::signal(SIGTERM, stop_mock);
        std::cout << "ready " << server.port() << std::endl;
        server.run();
        running = nullptr;
        return 0;
    } catch (const std::system_error& error) {
        std::cerr << "cogate mock: " << error.what() << "; choose another --host or --port (0: a free one)\n";
    } catch (const std::exception& error) {
        std::cerr << "cogate mock: " << error.what() << '\n';
    }
    running = nullptr;
    return 1;
}

} // namespace cogate::cli
