#pragma once

#include "lib/engine/served_deployment.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace cogate::engine {

/// What a call sends, made anew for the deployment that gets it.
class outgoing {
public:
    virtual ~outgoing() = default;
    /// Path after the deployment's base URL, and the body as pieces that stay valid until the call's head came.
    struct parts {
        std::string_view path;
        std::span<std::string_view const> body;
        std::span<std::pair<std::string, std::string> const> headers{};
        std::string_view method = "POST";
        std::string_view content_type = "application/json";
        std::string_view accept = "application/json";
        providers::client_dialect const* dialect = nullptr; ///< which one speaks; understands the answer
        std::uint64_t more_bytes = 0; ///< of the body, that `more` gives; such a request cannot be sent twice
        bool raw =
            false; ///< passed through: the path begins at the origin, and an answer of any status is one
    };
    virtual result<parts> prepare(served_deployment const& deployment, std::string_view upstream_model) = 0;

    /// The next bytes of a body that is sent as it comes in; valid until the next call. Empty: that was all of it.
    virtual boost::asio::awaitable<result<std::string_view>> more() { co_return std::string_view{}; }
};

} // namespace cogate::engine
