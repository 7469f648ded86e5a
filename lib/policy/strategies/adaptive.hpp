#pragma once

#include "lib/policy/strategy.hpp"

namespace cogate::policy {

/// The best of all lanes, or beyond sixteen the better of two different ones drawn at random (Mitzenmacher, 2001),
/// judged by
///
///     predicted seconds of this request x (1 + pending / room) x errors x quota
///
/// that is peak-EWMA (Finagle) over a prediction that knows the prompt's size, with a softer load: the prediction
/// follows a lane that slows down, so `pending` need only keep many calls at once from one lane. `room` is
/// 16 + 1.5 x the mean of the lanes' pending: at any rate of calls a faster lane keeps more of them, within bounds
/// (found by simulation: test/lib/policy/simulation_strategies.cpp). It is wider by the lane's `weight` and
/// concurrency limit over their means; a lane without one has the mean. `errors` is (1 - error rate)^-3; `quota` grows
/// from 1 to 20 as the last quarter of the quota goes. An unseen lane gets one request and then counts as the seen
/// ones' mean x (1 + pending) until the answer comes. One decision in 64 goes to a lane drawn at random if that is
/// idle and its score at most eight times the best, so that old predictions do not stand for ever. The score is the
/// number above; lower is better.
class adaptive final : public strategy {
public:
    std::string_view name() const noexcept override { return "adaptive"; }
    chosen choose(choice const& from) const noexcept override;
    std::size_t draws() const noexcept override { return 2; }
};

} // namespace cogate::policy
