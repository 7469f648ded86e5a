#pragma once
/// What the writer of a stream holds back of each candidate.

#include <cogate/chat.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cogate::providers::gemini {

struct pending_call {
    std::int64_t index;
    tool_call call;
};
struct candidate_state {
    std::int64_t index = 0;
    bool in_thought = false;
    std::string thought{}; ///< not asked for, but goes out if it turns out to be signed
    bool finished = false;
    std::vector<pending_call> calls{}; ///< Google's calls come whole
    finish_reason finish = finish_reason::none;
    std::string native{};
    extra_fields extra{};
};

/// Not thread-safe.
class stream_candidates {
public:
    /// The candidate of this index, made at need; nullptr if there are too many.
    candidate_state* at(std::int64_t index);
    /// Takes pieces of calls in; false when all that is held back is too long.
    bool collect(candidate_state& state, std::vector<tool_call_delta> const& pieces);

    auto begin() noexcept { return all_.begin(); }
    auto end() noexcept { return all_.end(); }

private:
    std::size_t held_back_ = 0; ///< bytes of the calls' arguments
    std::vector<candidate_state> all_;
};

} // namespace cogate::providers::gemini
