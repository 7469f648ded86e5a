#pragma once

#include <cogate/call_options.hpp>
#include <cogate/responses.hpp>
#include <cogate/result.hpp>

#include "lib/engine/kernel.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace cogate::engine {

/// gateway::try_responses. `owner` must outlive it.
boost::asio::awaitable<result<responses_response>>
respond(kernel& owner, std::shared_ptr<responses_request const> request, call_options options);

} // namespace cogate::engine
