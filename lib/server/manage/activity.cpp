#include "lib/server/manage/activity_handlers.hpp"
#include "lib/server/manage/families.hpp"

#include <array>

namespace cogate::server::manage {

std::span<managed_route const> activity_routes() noexcept
{
    using ledger::route_class;
    static constexpr std::array all{
        managed_route{"GET", "/user/daily/activity", route_class::self_service, &user_daily_activity},
        managed_route{"GET", "/user/daily/activity/aggregated", route_class::self_service,
                      &user_aggregated_activity},
        managed_route{"GET", "/team/daily/activity", route_class::self_service, &team_daily_activity},
        managed_route{"GET", "/tag/daily/activity", route_class::self_service, &tag_daily_activity},
        managed_route{"GET", "/global/activity", route_class::self_service, &global_activity},
        managed_route{"GET", "/global/activity/model", route_class::self_service, &global_activity_by_model},
        managed_route{"GET", "/global/activity/cache_hits", route_class::self_service,
                      &global_cache_activity},
    };
    return all;
}

} // namespace cogate::server::manage
