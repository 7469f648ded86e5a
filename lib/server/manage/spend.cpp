#include "lib/server/manage/families.hpp"
#include "lib/server/manage/spend_handlers.hpp"

#include <array>

namespace cogate::server::manage {

std::span<managed_route const> spend_routes() noexcept
{
    using ledger::route_class;
    static constexpr std::array all{
        managed_route{"GET", "/spend/logs", route_class::self_service, &spend_logs},
        managed_route{"GET", "/spend/logs/v2", route_class::self_service, &spend_logs_paged},
        managed_route{"GET", "/spend/logs/ui", route_class::self_service, &spend_logs_paged},
        managed_route{"GET", "/spend/keys", route_class::self_service, &spend_keys},
        managed_route{"GET", "/spend/users", route_class::self_service, &spend_users},
        managed_route{"GET", "/spend/tags", route_class::self_service, &spend_tags},
        managed_route{"GET", "/global/spend", route_class::admin_read, &global_spend},
        managed_route{"GET", "/global/spend/logs", route_class::self_service, &global_spend_logs},
        managed_route{"GET", "/global/spend/keys", route_class::self_service, &global_spend_keys},
        managed_route{"GET", "/global/spend/teams", route_class::admin_read, &global_spend_teams},
        managed_route{"GET", "/global/spend/end_users", route_class::self_service, &global_spend_end_users},
        managed_route{"POST", "/global/spend/end_users", route_class::self_service, &global_spend_end_users,
                      false},
        managed_route{"GET", "/global/spend/models", route_class::self_service, &global_spend_models},
        managed_route{"GET", "/global/spend/provider", route_class::self_service, &global_spend_provider},
        managed_route{"GET", "/global/spend/tags", route_class::self_service, &global_spend_tags},
        managed_route{"GET", "/global/spend/all_tag_names", route_class::self_service, &all_tag_names},
        managed_route{"GET", "/global/spend/report", route_class::admin_read, &global_spend_report},
    };
    return all;
}

} // namespace cogate::server::manage
