#include "lib/engine/call_report.hpp"

#include "lib/engine/call.hpp"

#include <iterator>
#include <utility>

namespace cogate::engine {

void call_report::add(call const& ended)
{
    bool const first = call_id.empty();
    if (first) {
        call_id = ended.facts().call_id;
        cost = ended.cost();
    } else {
        cost = cost && ended.cost() ? checked_add(*cost, *ended.cost()) : std::nullopt;
    }
    if (ended.started()) {
        deployment_id = ended.deployment().id;
    }
    retries += ended.retries();
    fallbacks += ended.fallbacks();
    upstream += ended.upstream_time();
    if (ended.explains()) {
        std::vector<attempt_trace> more = ended.trace();
        route.insert(route.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
}

} // namespace cogate::engine
