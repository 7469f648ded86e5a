#include "transports/listener/binding.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <vector>

namespace cogate::transports {

namespace {

using boost::asio::ip::tcp;

std::string_view advice(boost::system::error_code ec) noexcept
{
    namespace error = boost::asio::error;
    if (ec == error::address_in_use) {
        return "another program listens there; stop it or choose another port";
    }
    if (ec == error::access_denied) {
        return "no permission; ports below 1024 need the capability CAP_NET_BIND_SERVICE";
    }
    if (ec == boost::system::error_code(EADDRNOTAVAIL, boost::system::system_category())) {
        return "this machine has no such address; use 127.0.0.1, 0.0.0.0 or one of its own";
    }
    if (ec == error::host_not_found || ec == error::host_not_found_try_again || ec == error::no_data ||
        ec == error::service_not_found) {
        return "the host name is unknown; use an address";
    }
    if (ec == error::address_family_not_supported) {
        return "this machine does not support the address family of that host";
    }
    return "the system refused";
}

[[noreturn]] void fail(boost::system::error_code ec, std::string const& host, std::uint16_t port)
{
    std::string text = "cannot listen on ";
    bool const brackets = host.find(':') != std::string::npos;
    text += brackets ? "[" + host + "]" : host;
    text += ":" + std::to_string(port) + ": ";
    text += advice(ec);
    throw boost::system::system_error(ec, text);
}

/// All endpoints of the host, IPv4 first: "localhost" then means what most clients try first.
std::vector<tcp::endpoint> endpoints(boost::asio::io_context& context, std::string const& host,
                                     std::uint16_t port)
{
    boost::system::error_code ec;
    boost::asio::ip::address const literal =
        boost::asio::ip::make_address(host.empty() ? "0.0.0.0" : host, ec);
    if (!ec) {
        return {tcp::endpoint(literal, port)};
    }
    tcp::resolver resolver(context);
    auto const found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, ec);
    if (ec) {
        fail(ec, host, port);
    }
    std::vector<tcp::endpoint> all;
    for (auto const& entry : found) {
        all.push_back(entry.endpoint());
    }
    std::stable_partition(all.begin(), all.end(), [](tcp::endpoint const& e) { return e.address().is_v4(); });
    return all;
}

boost::system::error_code listen_at(client_acceptor& acceptor, tcp::endpoint const& where)
{
    boost::system::error_code ec;
    acceptor.open(where.protocol(), ec);
    if (!ec) {
        acceptor.set_option(client_acceptor::reuse_address(true), ec);
    }
    if (!ec && where.address().is_v6() && where.address().is_unspecified()) {
        acceptor.set_option(boost::asio::ip::v6_only(false), ec);
    }
    if (!ec) {
        acceptor.bind(where, ec);
    }
    if (!ec) {
        acceptor.listen(client_acceptor::max_listen_connections, ec);
    }
    if (!ec) {
        acceptor.non_blocking(true, ec);
    }
    return ec;
}

} // namespace

client_acceptor open_acceptor(boost::asio::io_context& context, std::string const& host, std::uint16_t port)
{
    boost::system::error_code last = boost::asio::error::host_not_found;
    for (tcp::endpoint const& where : endpoints(context, host, port)) {
        client_acceptor acceptor(context);
        last = listen_at(acceptor, where);
        if (!last) {
            return acceptor;
        }
    }
    fail(last, host, port);
}

} // namespace cogate::transports
