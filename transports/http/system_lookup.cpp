#include "transports/http/dns_cache.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace cogate::transports {

namespace ip = boost::asio::ip;

namespace {

constexpr std::size_t max_addresses = 6;

ip::address address_of(addrinfo const& info)
{
    if (info.ai_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, info.ai_addr, sizeof v4);
        return ip::address_v4(ntohl(v4.sin_addr.s_addr));
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, info.ai_addr, sizeof v6);
    ip::address_v6::bytes_type bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return ip::address_v6(bytes, v6.sin6_scope_id);
}

// The resolver's order, but a whole dead family must not stand before the first address of the other.
std::vector<ip::address> alternate(std::vector<ip::address> const& all)
{
    std::vector<ip::address> first;
    std::vector<ip::address> second;
    for (ip::address const& one : all) {
        (one.is_v6() == all.front().is_v6() ? first : second).push_back(one);
    }
    std::vector<ip::address> mixed;
    for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
        if (i < first.size()) {
            mixed.push_back(first[i]);
        }
        if (i < second.size()) {
            mixed.push_back(second[i]);
        }
    }
    mixed.resize(std::min(mixed.size(), max_addresses));
    return mixed;
}

} // namespace

name_answer system_lookup(std::string const& host)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (error != 0) {
        return {{}, ::gai_strerror(error)};
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, &::freeaddrinfo);
    std::vector<ip::address> all;
    for (addrinfo const* one = list; one != nullptr; one = one->ai_next) {
        if (one->ai_family == AF_INET || one->ai_family == AF_INET6) {
            all.push_back(address_of(*one));
        }
    }
    if (all.empty()) {
        return {{}, "it has no addresses"};
    }
    return {alternate(all), {}};
}

} // namespace cogate::transports
