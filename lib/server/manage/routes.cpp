#include "lib/server/manage/families.hpp"

#include <iterator>
#include <vector>

namespace cogate::server::manage {

std::span<managed_route const> managed_routes() noexcept
{
    static std::vector<managed_route> const all = [] {
        std::vector<managed_route> out;
        for (auto const family : {key_routes(), user_routes(), team_routes(), organisation_routes(),
                                  customer_routes(), budget_routes(), tag_routes()}) {
            out.insert(out.end(), family.begin(), family.end());
        }
        for (auto const family : {spend_routes(), activity_routes()}) {
            for (managed_route way : family) {
                way.is_report = true;
                out.push_back(way);
            }
        }
        return out;
    }();
    return all;
}

} // namespace cogate::server::manage
