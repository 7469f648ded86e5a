#pragma once

#include <cogate/result.hpp>
#include <cogate/secret.hpp>

#include "lib/engine/served_deployment.hpp"
#include "transports/transport.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace cogate::engine {

/// Access tokens that are fetched: cached per identity, renewed before they end, one fetch at a time.
/// Thread-safe. A token is renewed when a tenth of its life (at least a minute) is left; while one caller renews,
/// all go on with the old one. A failed fetch is told to those who wait for it and tried again by the next caller.
/// A fetch is nobody's: a caller that gives up does not end it for the others.
class token_source {
public:
    /// The header fields for a request of this deployment, whose credential is of kind::token.
    boost::asio::awaitable<result<providers::header_list>> fields(boost::asio::any_io_executor executor,
                                                                  served_deployment const& served);

private:
    struct entry;
    struct fetch_turn;
    std::shared_ptr<entry> find(std::string_view identity);
    static boost::asio::awaitable<void> renew(std::shared_ptr<entry> mine,
                                              std::shared_ptr<providers::credential const> credential,
                                              std::shared_ptr<transports::transport> over,
                                              std::string ca_file);

    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<entry>, std::less<>> entries_;
};

} // namespace cogate::engine
