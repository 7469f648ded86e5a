#include "lib/policy/strategies/adaptive.hpp"

#include "lib/policy/strategies/chance.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace cogate::policy {
namespace {

constexpr double most_errors = 0.9;
constexpr double quota_knee = 0.25;
constexpr double most_quota_factor = 20;
constexpr double least_seconds = 1e-6;
constexpr double least_room = 16;      ///< attempts under way that double a lane's score
constexpr double room_per_usual = 1.5; ///< that many more for each that the lanes have under way on average
constexpr std::size_t one_in = 64;     ///< how often an idle lane is looked at again
constexpr double too_slow_to_try = 8;  ///< times the best one's score
constexpr std::size_t most_compared = 16;

struct view {
    std::size_t at = 0;
    double seconds = 0; ///< 0: unseen
    double pending = 0;
    double limit = 0; ///< 0: none
    double weight = 0;
    double worse = 1; ///< errors x quota
    bool fails = false;
};

/// Mean of those that are given.
class mean_of_given {
public:
    void add(double value) noexcept
    {
        if (value > 0) {
            sum_ += value;
            ++count_;
        }
    }
    double value_or(double otherwise) const noexcept
    {
        return count_ == 0 ? otherwise : sum_ / static_cast<double>(count_);
    }
    /// The value as a multiple of the mean; 1 for one that is not given.
    double share(double value) const noexcept { return value > 0 ? value / value_or(value) : 1; }

private:
    double sum_ = 0;
    std::size_t count_ = 0;
};

double errors_factor(double rate) noexcept
{
    double const good = 1 - std::clamp(rate, 0.0, most_errors);
    return 1 / (good * good * good);
}

double quota_factor(double left) noexcept
{
    return left >= quota_knee ? 1 : std::min(quota_knee / std::max(left, 1e-9), most_quota_factor);
}

view look(choice const& from, std::size_t place) noexcept
{
    lane const& at = *from.lanes[place];
    view seen;
    seen.at = place;
    if (!at.unknown()) {
        auto const predicted = std::chrono::duration<double>(at.predicted_total(from.request, from.now));
        seen.seconds = std::max(predicted.count(), least_seconds);
    }
    seen.pending = static_cast<double>(at.pending());
    seen.limit = static_cast<double>(at.concurrency_limit().value_or(0));
    seen.weight = at.limits().weight;
    double const errors = at.error_rate(from.now);
    seen.worse = errors_factor(errors) * quota_factor(at.quota_left(from.now));
    seen.fails = errors > 0;
    return seen;
}

/// The lanes that are compared, and what is usual among them.
class comparison {
public:
    explicit comparison(choice const& from) noexcept
    {
        std::size_t const n = from.lanes.size();
        if (n <= most_compared) {
            for (std::size_t i = 0; i != n; ++i) {
                add(look(from, i));
            }
            return;
        }
        std::size_t const first = below(nth_random(from.random, 0), n);
        std::size_t const second = below(nth_random(from.random, 1), n - 1);
        add(look(from, first));
        add(look(from, second + (second >= first ? 1 : 0)));
    }

    std::span<view const> lanes() const noexcept { return {lanes_.data(), count_}; }

    double score(view const& of) const noexcept
    {
        double const share = weight_.share(of.weight) * limit_.share(of.limit);
        if (of.seconds > 0) {
            double const usual = pending_ / static_cast<double>(count_);
            double const room = (least_room + room_per_usual * usual) * share;
            return of.seconds * (1 + of.pending / room) * of.worse;
        }
        if (of.pending <= 0 && !of.fails) {
            return 0;
        }
        return seconds_.value_or(1) * (1 + of.pending / share) * of.worse;
    }

private:
    void add(view const& one) noexcept
    {
        lanes_[count_++] = one;
        pending_ += one.pending;
        seconds_.add(one.seconds);
        weight_.add(one.weight);
        limit_.add(one.limit);
    }

    std::array<view, most_compared> lanes_;
    std::size_t count_ = 0;
    double pending_ = 0;
    mean_of_given seconds_;
    mean_of_given weight_;
    mean_of_given limit_;
};

} // namespace

chosen adaptive::choose(choice const& from) const noexcept
{
    comparison const among(from);
    auto const lanes = among.lanes();
    chosen best{lanes[0].at, among.score(lanes[0])};
    std::size_t equals = 1;
    for (view const& one : lanes.subspan(1)) {
        double const score = among.score(one);
        if (score < best.score) {
            best = {one.at, score};
            equals = 1;
        } else if (score == best.score) {
            ++equals;
            if (below(nth_random(from.random, 2 + one.at), equals) == 0) {
                best.at = one.at;
            }
        }
    }
    if (below(nth_random(from.random, 0x100), one_in) == 0) {
        view const& again = lanes[below(nth_random(from.random, 0x101), lanes.size())];
        double const score = among.score(again);
        if (again.pending <= 0 && score <= too_slow_to_try * best.score) {
            return {again.at, score};
        }
    }
    return best;
}

} // namespace cogate::policy
