#pragma once

#include "transports/runtime/timers.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace cogate::transports {

/// What a blocking lookup of a name gave: addresses in the order to try, or none and the reason.
struct name_answer {
    std::vector<boost::asio::ip::address> addresses;
    std::string why;
};

/// Addresses of host names, per io_context. Lookups of one name share one call of the resolver; answers are
/// used for 30 s, and up to 10 min longer while the resolver fails or is slow. A lookup runs on a thread of its
/// own and is abandoned at the deadline, so that a stuck one holds up neither the loop nor other names.
/// Thread safety: none; used from the thread of its context.
class dns_cache final : public boost::asio::execution_context::service {
public:
    using key_type = dns_cache;
    static boost::asio::execution_context::id id;

    static constexpr std::chrono::seconds fresh_time{30};
    static constexpr std::chrono::minutes stale_time{10};
    /// How long a stale answer in hand lets a lookup take.
    static constexpr std::chrono::milliseconds stale_patience{500};

    /// Blocks; called from any thread.
    using lookup = name_answer (*)(std::string const& host);

    enum class outcome { found, failed, timed_out, cancelled };
    struct resolution {
        outcome result = outcome::failed;
        std::vector<boost::asio::ip::address> addresses;
        std::string why;
    };

    explicit dns_cache(boost::asio::execution_context& context);
    ~dns_cache() override;
    static dns_cache& of(boost::asio::execution_context& context);

    /// `host` is a name or a numeric address (which needs no lookup) and must stay valid.
    boost::asio::awaitable<resolution> resolve(std::string const& host, steady_time deadline);

    /// Tries this address first from now on: it has just answered.
    void prefer(std::string const& host, boost::asio::ip::address const& address) noexcept;

    /// Puts in an answer that came from elsewhere, as if it had just been looked up.
    void remember(std::string const& host, std::vector<boost::asio::ip::address> addresses);

    /// For tests; nullptr puts the system's resolver back.
    void use_lookup(lookup replacement) noexcept;

private:
    struct entry;
    struct mailbox;
    class pending_wait;

    static constexpr std::size_t max_entries = 1024;
    static constexpr std::size_t max_lookups = 16;

    void shutdown() override;
    std::shared_ptr<entry> entry_of(std::string const& host);
    void start(std::string const& host, entry& what);
    void finish(std::string const& host, name_answer answer);

    boost::asio::io_context& context_;
    lookup lookup_;
    std::shared_ptr<mailbox> mailbox_;
    std::unordered_map<std::string, std::shared_ptr<entry>> entries_;
    std::size_t lookups_ = 0;
};

/// The system's resolver: getaddrinfo, at most six addresses, families alternating. Blocks.
name_answer system_lookup(std::string const& host);

} // namespace cogate::transports
