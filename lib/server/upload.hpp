#pragma once

#include "lib/engine/kernel.hpp"
#include "lib/engine/outgoing.hpp"
#include "lib/wire/multipart_rewriter.hpp"
#include "providers/media_codec.hpp"
#include "transports/listener/listener.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cogate::server {

/// A form on its way in: read until its model is known, then passed on as it comes (`pass`), or read whole (`rest`).
/// One request's; not thread-safe. The request must outlive it.
class upload {
public:
    /// `forms` makes the failures.
    upload(transports::inbound_request& request, providers::media_codec const& forms);

    /// Reads until the model is known. The 400, 408 or 413 for a body that has none.
    boost::asio::awaitable<result<void>> begin();

    std::string model() const { return std::string(rewriter_.value()); }
    std::string_view content_type() const noexcept { return content_type_; }

    /// Whether the body may go on unread to the deployment that serves the model: its service takes OpenAI's forms,
    /// and the client said how long the body is.
    bool may_pass(engine::kernel const& kernel, providers::operation what) const;

    /// Reads what is left and forgets it: most clients hear of an error only when they have sent everything.
    boost::asio::awaitable<void> discard();

    /// The whole body as it came.
    boost::asio::awaitable<result<std::string>> rest();

    /// From here on `pass` gives the body with this model in it; its whole length in bytes. Once.
    result<std::uint64_t> rename(std::string_view model);
    boost::asio::awaitable<result<std::string_view>> pass();

private:
    boost::asio::awaitable<result<void>> take();
    failure broken() const;

    transports::inbound_request& request_;
    providers::media_codec const& forms_;
    std::string content_type_;
    wire::multipart_rewriter rewriter_;
    std::string kept_; ///< all that came before `rename`, for a service that needs it rewritten
    std::uint64_t announced_ = 0;
    bool complete_ = false;
};

/// The outgoing form of an upload.
class uploaded final : public engine::outgoing {
public:
    uploaded(upload& form, providers::operation what) : form_(form), what_(what) {}
    result<std::unique_ptr<engine::dispatch>> prepare(engine::served_deployment const& deployment,
                                                      std::string_view upstream_model) override;

private:
    upload& form_;
    providers::operation what_;
    bool sent_ = false;
};

} // namespace cogate::server
