#include "lib/policy/simulation/simulator.hpp"

#include "lib/policy/simulation/driver.hpp"

#include <algorithm>
#include <memory>

namespace cogate::policy::simulation {

result<report> run(input const& what)
{
    std::shared_ptr<strategy const> const how =
        what.how ? what.how : make_strategy(what.options.strategy, what.options);
    if (!how) {
        return failure{error_kind::invalid_request,
                       "no strategy is called \"" + what.options.strategy + "\""};
    }
    for (call const& one : what.calls) {
        bool const served = std::any_of(what.lanes.begin(), what.lanes.end(),
                                        [&](scripted_lane const& lane) { return lane.group == one.group; });
        if (!served) {
            return failure{error_kind::not_found, "no lane serves \"" + one.group + "\""};
        }
    }
    return driver{what, how}.run();
}

} // namespace cogate::policy::simulation
