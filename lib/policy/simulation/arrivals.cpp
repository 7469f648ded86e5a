#include "lib/policy/simulation/input.hpp"
#include "lib/policy/simulation/luck.hpp"

#include <algorithm>
#include <cmath>

namespace cogate::policy::simulation {

namespace {

std::uint32_t draw(sizes const& from, luck& chance)
{
    double const size = from.median * std::exp(from.sigma * chance.normal());
    return static_cast<std::uint32_t>(
        std::clamp(size, static_cast<double>(from.least), static_cast<double>(from.most)));
}

} // namespace

std::vector<call> open_loop(std::string const& group, double per_second, duration length, sizes const& prompt,
                            sizes const& completion, std::uint64_t seed, bool stream)
{
    luck chance(seed);
    std::vector<call> calls;
    double now = 0;
    for (;;) {
        now += chance.waiting() * 1e9 / per_second;
        duration const at{static_cast<std::int64_t>(now)};
        if (at >= length) {
            return calls;
        }
        call next;
        next.at = at;
        next.group = group;
        next.prompt_tokens = draw(prompt, chance);
        next.completion_tokens = draw(completion, chance);
        next.affinity = chance.bits();
        next.stream = stream;
        calls.push_back(std::move(next));
    }
}

} // namespace cogate::policy::simulation
