#include "lib/policy/strategies/simple_shuffle.hpp"

#include "lib/policy/strategies/chance.hpp"

#include <algorithm>
#include <array>

namespace cogate::policy {
namespace {

using measure = double (*)(lane_limits const&) noexcept;

double by_weight(lane_limits const& of) noexcept
{
    return of.weight;
}
double by_rpm(lane_limits const& of) noexcept
{
    return static_cast<double>(of.rpm.value_or(0));
}
double by_tpm(lane_limits const& of) noexcept
{
    return static_cast<double>(of.tpm.value_or(0));
}

struct given {
    measure by = nullptr;
    double sum = 0;
    std::size_t count = 0;

    void add(lane_limits const& of) noexcept
    {
        double const own = by(of);
        if (own > 0) {
            sum += own;
            ++count;
        }
    }
};

chosen weighted(choice const& from, given const& of) noexcept
{
    double const mean = of.sum / static_cast<double>(of.count);
    double const total = mean * static_cast<double>(from.lanes.size());
    double left = unit_interval(nth_random(from.random, 0)) * total;
    std::size_t at = 0;
    for (;; ++at) {
        double const own = of.by(from.lanes[at]->limits());
        double const counted = own > 0 ? own : mean;
        // Rounding may leave a crumb behind the last one.
        if (left < counted || at + 1 == from.lanes.size()) {
            return {at, counted / total};
        }
        left -= counted;
    }
}

} // namespace

chosen simple_shuffle::choose(choice const& from) const noexcept
{
    std::array<given, 3> measures{{{&by_weight}, {&by_rpm}, {&by_tpm}}};
    for (lane const* each : from.lanes) {
        lane_limits const& of = each->limits();
        for (given& one : measures) {
            one.add(of);
        }
    }
    for (given const& one : measures) {
        if (one.count != 0) {
            return weighted(from, one);
        }
    }
    return {below(nth_random(from.random, 0), from.lanes.size()), 1 / static_cast<double>(from.lanes.size())};
}

bool simple_shuffle::weigh(std::span<lane const* const> lanes, std::span<double> out) const noexcept
{
    for (measure const by : {&by_weight, &by_rpm, &by_tpm}) {
        given all{by};
        for (lane const* each : lanes) {
            all.add(each->limits());
        }
        if (all.count == 0) {
            continue;
        }
        double const mean = all.sum / static_cast<double>(all.count);
        for (std::size_t i = 0; i != lanes.size(); ++i) {
            double const own = by(lanes[i]->limits());
            out[i] = own > 0 ? own : mean;
        }
        return true;
    }
    std::fill(out.begin(), out.end(), 1.0);
    return !lanes.empty();
}

} // namespace cogate::policy
