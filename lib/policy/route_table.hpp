#pragma once

#include "lib/policy/types.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cogate::policy {

/// What a model name leads to. Views and pointers live as long as the table; `wildcard` is a view into the asked name.
struct route {
    std::vector<deployment_index> const* deployments = nullptr;
    std::string_view wildcard{}; ///< what the pattern's last `*` stood for
    std::string_view
        name{}; ///< of the group: the model_name or pattern; for a pinned route the deployment's id
    std::uint32_t group = 0; ///< number of the group, for `route_table::group`
    bool pinned = false;     ///< the name is a deployment's id: that one and no other
};

/// From model names to deployments. Built once, then only read: safe from any thread.
///
/// A name is found, in this order, as an alias (of a name, not of another alias), a model name, a deployment's id, a
/// pattern. Each `*` of a pattern stands for one or more characters, anywhere in it ("openai/*", "bedrock/anthropic.*",
/// "*/gpt-4o", "eu/*-mini"); the pattern with the most other characters wins, among equals the one added first.
class route_table {
public:
    struct group_entry {
        std::string name;
        std::vector<deployment_index> deployments{};
        bool pinned = false;
    };

    void add(std::string_view model_name, deployment_index deployment);
    /// The deployment may also be asked for by its id. A second deployment of the same id is not added.
    void add_id(std::string_view id, deployment_index deployment);
    /// `name` leads where `target` leads. A second alias of the same name replaces the first. Hidden ones are found but
    /// not listed.
    void add_alias(std::string_view name, std::string_view target, bool hidden = false);

    /// Nothing when no group serves the name.
    std::optional<route> find(std::string_view model) const;

    /// The names whose rules hold for a call of `model`, the most specific first: itself, what it is an alias of, and the
    /// group or pattern that serves it. Empty when none does. Views as of `find`.
    std::vector<std::string_view> rule_names(std::string_view model) const;

    /// Every group, numbered from 0 in the order of adding; pinned ones are single deployments under their id.
    std::size_t size() const noexcept { return groups_.size(); }
    group_entry const& group(std::size_t number) const { return groups_[number]; }

    struct alias {
        std::string name;
        std::string target;
        bool hidden = false;
    };
    std::vector<alias> const& aliases() const noexcept { return aliases_; }
    /// What GET /v1/models lists: model names and patterns, then the aliases that are not hidden and lead somewhere.
    std::vector<std::string_view> public_names() const;

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>{}(text);
        }
    };
    using numbers = std::unordered_map<std::string, std::uint32_t, text_hash, std::equal_to<>>;

    std::uint32_t number_of(std::string_view name, numbers& of);
    std::optional<route> find_group(std::string_view model) const;
    route to(std::uint32_t number, std::string_view wildcard) const;

    std::deque<group_entry> groups_;
    numbers exact_;
    numbers ids_;
    numbers pattern_numbers_;
    std::vector<std::uint32_t> patterns_; ///< most characters first
    numbers alias_numbers_;
    std::vector<alias> aliases_;
};

/// Whether a model name is a pattern.
constexpr bool is_pattern(std::string_view model_name) noexcept
{
    return model_name.find('*') != std::string_view::npos;
}

/// What the last `*` of the pattern stands for in `name`; nothing when it does not match. With several stars the first
/// ones stand for as little as they can. Takes time of the order of both lengths multiplied.
std::optional<std::string_view> match_pattern(std::string_view pattern, std::string_view name) noexcept;

/// The pattern with `wildcard` in the place of its last `*`; any other text as it is.
std::string fill_pattern(std::string_view pattern, std::string_view wildcard);

} // namespace cogate::policy
