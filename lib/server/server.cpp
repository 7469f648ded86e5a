#include "lib/server/server.hpp"

#include "lib/server/surface.hpp"

#include <boost/asio/ip/address.hpp>

#include <stdexcept>
#include <utility>

namespace cogate::server {
namespace {

bool is_loopback(std::string const& host)
{
    if (host == "localhost") {
        return true;
    }
    boost::system::error_code ec;
    boost::asio::ip::address const address = boost::asio::ip::make_address(host, ec);
    return !ec && address.is_loopback();
}

server_options checked(server_options options)
{
    if (options.master_key.empty() && !is_loopback(options.listen.host)) {
        throw std::invalid_argument(
            "no master key is set and " + options.listen.host +
            " can be reached from other machines: set general_settings.master_key, or "
            "listen on 127.0.0.1");
    }
    return options;
}

} // namespace

class http_server::implementation {
public:
    implementation(gateway& gw, server_options given)
        : options(checked(std::move(given))), routes(gw.kernel(), options), listener(options.listen, routes)
    {}

    server_options options;
    surface routes;
    transports::listener listener;
};

http_server::http_server(gateway& gw, server_options options)
    : impl_(std::make_unique<implementation>(gw, std::move(options)))
{}

http_server::~http_server() = default;

std::uint16_t http_server::port() const noexcept
{
    return impl_->listener.port();
}

void http_server::run()
{
    impl_->listener.run();
}

void http_server::drain() noexcept
{
    impl_->routes.start_draining();
    impl_->listener.drain(impl_->options.drain_grace);
}

} // namespace cogate::server
