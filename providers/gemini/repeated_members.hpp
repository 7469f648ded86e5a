#pragma once

#include <cogate/raw_json.hpp>

#include "lib/core/hash.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cogate::providers::gemini {

/// Members that Google repeats unchanged from event to event come out once.
class repeated_members {
public:
    void pass(extra_fields const& from, extra_fields& to)
    {
        for (auto const& [key, value] : from) {
            const std::uint64_t hash = core::hash64(value.text);
            const auto at = std::find_if(sent_.begin(), sent_.end(),
                                         [&key = key](auto const& s) { return s.first == key; });
            if (at != sent_.end() && at->second == hash) {
                continue;
            }
            if (at != sent_.end()) {
                at->second = hash;
            } else if (sent_.size() < most_tracked) {
                sent_.emplace_back(key, hash);
            }
            to.set(key, value);
        }
    }

private:
    // A provider that counts up without end must not grow our memory.
    static constexpr std::size_t most_tracked = 1024;

    std::vector<std::pair<std::string, std::uint64_t>> sent_;
};

} // namespace cogate::providers::gemini
