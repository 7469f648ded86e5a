#pragma once

#include "lib/engine/call.hpp"
#include "lib/wire/sse_cutter.hpp"
#include "providers/client_dialect.hpp"
#include "providers/server_dialect.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace cogate::engine {

/// A call whose request and answer are in the same dialect: bytes in, bytes out, watched but not rebuilt.
///
/// Use: `start`, then `whole` for a plain answer, or `next` until empty for a stream. The record of the call is
/// closed by the last of them, or by destruction (cancelled).
/// Thread safety: none, as `call`. All views are valid until the next member is called.
class express_call {
public:
    express_call(kernel& owner, boost::asio::any_io_executor executor, std::string_view operation,
                 std::string_view path, providers::express_lane const& lane, providers::request_facts const& facts,
                 call_options const& options);

    /// Sends the request. For a stream it also waits for the first event, so that a provider's early error is
    /// still an HTTP error. `request` is used during this call only.
    boost::asio::awaitable<result<void>> start(providers::express_request const& request);

    /// The answer's body, read whole and looked through.
    boost::asio::awaitable<result<std::string_view>> whole();

    /// The next whole events to pass on; empty at the good end. A failure ends it.
    boost::asio::awaitable<result<std::string_view>> next();

    void cancel() noexcept { call_.cancel(); }

    call const& record() const noexcept { return call_; }

private:
    boost::asio::awaitable<result<std::string_view>> pull();
    result<void> sift(std::string_view bytes);
    void pass(std::string_view piece, std::string_view fed);
    result<void> finish_stream();

    call call_;
    std::string_view path_;
    providers::express_lane const& lane_;
    providers::request_facts facts_;
    std::unique_ptr<providers::stream_relay> relay_;
    wire::sse_cutter cutter_;
    std::string_view run_;   ///< what to pass on: a run of the fed bytes, or `joined_`
    std::string joined_;
    bool first_ready_ = false;
    bool ended_ = false;
};

} // namespace cogate::engine
