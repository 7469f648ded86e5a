#include "transports/mock_server/mock_server.hpp"

#include "transports/mock_server/statistics.hpp"
#include "transports/mock_server/worker.hpp"

#include <csignal>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace cogate::transports::mock {

class mock_server::implementation {
public:
    explicit implementation(mock_options how)
        : options(std::move(how)), listener(listen_tcp(options.host, options.port))
    {
        if (!options.certificate_file.empty()) {
            tls.emplace(options.certificate_file, options.key_file);
            // OpenSSL writes to sockets whose peer may be gone.
            std::signal(SIGPIPE, SIG_IGN);
        }
        for (unsigned i = 0; i < options.workers; ++i) {
            workers.push_back(std::make_unique<worker>(options, seen, tls ? &*tls : nullptr, listener.get(),
                                                       options.seed + i));
        }
    }

    mock_options options;
    statistics seen;
    socket_descriptor listener;
    std::optional<tls_server_context> tls;
    std::vector<std::unique_ptr<worker>> workers;
};

mock_server::mock_server(mock_options options)
{
    options.workers = options.workers == 0 ? 1 : options.workers;
    options.events_per_write = options.events_per_write == 0 ? 1 : options.events_per_write;
    impl_ = std::make_unique<implementation>(std::move(options));
}

mock_server::~mock_server() = default;

std::uint16_t mock_server::port() const noexcept
{
    return local_port(impl_->listener.get());
}

void mock_server::run()
{
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < impl_->workers.size(); ++i) {
        threads.emplace_back([&loop = impl_->workers[i]->loop] { loop.run(); });
    }
    impl_->workers.front()->loop.run();
    for (std::thread& thread : threads) {
        thread.join();
    }
}

void mock_server::stop() noexcept
{
    for (const std::unique_ptr<worker>& each : impl_->workers) {
        each->loop.stop();
    }
}

} // namespace cogate::transports::mock
