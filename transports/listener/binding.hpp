#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>

namespace cogate::transports {

using client_acceptor =
    boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// A listening socket. `host` is an address of either family or a name; an empty one means every IPv4 address,
/// "::" every address of both families. Throws boost::system::system_error whose text says what to do.
client_acceptor open_acceptor(boost::asio::io_context& context, std::string const& host, std::uint16_t port);

} // namespace cogate::transports
