#include "lib/server/usage_wish.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/server/request_members.hpp"

#include <array>

namespace cogate::server {

result<usage_wish> take_usage_wish(std::string_view body)
{
    usage_wish out;
    std::array<json::member_query, 1> found{{{"usage"}}};
    json::scan_error error;
    if (!json::find_members(body, found, error) || !found[0].found || found[0].kind != json::kind::object) {
        return out;
    }
    std::string_view const object = found[0].value_in(body);
    std::array<json::member_query, 1> include{{{"include"}}};
    if (!json::find_members(object, include, error) || !include[0].found) {
        return out;
    }
    if (include[0].kind != json::kind::boolean) {
        return failure{error_kind::invalid_request, "'usage.include' must be true or false."}
            .with_code("invalid_value")
            .with_param("usage.include");
    }
    out.include = include[0].value_in(object) == "true";
    out.rest = without_members(body, {found[0]});
    return out;
}

} // namespace cogate::server
