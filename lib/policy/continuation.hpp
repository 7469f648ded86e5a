#pragma once

#include <cogate/error.hpp>

#include "lib/policy/types.hpp"

#include <string_view>

namespace cogate::policy {

/// What is known of a stream that ended badly after some of its answer was delivered.
struct broken_stream {
    std::string_view code{}; ///< of the failure
    error_kind error = error_kind::internal_server;
    bool wanted = false;     ///< router_options::continue_after_stall
    bool plain_text = false; ///< so far one choice, of nothing but text, that has not ended
    bool repeatable = true;  ///< the request leaves nothing behind at the provider
    int continuations = 0;   ///< of this answer, so far
    time_point now{};
    time_point deadline = time_point::max();
};

/// Whether another deployment may go on with the answer. Only silence is continued: an answer that was cut or refused
/// says something of the request, and after two deployments that fell silent the caller hears of it. Pure.
bool may_continue(broken_stream const& what) noexcept;

} // namespace cogate::policy
