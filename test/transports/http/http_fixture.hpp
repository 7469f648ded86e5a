#pragma once
/// A transport on a virtual clock, and servers that play scripts to it.

#include "transports/http/http_transport.hpp"
#include "transports/http/pool.hpp"

#include "test/common/context_loop.hpp"
#include "test/common/fault_server.hpp"
#include "test/transports/http/fetch.hpp"

#include <memory>
#include <string>

namespace cogate::test {

inline const std::string hello = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

struct http_fixture {
    fetched get(fault_server const& server, transports::exchange_limits limits = {}, bool fresh = false)
    {
        return loop.run(fetch(via, server.where(), limits, post("{}"), fresh));
    }
    std::size_t idle(fault_server const& server)
    {
        return transports::pool::of(loop.context()).idle(server.where().pool_key);
    }

    virtual_loop loop;
    std::shared_ptr<transports::http_transport> via =
        std::make_shared<transports::http_transport>(transports::http_transport_options{});
};

inline fault_server::script answering(std::string const& bytes)
{
    return {fault_server::read_request(), fault_server::send(bytes), fault_server::until_closed()};
}

} // namespace cogate::test
