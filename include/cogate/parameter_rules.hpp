#pragma once

#include <string>
#include <vector>

namespace cogate {

/// What happens to OpenAI parameters that a provider has no counterpart for. Names are OpenAI's field names.
///
/// Without rules such a parameter is refused with invalid_request (code "unsupported_parameter") that names it.
/// The three lists mean what LiteLLM's settings of the same names mean. Plain value.
struct parameter_rules {
    bool drop_params = false;                          ///< leave out what the provider lacks
    std::vector<std::string> additional_drop_params{}; ///< leave these out always
    /// Send these as they are although the provider is not known to take them.
    std::vector<std::string> allowed_openai_params{};
    /// Whether it changes nothing.
    bool empty() const noexcept
    {
        return !drop_params && additional_drop_params.empty() && allowed_openai_params.empty();
    }
    friend bool operator==(parameter_rules const&, parameter_rules const&) = default;
};

/// Rules of a wider scope (global, deployment) with those of a narrower one (deployment, call) added.
parameter_rules merged(parameter_rules const& wide, parameter_rules const& narrow);

} // namespace cogate
