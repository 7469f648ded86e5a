#include "providers/gemini/stream_candidates.hpp"

#include <algorithm>

namespace cogate::providers::gemini {

namespace {

// A provider that goes on without end must not grow our memory.
constexpr std::size_t most_candidates = 256;
constexpr std::size_t most_calls = 4096;
constexpr std::size_t longest_calls = std::size_t{64} << 20;

} // namespace

candidate_state* stream_candidates::at(std::int64_t index)
{
    for (candidate_state& state : all_) {
        if (state.index == index) {
            return &state;
        }
    }
    if (all_.size() >= most_candidates) {
        return nullptr;
    }
    all_.push_back(candidate_state{.index = index});
    return &all_.back();
}

bool stream_candidates::collect(candidate_state& state, std::vector<tool_call_delta> const& pieces)
{
    for (tool_call_delta const& piece : pieces) {
        auto at = std::find_if(state.calls.rbegin(), state.calls.rend(),
                               [&](pending_call const& p) { return p.index == piece.index; });
        if (at == state.calls.rend()) {
            if (state.calls.size() >= most_calls) {
                return true;
            }
            state.calls.push_back({piece.index, {}});
            at = state.calls.rbegin();
        }
        tool_call& call = at->call;
        call.id = call.id.empty() ? piece.id : call.id;
        call.name = call.name.empty() ? piece.name : call.name;
        call.signature = piece.signature.empty() ? call.signature : piece.signature;
        call.arguments += piece.arguments;
        held_back_ += piece.arguments.size();
    }
    return held_back_ <= longest_calls;
}

} // namespace cogate::providers::gemini
