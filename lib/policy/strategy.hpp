#pragma once

#include "lib/policy/lane.hpp"
#include "lib/policy/types.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace cogate::policy {

/// What a strategy chooses from: at least one lane, all of which may take the request now.
struct choice {
    std::span<lane const* const> lanes;
    request_traits const& request;
    time_point now;
    std::uint64_t random; ///< 64 random bits
    /// Beside `lanes`: a number of each deployment that is the same in every process; empty: places stand for them.
    std::span<std::uint64_t const> keys{};
};

struct chosen {
    std::size_t at = 0; ///< place in `choice::lanes`
    double score = 0;   ///< what the strategy judged by; lower is better unless the strategy says otherwise
};

/// One way to choose among lanes. A pure function of its argument and the lanes' live counters; must not allocate.
/// Thread safety: called from all threads at once.
class strategy {
public:
    virtual ~strategy() = default;
    virtual std::string_view name() const noexcept = 0;
    virtual chosen choose(choice const& from) const noexcept = 0;
    /// How many lanes it looks at when those are drawn at random from all: it may then be given only so many.
    /// 0: it must see every lane.
    virtual std::size_t draws() const noexcept { return 0; }

    /// Scores every lane by itself, also such as may not serve now, into `out` (one for each of `from.lanes`): `choose`
    /// gives evenly one of the lanes whose score is at most the least one and the tolerance above it, as a share. The
    /// group then asks the best ones only whether they may serve. False: it does not choose in this way.
    virtual bool score(choice const& /*from*/, std::span<double> /*out*/) const noexcept { return false; }
    virtual double tolerance() const noexcept { return 0; }
    /// Whether scores say the same for ever: then they are asked for once.
    virtual bool scores_are_fixed() const noexcept { return false; }

    /// The chances of lanes that are drawn by nothing but fixed weights, into `out` (one for each of `lanes`, the sum
    /// above zero). Used where `score` gives false. False: it does not choose in this way.
    virtual bool weigh(std::span<lane const* const> /*lanes*/, std::span<double> /*out*/) const noexcept
    {
        return false;
    }
};

/// The built-in strategy of a name; nullptr when there is none. "usage-based-routing" is LiteLLM's first version of
/// "usage-based-routing-v2" and means the latter.
std::shared_ptr<strategy const> make_strategy(std::string_view name, router_options const& options);

/// The names, for messages.
std::span<std::string_view const> strategy_names() noexcept;

} // namespace cogate::policy
