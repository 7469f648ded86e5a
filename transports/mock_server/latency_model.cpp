#include "transports/mock_server/latency_model.hpp"

#include "lib/core/text.hpp"
#include "transports/polling/duration.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>
#include <vector>

namespace cogate::transports::mock {

namespace {

std::optional<double> parse_number(std::string_view text, double highest)
{
    double value = 0;
    const char* const end = text.data() + text.size();
    const std::from_chars_result read = std::from_chars(text.data(), end, value);
    if (read.ec != std::errc{} || read.ptr != end || !(value >= 0 && value <= highest)) {
        return std::nullopt;
    }
    return value;
}

} // namespace

std::chrono::nanoseconds latency_model::sample(std::mt19937_64& random) const
{
    constexpr double longest = 3600e9;
    switch (kind) {
    case shape::fixed: break;
    case shape::lognormal: {
        std::normal_distribution<double> deviation(0.0, sigma);
        const double drawn = static_cast<double>(base.count()) * std::exp(deviation(random));
        return std::chrono::nanoseconds(std::llround(std::min(drawn, longest)));
    }
    case shape::bimodal: {
        std::uniform_real_distribution<double> share(0.0, 1.0);
        if (share(random) < slow_share) {
            const double drawn = static_cast<double>(base.count()) * slow_factor;
            return std::chrono::nanoseconds(std::llround(std::min(drawn, longest)));
        }
        break;
    }
    }
    return base;
}

std::optional<latency_model> parse_latency_model(std::string_view text)
{
    latency_model model;
    const auto named = core::split_once(text, ':');
    if (!named) {
        const auto fixed = parse_duration(text);
        if (!fixed) {
            return std::nullopt;
        }
        model.base = *fixed;
        return model;
    }
    const std::vector<std::string_view> fields = core::split(named->second, ',');
    const auto base = parse_duration(fields[0]);
    if (!base) {
        return std::nullopt;
    }
    model.base = *base;
    if (named->first == "lognormal" && fields.size() == 2) {
        const auto sigma = parse_number(fields[1], 10);
        model.kind = latency_model::shape::lognormal;
        model.sigma = sigma.value_or(0);
        return sigma ? std::optional(model) : std::nullopt;
    }
    if (named->first == "bimodal" && fields.size() == 3) {
        const auto share = parse_number(fields[1], 1);
        const auto factor = parse_number(fields[2], 1e6);
        model.kind = latency_model::shape::bimodal;
        model.slow_share = share.value_or(0);
        model.slow_factor = factor.value_or(1);
        return share && factor ? std::optional(model) : std::nullopt;
    }
    return std::nullopt;
}

} // namespace cogate::transports::mock
