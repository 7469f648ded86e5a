#pragma once

#include "lib/server/account.hpp"
#include "lib/server/routes.hpp"

#include <cogate/call_options.hpp>
#include <cogate/result.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cogate::server {

/// A call of a model that a client asks for.
struct asked_call {
    std::string_view call_type; ///< LiteLLM's word; static text
    std::string_view model;
    std::string_view end_user{}; ///< of the body; headers come before it
    std::int64_t prompt_bytes = 0;
    std::int64_t max_output_tokens = 0; ///< 0: not said
};

/// Whether the caller may make the call: the model, then the limits and budgets of everybody it belongs to. Puts the
/// account into `options.payer`, the caller's tags behind `options.tags`, and gives the name of the model that is
/// meant (aliases of keys and teams), which lives as long as the caller's record. A gateway without accounts lets
/// everything pass. Failures: `permission_denied`, `rate_limit`, `invalid_request`, `service_unavailable`.
result<std::string_view> admit(routed const& at, boost::asio::any_io_executor const& executor,
                               asked_call const& what, call_options& options);

/// Whether the caller may use a model at all, to show it.
bool may_see_model(routed const& at, std::string_view model);

} // namespace cogate::server
