#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cogate::policy {

/// Index of a deployment in the engine's list.
using deployment_index = std::uint32_t;

/// What a model name leads to: the deployments of its group, and what `*` stood for when the name was matched
/// by a pattern (a view into the asked name).
struct route {
    std::vector<deployment_index> const* deployments = nullptr;
    std::string_view wildcard;
};

/// From model names to deployments. Built once, then only read: safe from any thread.
///
/// A name is exact, or ends in `*` and matches every longer name with the same beginning; an exact name wins
/// over a pattern, a longer pattern over a shorter one.
class route_table {
public:
    void add(std::string_view model_name, deployment_index deployment);

    /// Nothing when no group serves the name.
    std::optional<route> find(std::string_view model) const;

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>{}(text);
        }
    };
    struct pattern {
        std::string prefix;
        std::vector<deployment_index> deployments;
    };

    std::unordered_map<std::string, std::vector<deployment_index>, text_hash, std::equal_to<>> exact_;
    std::vector<pattern> patterns_; ///< longest prefix first
};

/// Whether a model name is a pattern.
constexpr bool is_pattern(std::string_view model_name) noexcept
{
    return model_name.ends_with('*');
}

} // namespace cogate::policy
