#pragma once

#include <cogate/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogate::server {

/// What the member `usage` of a request says.
struct usage_wish {
    bool include = false;            ///< the answer is to say what it used and cost
    std::optional<std::string> rest; ///< the body without the member, where it was the gateway's
};

/// Takes OpenRouter's `"usage": {"include": true}` out of a request's body: no provider gets it (OpenRouter itself reports
/// usage and cost anyway). A `usage` of another shape is left to the provider. Failure: `invalid_request` where `include` is
/// no boolean. Pure.
result<usage_wish> take_usage_wish(std::string_view body);

} // namespace cogate::server
