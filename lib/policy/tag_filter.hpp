#pragma once

#include "lib/policy/lane.hpp"
#include "lib/policy/types.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cogate::policy {

/// Which lanes of a group serve a request's tags, as LiteLLM's tag routing does:
///
/// - `tag` asks for it: any of them, or all; `&tag` must be there, `!tag` must not.
/// - A request that asks for a tag is served by the lanes that have it, and by those tagged "default" where none of
///   the former may serve. It never goes to other lanes.
/// - A request that asks for none, and requires none, is served by the lanes tagged "default"; by all if the group has
///   no such lane.
///
/// Immutable: any thread.
class tag_filter {
public:
    tag_filter() = default;
    /// Lanes are named by their place.
    explicit tag_filter(std::span<lane const* const> lanes);

    /// Sets of 64 lanes, one bit each.
    struct lane_set {
        std::uint64_t first = 0;
        std::uint64_t otherwise = 0;
    };
    /// Of the lanes 64 x `word` and following. Does not allocate.
    lane_set at(std::size_t word, std::span<std::string const> tags, bool match_any) const noexcept;

private:
    std::uint64_t with(std::string_view tag, std::size_t word) const noexcept;

    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::unordered_map<std::string, std::vector<std::uint64_t>, text_hash, std::equal_to<>> by_tag_;
    bool has_default_ = false;
};

} // namespace cogate::policy
