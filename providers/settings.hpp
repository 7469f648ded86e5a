#pragma once

#include <cogate/secret.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::providers {

/// What a deployment says to its provider beyond key and base URL, under LiteLLM's names: `api_version`,
/// `aws_region_name`, `vertex_project`, ... Values are secrets, because some of them are.
/// Resolved once (configuration first, then the environment); then read only, from any thread.
class settings {
public:
    void set(std::string name, secret value) { values_.insert_or_assign(std::move(name), std::move(value)); }

    /// The value, or empty text when it is not set.
    std::string_view get(std::string_view name) const noexcept
    {
        auto const at = values_.find(name);
        return at == values_.end() ? std::string_view{} : std::string_view(at->second.reveal());
    }
    bool has(std::string_view name) const noexcept { return !get(name).empty(); }

private:
    std::map<std::string, secret, std::less<>> values_;
};

} // namespace cogate::providers
