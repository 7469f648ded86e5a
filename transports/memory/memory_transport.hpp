#pragma once

#include "lib/wire/scripted_reply.hpp"
#include "transports/transport.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::transports {

/// A transport without a network: a function answers the request bytes, and the answer is played with its
/// delays on the timers of the caller's context (virtual time included), under the same limits and with the
/// same failures as the real one.
///
/// `recording` keeps what was sent and how each exchange ended, for tests; without it nothing grows.
/// A reply that ends in `refuse` fails in `send`, the first moment its request is known.
/// Thread safety: safe, if the responder is.
class memory_transport final : public transport {
public:
    using responder = std::function<wire::scripted_reply(std::string_view request)>;

    /// One exchange, as the upstream saw it.
    struct record {
        std::string origin;
        std::string request;    ///< head and body as sent
        bool fresh = false;     ///< what `open` was asked for
        bool cancelled = false; ///< ended before its answer was read whole
        bool complete = false;  ///< the answer was read to its end
    };

    enum class keep : bool { nothing, records };

    memory_transport(responder answer, keep what);

    boost::asio::awaitable<result<std::unique_ptr<exchange>>>
    open(endpoint const& where, exchange_limits const& limits, bool fresh) override;

    std::vector<record> records() const;

private:
    friend class memory_exchange;

    struct log {
        mutable std::mutex mutex;
        std::vector<record> records;
    };

    std::shared_ptr<responder const> answer_;
    std::shared_ptr<log> log_; ///< null: nothing is recorded
};

/// Plays what `answer` says and records everything: for tests.
std::shared_ptr<memory_transport> make_scripted_transport(memory_transport::responder answer);

/// Target and body of a request as our dialects write it: HTTP/1.1 with a content-length. Views into `request`.
struct sent_request {
    std::string_view method;
    std::string_view target;
    std::string_view head;
    std::string_view body;
};
sent_request split_request(std::string_view request) noexcept;

} // namespace cogate::transports
