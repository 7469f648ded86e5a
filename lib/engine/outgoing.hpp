#pragma once

#include "lib/engine/served_deployment.hpp"

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
    };
    virtual result<parts> prepare(served_deployment const& deployment, std::string_view upstream_model) = 0;
};

} // namespace cogate::engine
